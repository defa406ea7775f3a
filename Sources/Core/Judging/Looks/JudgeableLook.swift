/// What a judge needs of one look: its metrics, and how they become a result.
package struct JudgeableLook: Sendable {
    package var pairs: [MetricPair]
    package var rules: ScoringRules

    package init(pairs: [MetricPair], rules: ScoringRules) {
        self.pairs = pairs
        self.rules = rules
    }
}
