package import Judging

/// A judgement, and where it met a known quirk of its judge: what `assay judge` prints.
package struct JudgeReport {
    package let judgement: Judgement
    /// About the score.
    package let warnings: [String]
    /// In the order of the judgement's metrics.
    package let metricWarnings: [[String]]

    /// Judges the pairs. The judgement's metrics come in their order.
    ///
    /// - Parameters:
    ///   - planWarnings: what is known to surprise in the plan.
    ///   - ended: why a pass would not be one, a sentence each.
    ///   - gaps: what is missing from the samples of each pair.
    package init(
        judging pairs: [MetricPair],
        by judge: any Judge,
        _ rules: ScoringRules,
        planWarnings: [String] = [],
        ended: [String] = [],
        gaps: [[String]]? = nil
    ) {
        var judgement = judge.judge(pairs, by: rules)
        warnings = planWarnings + NetflixACAJudge.caveats(of: judgement).map(\.description)
        if let first = ended.first, judgement.result == .pass || judgement.result == .marginal {
            judgement.result = .inconclusive
            judgement.reason = "\(first): a release would wait for them, and not pass"
        }
        self.judgement = judgement
        let isKayenta = judgement.judge == NetflixACAJudge.name
        let gaps = gaps ?? pairs.map { _ in [] }
        metricWarnings = zip(zip(judgement.metrics, pairs), gaps).map { judged, gaps in
            let (metric, pair) = judged
            return gaps
                + (isKayenta ? NetflixACAJudge.caveats(of: metric, settings: pair.settings).map(\.description) : [])
        }
    }
}

/// The judgement's members, with `warnings` beside them and in each metric.
extension JudgeReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case metrics
        case warnings
    }

    package func encode(to encoder: any Encoder) throws {
        try judgement.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(zip(judgement.metrics, metricWarnings).map(Metric.init), forKey: .metrics)
        try container.encode(warnings, forKey: .warnings)
    }

    private struct Metric: Encodable {
        let judgement: MetricJudgement
        let warnings: [String]

        func encode(to encoder: any Encoder) throws {
            try judgement.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(warnings, forKey: .warnings)
        }
    }
}
