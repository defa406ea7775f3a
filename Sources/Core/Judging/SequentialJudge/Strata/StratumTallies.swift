import Text

/// The strata of a metric of counts: routes, zones, callers. Each is compared within itself.
///
/// A stratum's piece of time ends with the unit, or later, when both sides have had requests in it: what one side alone has
/// waits. At most 32 strata are told apart; those with most requests before the release, then those that come. All others, and
/// what has no name, are one more.
struct StratumTallies: Sendable, Equatable {
    struct Stratum: Sendable, Equatable {
        let name: String
        /// What has been compared.
        var compared = CountsUnit.none
        /// What has not, yet.
        var open = CountsUnit.none
    }

    /// In the order in which they came; the first has no name and is the rest.
    private(set) var strata = [Stratum(name: "")]

    /// What the experiment alone had had at the end of the last unit: nothing is compared with it, as yet.
    private(set) var uncompared = ExposureTotals(events: 0, requests: 0)

    static let largestCount = 32
    private static let longestName = 128
    /// Strata that the history may take up: the others are for new ones.
    private static let largestHistory = 24

    init() {}

    /// - Parameter history: the control before the release.
    init(history: CountColumn?) {
        let known = (history?.groups ?? []).map { group in
            (name: group.name, requests: group.requests.reduce(0.0) { $1 >= 0 ? $0 + min($1, 1e15) : $0 })
        }
        let busiest = known.filter { $0.requests > 0 && Self.isName($0.name) }.sorted {
            $0.requests == $1.requests ? $0.name < $1.name : $0.requests > $1.requests
        }
        strata += busiest.prefix(Self.largestHistory).map { Stratum(name: $0.name) }
    }

    static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= longestName && !name.holdsUnprintable
    }

    /// Takes in a step of which both sides have counts.
    mutating func fold(_ step: Int, control: CountColumn, experiment: CountColumn) {
        add(step, control) { CountsUnit(control: $0) }
        add(step, experiment) { CountsUnit(experiment: $0) }
    }

    private mutating func add(_ step: Int, _ column: CountColumn, _ unit: (ExposureTotals) -> CountsUnit) {
        var rest = ExposureTotals(
            events: Self.count(column.events, step),
            requests: Self.count(column.requests, step)
        )
        for group in column.groups {
            guard let counts = group.counts(at: step) else { continue }
            rest.events -= counts.events
            rest.requests -= counts.requests
            let totals = ExposureTotals(events: counts.events, requests: counts.requests)
            strata[index(of: group.name)].open.add(unit(totals))
        }
        // Rounding leaves something where all of it is in groups.
        let least = 1e-9 * (1 + Self.count(column.requests, step))
        guard rest.requests > least else { return }
        strata[0].open.add(unit(ExposureTotals(events: max(0, rest.events), requests: rest.requests)))
    }

    private static func count(_ values: [Double], _ step: Int) -> Double {
        let value = CountsComparison.value(values, step)
        return OpenUnit.isCount(value) ? value : 0
    }

    private mutating func index(of name: String) -> Int {
        if let known = strata.firstIndex(where: { $0.name == name }) { return known }
        guard Self.isName(name), strata.count <= Self.largestCount else { return 0 }
        strata.append(Stratum(name: name))
        return strata.count - 1
    }

    /// Ends the unit: the pieces in which both sides have had requests, which are compared now.
    mutating func close() -> [CountsUnit] {
        var pieces: [CountsUnit] = []
        for index in strata.indices where strata[index].open.share != nil {
            pieces.append(strata[index].open)
            strata[index].compared.add(strata[index].open)
            strata[index].open = .none
        }
        let left = strata.reduce(CountsUnit.none) { $0 + $1.open }
        uncompared = ExposureTotals(events: left.experimentEvents, requests: left.experimentExposure)
        return pieces
    }

    // MARK: - What they show

    /// Events for each request that the experiment has more than the control would have with the experiment's traffic.
    var rateDifference: Double {
        let compared = strata.map(\.compared).filter { $0.controlExposure > 0 }
        let requests = compared.reduce(0) { $0 + $1.experimentExposure }
        guard requests > 0 else { return 0 }
        let more = compared.reduce(0) {
            $0 + $1.experimentEvents - $1.experimentExposure * $1.controlEvents / $1.controlExposure
        }
        return more / requests
    }

    /// - Parameter ratio: of all strata together, as each shows it within itself.
    func evidence(label: String, ratio: RatioEstimate?, isDecrease: Bool) -> StrataEvidence {
        let all = strata.reduce(CountsUnit.none) { $0 + $1.compared }
        return StrataEvidence(
            label: label,
            count: strata.count { $0.compared.share != nil },
            strongest: ratio.flatMap { strongest($0.estimate, isDecrease: isDecrease) },
            pooledRatio: all.plainRatio,
            uncompared: uncompared,
            withUncompared: ExposureTotals(
                events: all.experimentEvents + uncompared.events,
                requests: all.experimentExposure + uncompared.requests
            )
        )
    }

    /// The stratum with the largest part of the log likelihood of a ratio against none.
    private func strongest(_ ratio: Double, isDecrease: Bool) -> StratumEvidence? {
        guard ratio > 0, isDecrease ? ratio < 1 : ratio > 1 else { return nil }
        let parts = strata.map { stratum -> Double in
            guard let share = stratum.compared.share else { return 0 }
            let events = stratum.compared.experimentEvents
            let total = events + stratum.compared.controlEvents
            let part = Elementary.log(ratio) * events - total * Elementary.log1p(share * (ratio - 1))
            return part.isFinite ? max(0, part) : 0
        }
        let sum = parts.reduce(0, +)
        guard let best = parts.indices.max(by: { parts[$0] < parts[$1] }), parts[best] > 0, sum > 0 else { return nil }
        let stratum = strata[best]
        return StratumEvidence(
            name: stratum.name,
            part: parts[best] / sum,
            ratio: stratum.compared.plainRatio,
            control: ExposureTotals(
                events: stratum.compared.controlEvents,
                requests: stratum.compared.controlExposure
            ),
            experiment: ExposureTotals(
                events: stratum.compared.experimentEvents,
                requests: stratum.compared.experimentExposure
            )
        )
    }
}

extension CountsUnit {
    static let none = CountsUnit(experimentEvents: 0, controlEvents: 0, experimentExposure: 0, controlExposure: 0)

    fileprivate init(control: ExposureTotals) {
        self.init(
            experimentEvents: 0,
            controlEvents: control.events,
            experimentExposure: 0,
            controlExposure: control.requests
        )
    }

    fileprivate init(experiment: ExposureTotals) {
        self.init(
            experimentEvents: experiment.events,
            controlEvents: 0,
            experimentExposure: experiment.requests,
            controlExposure: 0
        )
    }

    fileprivate mutating func add(_ other: CountsUnit) { self = self + other }

    /// The quotient of the rates; nil where the control has no events, or a side no requests.
    fileprivate var plainRatio: Double? {
        guard experimentExposure > 0, controlExposure > 0, controlEvents > 0 else { return nil }
        let ratio = experimentEvents / experimentExposure / (controlEvents / controlExposure)
        return ratio.isFinite ? ratio : nil
    }
}

extension StratumTallies {
    func write(to writer: inout StateWriter) {
        writer.write(uncompared.events)
        writer.write(uncompared.requests)
        writer.write(strata.count - 1)
        for (index, stratum) in strata.enumerated() {
            if index > 0 { writer.write(part: Array(stratum.name.utf8)) }
            stratum.compared.write(to: &writer)
            stratum.open.write(to: &writer)
        }
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        uncompared.events = try reader.amount("events")
        uncompared.requests = try reader.amount("requests")
        let count = try reader.count("strata", upTo: Self.largestCount)
        strata = []
        for index in 0...count {
            var name = ""
            if index > 0 {
                guard let bytes: [UInt8] = try reader.part("a stratum"),
                    let text = String(validating: bytes, as: UTF8.self), Self.isName(text),
                    !strata.contains(where: { $0.name == text })
                else { throw .impossible("a stratum") }
                name = text
            }
            let compared = try CountsUnit(from: &reader)
            strata.append(Stratum(name: name, compared: compared, open: try CountsUnit(from: &reader)))
        }
    }
}

extension CountsUnit {
    fileprivate func write(to writer: inout StateWriter) {
        writer.write(experimentEvents)
        writer.write(controlEvents)
        writer.write(experimentExposure)
        writer.write(controlExposure)
    }

    fileprivate init(from reader: inout StateReader) throws(SequentialStateError) {
        self.init(
            experimentEvents: try reader.amount("events"),
            controlEvents: try reader.amount("events"),
            experimentExposure: try reader.amount("requests"),
            controlExposure: try reader.amount("requests")
        )
    }
}
