extension CountsState: StoredState {
    package static var kind: StateKind { .counts }
    /// 3.7 KB.
    package var room: Int { 3_900 }

    package func write(to writer: inout StateWriter) {
        rule.write(to: &writer)
        writer.write(units)
        writer.write(folded)
        writer.write(oneSided)
        writer.write(refused)
        writer.write(totals.experimentEvents)
        writer.write(totals.controlEvents)
        writer.write(totals.experimentExposure)
        writer.write(totals.controlExposure)
        engine.write(to: &writer)
        for dispersion in dispersions { dispersion.write(to: &writer) }
    }

    package init(from reader: inout StateReader) throws(SequentialStateError) {
        let rule = try CountsRule(from: &reader)
        let units = try reader.count("units")
        let folded = try reader.count("folded", upTo: units)
        let oneSided = try reader.count("one-sided units", upTo: units - folded)
        let refused = try reader.count("refused units", upTo: units - folded - oneSided)
        let totals = CountsUnit(
            experimentEvents: try reader.amount("events"),
            controlEvents: try reader.amount("events"),
            experimentExposure: try reader.amount("exposure"),
            controlExposure: try reader.amount("exposure")
        )
        let engine = try LikelihoodRatioEngine(from: &reader, rule.fail, rule.pass, runs: RunStarts.count)
        var dispersions: [CountDispersion] = []
        dispersions.reserveCapacity(RunStarts.count)
        for _ in 0..<RunStarts.count { dispersions.append(try CountDispersion(from: &reader, upTo: folded)) }
        self.init(rule, engine: engine, dispersions: dispersions)
        self.units = units
        self.folded = folded
        self.oneSided = oneSided
        self.refused = refused
        self.totals = totals
    }
}

extension CountsRule {
    func write(to writer: inout StateWriter) {
        writer.write(failRatio)
        writer.write(passRatio)
        fail.prior.write(to: &writer)
        starts.write(to: &writer)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let failRatio = try reader.number("failing ratio")
        let passRatio = try reader.number("passing ratio")
        let prior = try RatioPrior(from: &reader)
        let (planned, weights) = try RunStarts.parts(from: &reader)
        do {
            try self.init(
                failRatio: failRatio,
                passRatio: passRatio,
                prior: prior,
                plannedUnits: planned,
                runWeights: weights
            )
        } catch {
            throw .impossible("the rule")
        }
    }
}
