extension LatencyState: StoredState {
    package static var kind: StateKind { .latency }
    /// About 3.7 KB for each bound, and 1 KB.
    package var room: Int { 4_000 * (tested.count + 1) }

    package func write(to writer: inout StateWriter) {
        rule.counts.write(to: &writer)
        writer.write(rule.objective != nil)
        if let objective = rule.objective { writer.write(objective) }
        writer.write(units)
        writer.write(hasChosen)
        writer.write(tested.count)
        for tested in tested {
            writer.write(tested.bound)
            writer.write(tested.isObjective)
            writer.write(tested.learned.count)
            writer.write(tested.learned)
            tested.state.write(to: &writer)
        }
        writer.write(waiting.count)
        for unit in waiting { Self.write(unit, to: &writer) }
        // Where the first form may have a unit, of which nothing is made any more.
        Self.write(nil, to: &writer)
    }

    package init(from reader: inout StateReader) throws(SequentialStateError) {
        let counts = try CountsRule(from: &reader)
        var objective: Double?
        if try reader.flag("the objective") {
            objective = try reader.number("the objective")
            guard let objective, objective > 0 else { throw .impossible("the objective") }
        }
        self.init(LatencyRule(counts: counts, objective: objective))
        units = try reader.count("units")
        hasChosen = try reader.flag("the choice of bounds")
        let bounds = try reader.count("bounds", upTo: LatencyBounds.targets.count + 1)
        tested.reserveCapacity(bounds)
        for _ in 0..<bounds {
            tested.append(try Tested(from: &reader, counts))
        }
        for _ in 0..<(try reader.count("waiting units", upTo: Self.largestWaiting)) {
            waiting.append(try Self.unit(from: &reader))
        }
        guard waiting.isEmpty || !hasChosen, tested.isEmpty || hasChosen, waiting.count <= units else {
            throw .impossible("the choice of bounds")
        }
        _ = try Self.unit(from: &reader)
    }

    private static func write(_ unit: Unit?, to writer: inout StateWriter) {
        writer.write(unit != nil)
        unit?.experiment.write(to: &writer)
        unit?.control.write(to: &writer)
    }

    private static func unit(from reader: inout StateReader) throws(SequentialStateError) -> Unit? {
        guard try reader.flag("a unit") else { return nil }
        return Unit(experiment: try HistogramCounts(from: &reader), control: try HistogramCounts(from: &reader))
    }
}

extension LatencyState.Tested {
    init(from reader: inout StateReader, _ counts: CountsRule) throws(SequentialStateError) {
        bound = try reader.number("a bound")
        isObjective = try reader.flag("the objective")
        learned = try reader.numbers(try reader.count("noise scales", upTo: LearnedNoise.scales.count), "noise")
        guard learned.allSatisfy({ $0 >= 0 && $0 <= 1e30 }) else { throw .impossible("noise") }
        state = try CountsState(from: &reader)
        guard state.rule == counts else { throw .impossible("the rule") }
    }
}

extension HistogramCounts {
    func write(to writer: inout StateWriter) {
        writer.write(bounds.count)
        writer.write(bounds)
        writer.write(cumulative)
        writer.write(total)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let size = try reader.count("bounds", upTo: Self.largestBoundCount)
        let bounds = try reader.numbers(size, "a bound")
        guard zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }) else { throw .impossible("the order of bounds") }
        let cumulative = try reader.numbers(size, "requests")
        guard cumulative.first ?? 0 >= 0, zip(cumulative, cumulative.dropFirst()).allSatisfy({ $0 <= $1 }) else {
            throw .impossible("requests")
        }
        let total = try reader.amount("requests")
        guard total >= cumulative.last ?? 0 else { throw .impossible("requests") }
        self.init(unchecked: bounds, cumulative, total: total)
    }
}
