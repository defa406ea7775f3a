extension BeforeAfterState: StoredState {
    package static var kind: StateKind { .beforeAfter }
    /// 8 bytes for each step, and less than 1 KB.
    package var room: Int { 700 + 8 * values.count }

    package func write(to writer: inout StateWriter) {
        rule.write(to: &writer)
        writer.write(windows)
        writer.write(optional: logReference)
        for thresholds in thresholds {
            // There is no infinity in what is stored.
            for threshold in thresholds { writer.write(optional: threshold.isFinite ? threshold : nil) }
        }
        writer.write(steps)
        writer.write(missing)
        writer.write(refused)
        writer.write(values.count)
        writer.write(values)
        for streak in streaks { writer.write(streak) }
        writer.write(outcome.rawValue)
        writer.write(look != nil)
        if let look {
            writer.write(look.step)
            writer.write(look.logRatio)
        }
    }

    package init(from reader: inout StateReader) throws(SequentialStateError) {
        self.init(try BeforeAfterRule(from: &reader), reference: [], earlier: [])
        windows = try reader.count("earlier windows", upTo: BeforeAfterRule.largestWindows)
        logReference = try reader.optional("the median before")
        for side in thresholds.indices {
            for index in thresholds[side].indices {
                thresholds[side][index] = try reader.optional("a threshold") ?? .infinity
            }
        }
        steps = try reader.count("steps", upTo: rule.plannedSteps)
        missing = try reader.count("missing steps", upTo: steps)
        refused = try reader.count("refused steps", upTo: steps - missing)
        let count = try reader.count("values", upTo: steps - missing - refused)
        values = try reader.numbers(count, "a value")
        var isAscending = true
        for index in values.indices.dropFirst() { isAscending = values[index - 1] <= values[index] && isAscending }
        guard isAscending else { throw .impossible("the order of values") }
        for side in streaks.indices { streaks[side] = try reader.count("looks in a row", upTo: rule.looks.count) }
        guard let outcome = Outcome(rawValue: try reader.byte()) else { throw .impossible("the outcome") }
        self.outcome = outcome
        if try reader.flag("the look") {
            let step = try reader.count("the step of a look", upTo: steps)
            let logRatio = try reader.number("a ratio")
            guard let index = rule.looks.firstIndex(of: step) else {
                throw .impossible("the step of a look")
            }
            look = Look(step: step, logRatio: logRatio, index, of: self)
        }
    }
}

extension BeforeAfterRule {
    func write(to writer: inout StateWriter) {
        direction.write(to: &writer)
        writer.write(margin)
        writer.write(offset)
        writer.write(plannedSteps)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let direction = try Direction(from: &reader)
        let margin = try reader.number("the margin")
        let offset = try reader.number("the offset")
        let planned = try reader.count("planned steps", upTo: Self.largestSteps)
        do {
            try self.init(direction: direction, margin: margin, offset: offset, plannedSteps: planned)
        } catch {
            throw .impossible("the rule")
        }
    }
}
