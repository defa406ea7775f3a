/// A judge is a pure function of one look's samples: the same samples always give the same judgement.
package protocol Judge: Sendable {
    /// The name that plans and verdicts use.
    static var name: String { get }

    /// Judges one look.
    ///
    /// Nothing in the samples can trap: NaN, infinities, empty and unequal sides all have a defined outcome.
    func judge(_ pairs: [MetricPair], by rules: ScoringRules) -> Judgement
}

/// How metric results become a score and a result.
package struct ScoringRules: Sendable, Equatable {
    /// A score of at least `pass` passes.
    package var pass: Double
    /// A score of at least `marginal`, but below `pass`, is marginal; anything lower fails.
    package var marginal: Double
    /// Percent of the overall score per group. Groups that are not named share what is left to 100.
    package var groupWeights: [String: Double]

    package init(pass: Double = 95, marginal: Double = 75, groupWeights: [String: Double] = [:]) {
        self.pass = pass
        self.marginal = marginal
        self.groupWeights = groupWeights
    }
}
