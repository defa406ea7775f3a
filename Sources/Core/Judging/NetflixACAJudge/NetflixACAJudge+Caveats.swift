extension NetflixACAJudge {
    /// The quirks that one metric's judgement met, in a fixed order; none for an ordinary pair of sides.
    ///
    /// The settings are those that the metric was judged with.
    package static func caveats(of metric: MetricJudgement, settings: MetricSettings) -> [KayentaCaveat] {
        KayentaMetricCaveats(metric, settings).caveats
    }

    /// The quirks of scores that a whole judgement met; none for judgements by another judge.
    package static func caveats(of judgement: Judgement) -> [KayentaCaveat] {
        judgement.judge == name ? KayentaScoreCaveats(judgement).caveats : []
    }
}
