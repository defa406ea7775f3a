extension GaugeState: StoredState {
    package static var kind: StateKind { .gauge }
    /// 1.4 KB, or 2 KB where both directions are harm.
    package var room: Int { 2_100 }

    package func write(to writer: inout StateWriter) {
        rule.write(to: &writer)
        writer.write(steps)
        writer.write(folded)
        writer.write(oneSided)
        writer.write(refused)
        ratios.write(to: &writer)
        for side in sides { side.write(to: &writer) }
    }

    package init(from reader: inout StateReader) throws(SequentialStateError) {
        self.init(try GaugeRule(from: &reader))
        steps = try reader.count("steps")
        folded = try reader.count("folded steps", upTo: steps)
        oneSided = try reader.count("one-sided steps", upTo: steps - folded)
        refused = try reader.count("refused steps", upTo: steps - folded - oneSided)
        ratios = try RatioHistogram(from: &reader, upTo: folded)
        for side in sides.indices { try sides[side].read(from: &reader, upTo: folded) }
    }
}

extension GaugeRule {
    func write(to writer: inout StateWriter) {
        direction.write(to: &writer)
        writer.write(comparison.rawValue)
        writer.write(nullRatio)
        writer.write(gateRatio)
        writer.write(offset)
        writer.write(absoluteFloor)
        // What the first form has here was always 0.
        writer.write(0.0)
        writer.write(starts.planned)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let direction = try Direction(from: &reader)
        guard let comparison = Comparison(rawValue: try reader.byte()) else { throw .impossible("the comparison") }
        let nullRatio = try reader.number("the null ratio")
        let gateRatio = try reader.number("the gate")
        let offset = try reader.number("the offset")
        let absoluteFloor = try reader.number("the absolute floor")
        guard try reader.number("the rule").bitPattern == 0 else { throw .impossible("the rule") }
        let planned = try reader.count("planned steps")
        do {
            try self.init(
                direction: direction,
                comparison: comparison,
                nullRatio: nullRatio,
                gateRatio: gateRatio,
                offset: offset,
                absoluteFloor: absoluteFloor,
                plannedSteps: planned
            )
        } catch {
            throw .impossible("the rule")
        }
    }
}

extension GaugeSide {
    func write(to writer: inout StateWriter) {
        for run in runs {
            run.median.write(to: &writer)
            run.dispersion.write(to: &writer)
            run.tail.write(to: &writer)
            writer.write(run.steps)
            writer.write(run.stepsBeyondGate)
            writer.write(run.distances)
        }
        harmless.write(to: &writer)
        harmlessDispersion.write(to: &writer)
    }

    mutating func read(from reader: inout StateReader, upTo limit: Int) throws(SequentialStateError) {
        for run in runs.indices {
            runs[run].median = try VoteEngine(from: &reader, upTo: limit)
            runs[run].dispersion = try VoteDispersion(from: &reader, upTo: limit)
            runs[run].tail = try VoteEngine(from: &reader, upTo: limit)
            runs[run].steps = try reader.count("steps of a run", upTo: limit)
            runs[run].stepsBeyondGate = try reader.count("steps beyond the gate", upTo: runs[run].steps)
            runs[run].distances = try reader.amount("a sum of distances")
        }
        harmless = try VoteEngine(from: &reader, upTo: limit)
        harmlessDispersion = try VoteDispersion(from: &reader, upTo: limit)
    }
}
