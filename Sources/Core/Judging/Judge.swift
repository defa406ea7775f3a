/// A judge is a pure function of samples: the same samples always give the same judgement.
///
/// It sees all samples of a look, or it keeps a state: what is settled is folded into it, once, and the judgement
/// follows from the state alone.
package protocol Judge: Sendable {
    /// The name that plans and verdicts use.
    static var name: String { get }

    /// Judges one metric. The workspace is memory to work in and has no influence on the result.
    ///
    /// Nothing in the samples can trap: NaN, infinities, empty and unequal sides all have a defined outcome.
    func judge(_ pair: borrowing MetricPair, in workspace: inout JudgingWorkspace) -> MetricJudgement

    /// Takes the settled steps of the pair's increment into its state. Judges of whole windows have none.
    func fold(_ pair: inout MetricPair)

    /// Makes the judgement of a look from those of its metrics, which are in the order of the pairs.
    func judgement(of metrics: [MetricJudgement], from pairs: [MetricPair], by rules: ScoringRules) -> Judgement
}

extension Judge {
    package func fold(_ pair: inout MetricPair) {}

    /// Judges one look.
    package func judge(
        _ pairs: [MetricPair],
        by rules: ScoringRules,
        in workspace: inout JudgingWorkspace
    ) -> Judgement {
        var metrics: [MetricJudgement] = []
        metrics.reserveCapacity(pairs.count)
        for pair in pairs { metrics.append(judge(pair, in: &workspace)) }
        return judgement(of: metrics, from: pairs, by: rules)
    }

    /// Judges one look in memory of its own.
    package func judge(_ pairs: [MetricPair], by rules: ScoringRules) -> Judgement {
        var workspace = JudgingWorkspace()
        return judge(pairs, by: rules, in: &workspace)
    }
}

/// How metric results become a score and a result.
package struct ScoringRules: Sendable, Equatable {
    /// A score of at least `pass` passes.
    package var pass: Double
    /// A score of at least `marginal`, but below `pass`, is marginal; anything lower fails.
    package var marginal: Double
    /// Percent of the overall score per group. Groups that are not named share what is left to 100.
    package var groupWeights: [String: Double]
    /// The levels of the whole analysis (`sequential` only).
    package var levels: SequentialLevels

    package init(
        pass: Double = 95,
        marginal: Double = 75,
        groupWeights: [String: Double] = [:],
        levels: SequentialLevels = SequentialLevels()
    ) {
        self.levels = levels
        self.pass = pass
        self.marginal = marginal
        self.groupWeights = groupWeights
    }
}
