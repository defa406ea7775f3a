extension MetricIncrement {
    /// Why most of its settled steps are compared with nothing, although there are samples, in a part of a sentence; nil where
    /// most are.
    var obstacle: String? {
        guard let control else { return nil }
        if case .histogram(let first) = control, case .histogram(let second) = experiment,
            let difference = Self.difference(first.bounds, second.bounds)
        {
            return difference
        }
        // A look that is tried again brings nothing new: what came last is looked at again.
        guard settled > 0 else {
            return Self.endlessness("control", controlBefore) ?? Self.endlessness("experiment", experimentBefore)
        }
        return Self.obstacle("control", control, settled) ?? Self.obstacle("experiment", experiment, settled)
    }

    private static func obstacle(_ side: String, _ column: Column, _ settled: Int) -> String? {
        let steps = 0..<min(settled, column.stepCount)
        func most(_ reason: String, _ isMeant: (Int) -> Bool) -> String? {
            let count = steps.count(where: isMeant)
            return 2 * count >= steps.count && count > 0 ? "\(reason) in \(count) of \(steps.count) steps" : nil
        }
        switch column {
        case .values: return nil
        case .counts(let counts):
            let untold = most("the \(side) tells no events") { step in
                !CountsComparison.value(counts.requests, step).isNaN
                    && CountsComparison.value(counts.events, step).isNaN
            }
            if let untold { return "\(untold): without … or vector(0) that is not known to be none" }
            return most("the \(side) has numbers that count nothing (below 0, or infinite)") { step in
                [counts.events, counts.requests].map { CountsComparison.value($0, step) }
                    .contains { !$0.isNaN && !OpenUnit.isCount($0) }
            }
        case .histogram(let buckets):
            return most(
                "the buckets of the \(side) make no histogram (one has no number, or fewer requests than one below)"
            ) {
                step in !buckets.total(at: step).isNaN && buckets.histogram(at: step) == nil
            }
        }
    }

    private static func endlessness(_ side: String, _ values: [Double]) -> String? {
        let count = values.count(where: \.isInfinite)
        guard count > 0, 2 * count >= values.count else { return nil }
        return "the \(side) is infinite in \(count) of the newest \(values.count) steps"
    }

    /// What only one of two histograms has; nil where one has no bounds, as a side without series.
    private static func difference(_ control: [Double], _ experiment: [Double]) -> String? {
        guard !control.isEmpty, !experiment.isEmpty, control != experiment else { return nil }
        func only(_ side: String, _ bounds: [Double], _ other: [Double]) -> String? {
            let own = Set(bounds).subtracting(other).sorted()
            guard !own.isEmpty else { return nil }
            let shown = own.prefix(3).map(\.brief).joined(separator: ", ") + (own.count > 3 ? ", …" : "")
            return "only the \(side) has \(shown)"
        }
        let parts = [only("control", control, experiment), only("experiment", experiment, control)].compactMap(\.self)
        return "the histograms of the sides have different bounds, between which nothing is compared:"
            + " \(parts.joined(separator: ", and "))"
    }
}

extension SequentialState {
    /// Values that have no ratio, which are looked at one by one, and all steps.
    var refused: (values: Int, steps: Int) {
        switch comparison {
        case .gauge(let gauge): (gauge.state?.refused ?? 0, gauge.state?.steps ?? 0)
        case .past(let past): (past.state?.refused ?? 0, past.state?.steps ?? 0)
        case .counts, .latency: (0, 0)
        }
    }

    /// The obstacle in values.
    ///
    /// - Parameter earlier: what had been refused before the steps that are meant.
    func refusal(since earlier: (values: Int, steps: Int) = (0, 0)) -> String? {
        let refused = refused.values - earlier.values
        let steps = self.refused.steps - earlier.steps
        guard refused > 0, 2 * refused >= steps else { return nil }
        return "values have no ratio (infinite, or below 0) in \(refused) of \(steps) steps"
    }
}
