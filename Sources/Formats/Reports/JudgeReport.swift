package import Analysis
package import Judging

/// A judgement, and where it met a known quirk of its judge: what `assay judge` prints.
package struct JudgeReport {
    package let judgement: Judgement
    /// About the score.
    package let warnings: [String]
    /// The judgement's metrics, with what is to be said about each.
    package let metrics: [MetricVerdict]

    /// Judges the pairs. The judgement's metrics come in their order.
    ///
    /// - Parameters:
    ///   - queries: of each pair, as the plan writes them.
    ///   - planWarnings: what is known to surprise in the plan.
    ///   - ended: why a pass would not be one, a sentence each.
    ///   - gaps: what is missing from the samples of each pair.
    package init(
        judging pairs: [MetricPair],
        queries: [String] = [],
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
        metrics = zip(zip(judgement.metrics, pairs), gaps).enumerated().map { index, judged in
            let ((metric, pair), gaps) = judged
            let query = queries.indices.contains(index) ? queries[index] : nil
            let caveats = isKayenta ? NetflixACAJudge.caveats(of: metric, settings: pair.settings) : []
            return MetricVerdict(
                judgement: metric,
                controlQuery: query,
                experimentQuery: query,
                held: nil,
                warnings: gaps + caveats.map(\.description)
            )
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
        try container.encode(metrics.map { Metric(judgement: $0.judgement, warnings: $0.warnings) }, forKey: .metrics)
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
