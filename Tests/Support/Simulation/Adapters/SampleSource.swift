import Analysis
import Engine
import SeededRandom

/// What the metrics back end would answer: a pure function of seed, query and instant.
struct SampleSource: Sendable {
    let seed: UInt64
    /// Since when versions are worse than what they replace, by the part of the query with version and application.
    let failing: [String: Timestamp]
    /// Samples show up this long after their instant.
    let lateness: Duration
    /// Whether some samples for judges that keep states come later than that: behind a look that should have had them.
    let hasLateSamples: Bool

    /// Upper bounds of the histograms, and the share of requests that are slower.
    static let bounds = [0.1, 0.3, 1, .infinity]
    private static let slowerShares = [0.4, 0.08, 0.01, 0]

    /// What a query is about, by its name.
    private enum Kind: String {
        case metric
        case gauge
        /// Values that swing slowly, on each side alone.
        case wandering
        case past
        case errors
        case requests
        case buckets
    }

    func answer(_ query: String, in window: TimeWindow, step: Duration, at now: Timestamp) -> BackEndAnswer {
        guard kind(of: query) == .buckets else {
            return BackEndAnswer(series: [values(of: query, in: window, step: step, at: now)])
        }
        return BackEndAnswer(
            series: Self.bounds.indices.map { values(of: query, bound: $0, in: window, step: step, at: now) },
            bounds: Self.bounds
        )
    }

    /// The series of a query, or that of a histogram's bound.
    func values(
        of query: String,
        bound: Int = 0,
        in window: TimeWindow,
        step: Duration,
        at now: Timestamp
    ) -> [Double] {
        let kind = kind(of: query)
        let worseFrom = worseFrom(query)
        var hash = seed
        for byte in query.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        var instant = window.start
        return (0..<window.sampleCount(step: step)).map { _ in
            instant = instant + step
            let isLate = kind != .metric && isLate(instant, step: step)
            guard instant + lateness + (isLate ? step * 3 / 2 : .zero) <= now else { return .nan }
            let number = instant.milliseconds / (kind == .wandering ? max(1, step.milliseconds * 4) : 1)
            let noise = SeededGenerator.mix(hash &+ UInt64(bitPattern: number)) % 1000
            let isWorse = worseFrom.map { kind != .past || instant > $0 } ?? false
            return value(kind, noise: noise, isWorse: isWorse, bound: bound)
        }
    }

    /// Never two in a row, so that the newest but one can be missing, and no more.
    func isLate(_ instant: Timestamp, step: Duration) -> Bool {
        let number = instant.milliseconds / max(1, step.milliseconds)
        return hasLateSamples && number.isMultiple(of: 2)
            && SeededGenerator.mix(seed ^ UInt64(bitPattern: instant.milliseconds)).isMultiple(of: 6)
    }

    private func value(_ kind: Kind, noise: UInt64, isWorse: Bool, bound: Int) -> Double {
        let factor = isWorse ? 2.0 : 1
        switch kind {
        case .metric, .gauge, .past: return 100 * factor + Double(noise) / 100
        case .wandering: return 100 * factor + Double(noise) / 20
        case .errors: return 40 * factor + Double(noise % 9)
        case .requests: return Double(2000 + noise % 200)
        case .buckets:
            let total = Double(2000 + noise % 200)
            return total - (total * Self.slowerShares[bound] * factor).rounded()
        }
    }

    private func kind(of query: String) -> Kind {
        Kind(rawValue: String(query.prefix { $0 != "_" })) ?? .metric
    }

    /// The experiment of a version that fails is twice as bad as its control.
    private func worseFrom(_ query: String) -> Timestamp? {
        guard query.contains("canary") else { return nil }
        return failing.first { query.contains($0.key) }?.value
    }
}
