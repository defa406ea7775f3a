extension LatencyState {
    /// The state as bytes: kind, form, then numbers little-endian. About 3.7 KB for each bound, and 1 KB.
    package var encoded: [UInt8] {
        var writer = StateWriter(.latency, room: 4_000 * (tested.count + 1))
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
            for variance in tested.learned { writer.write(variance) }
            tested.state.write(to: &writer)
        }
        writer.write(waiting.count)
        for unit in waiting { Self.write(unit, to: &writer) }
        Self.write(whole, to: &writer)
        return writer.bytes
    }

    /// Reads what `encoded` has written, in this version or an earlier one.
    ///
    /// - Throws: `SequentialStateError` for bytes that are no such state.
    package init(decoding bytes: [UInt8]) throws(SequentialStateError) {
        var reader = try StateReader(bytes, .latency)
        let counts = try CountsRule(from: &reader)
        var objective: Double?
        if try reader.flag("the objective") {
            objective = try reader.number("the objective")
            guard let objective, objective > 0 else { throw .impossible("the objective") }
        }
        self.init(LatencyRule(counts: counts, objective: objective))
        units = try reader.count("units")
        hasChosen = try reader.flag("the choice of bounds")
        for _ in 0..<(try reader.count("bounds", upTo: LatencyBounds.targets.count + 1)) {
            tested.append(try Tested(from: &reader, counts))
        }
        for _ in 0..<(try reader.count("waiting units", upTo: Self.largestWaiting)) {
            waiting.append(try Self.unit(from: &reader))
        }
        guard waiting.isEmpty || !hasChosen, tested.isEmpty || hasChosen, waiting.count <= units else {
            throw .impossible("the choice of bounds")
        }
        whole = try Self.unit(from: &reader)
        if let whole, whole.experiment.bounds != whole.control.bounds { throw .impossible("the bounds of the band") }
        try reader.end()
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
        learned = []
        for _ in 0..<(try reader.count("noise scales", upTo: LearnedNoise.scales.count)) {
            let variance = try reader.amount("noise")
            guard variance <= 1e30 else { throw .impossible("noise") }
            learned.append(variance)
        }
        state = try CountsState(from: &reader)
        guard state.rule == counts else { throw .impossible("the rule") }
    }
}

extension HistogramCounts {
    func write(to writer: inout StateWriter) {
        writer.write(bounds.count)
        for bound in bounds { writer.write(bound) }
        for count in cumulative { writer.write(count) }
        writer.write(total)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let size = try reader.count("bounds", upTo: Self.largestBoundCount)
        var bounds: [Double] = []
        for _ in 0..<size {
            let bound = try reader.number("a bound")
            guard bound > bounds.last ?? -.infinity else { throw .impossible("the order of bounds") }
            bounds.append(bound)
        }
        var cumulative: [Double] = []
        for _ in 0..<size {
            let count = try reader.amount("requests")
            guard count >= cumulative.last ?? 0 else { throw .impossible("requests") }
            cumulative.append(count)
        }
        let total = try reader.amount("requests")
        guard total >= cumulative.last ?? 0 else { throw .impossible("requests") }
        self.init(unchecked: bounds, cumulative, total: total)
    }
}
