/// How one analysis ended with one judge.
struct AnalysisOutcome: Equatable {
    /// The look at which it failed, from 1 on; nil for none.
    var failedAt: Int?
    /// The first decision was a pass, at whatever look.
    var passed = false
    /// It had passed, and would have failed later.
    var failedAfterPass = false

    /// Shows the judge one look after another. The first decision counts; after a pass the rest is looked at to learn what
    /// the early end has missed.
    static func of(_ analysis: EvaluatedAnalysis, by judge: any EvaluatedJudge) -> AnalysisOutcome {
        var judge = judge
        var outcome = AnalysisOutcome()
        for (index, units) in analysis.looks.enumerated() {
            switch judge.look(units) {
            case nil: continue
            case .pass: outcome.passed = true
            case .fail:
                if outcome.passed { outcome.failedAfterPass = true } else { outcome.failedAt = index + 1 }
                return outcome
            }
        }
        outcome.passed = outcome.passed || judge.passesAtEnd()
        return outcome
    }
}

/// What came out of many analyses of one kind with one judge.
struct OutcomeTally: Sendable, Equatable {
    private(set) var analyses = 0
    private(set) var passed = 0
    private(set) var failedAfterPass = 0
    /// How many failed at each look.
    private(set) var failuresByLook: [Int]

    init(looks: Int) {
        failuresByLook = [Int](repeating: 0, count: looks)
    }

    var failed: Int { failuresByLook.reduce(0, +) }

    mutating func add(_ outcome: AnalysisOutcome) {
        analyses += 1
        if let look = outcome.failedAt { failuresByLook[look - 1] += 1 }
        if outcome.passed { passed += 1 }
        if outcome.failedAfterPass { failedAfterPass += 1 }
    }

    mutating func add(_ other: OutcomeTally) {
        analyses += other.analyses
        passed += other.passed
        failedAfterPass += other.failedAfterPass
        for index in failuresByLook.indices { failuresByLook[index] += other.failuresByLook[index] }
    }

    /// The median of the looks at which analyses failed; nil where none did.
    var medianLook: Double? {
        let failed = failed
        guard failed > 0 else { return nil }
        return (Double(look(ofFailure: (failed - 1) / 2)) + Double(look(ofFailure: failed / 2))) / 2
    }

    private func look(ofFailure number: Int) -> Int {
        var below = 0
        for (index, count) in failuresByLook.enumerated() {
            below += count
            if below > number { return index + 1 }
        }
        return failuresByLook.count
    }
}
