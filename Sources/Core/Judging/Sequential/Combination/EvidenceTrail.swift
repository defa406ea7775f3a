/// Evidence over time, at up to 16 looks spread over all of it: how fast it grows, and so how much more is needed.
package struct EvidenceTrail: Sendable, Equatable {
    /// The evidence at one look.
    package struct Point: Sendable, Equatable {
        /// The units and the requests (or steps) until then.
        package let units: Int
        package let requests: Double
        package let logFail: Double
        package let logPass: Double

        package init(units: Int, requests: Double, logFail: Double, logPass: Double) {
            self.units = units
            self.requests = requests
            self.logFail = logFail
            self.logPass = logPass
        }
    }

    package static let largestCount = 16

    /// Ascending in units.
    package internal(set) var points: [Point] = []

    package init() {}

    /// Records a look. One with numbers that are none, or that has no new units, is passed over.
    package mutating func record(_ point: Point) {
        guard point.requests.isFinite, point.logFail.isFinite, point.logPass.isFinite, point.units >= 0,
            point.requests >= 0, point.requests <= 1e30, point.logFail.magnitude <= 1e30,
            point.logPass.magnitude <= 1e30, point.units > points.last?.units ?? -1
        else { return }
        if points.count >= Self.largestCount {
            // Every second one stays, and the last: what is needed is the middle, wherever it will be.
            points = points.indices.filter { !$0.isMultiple(of: 2) }.map { points[$0] }
        }
        points.append(point)
    }

    /// About how many more requests bring the evidence for harm to ln of what is needed, as it grew over the last half of
    /// the units; nil while it does not grow, 0 when it is there.
    package func requestsUntil(logFail needed: Double) -> Double? { requestsUntil(needed, \.logFail) }

    /// The same for the evidence against harm.
    package func requestsUntil(logPass needed: Double) -> Double? { requestsUntil(needed, \.logPass) }

    private func requestsUntil(_ needed: Double, _ evidence: (Point) -> Double) -> Double? {
        guard let now = points.last, !needed.isNaN else { return nil }
        let missing = needed - evidence(now)
        guard missing > 0 else { return 0 }
        guard let then = points.last(where: { $0.units <= now.units / 2 }) ?? points.first, then.units < now.units
        else {
            return nil
        }
        let slope = (evidence(now) - evidence(then)) / (now.requests - then.requests)
        guard slope > 0, slope.isFinite else { return nil }
        let requests = missing / slope
        return requests.isFinite ? requests : nil
    }
}
