package import Analysis
package import Judging

/// A judgement, and where it met a known quirk of its judge: what `assay judge` prints.
package struct JudgeReport {
    /// Its metrics are all those of the plan, in its order.
    package let judgement: Judgement
    /// About the score.
    package let warnings: [String]
    /// The judgement's metrics, with what is to be said about each.
    package let metrics: [MetricVerdict]

    /// Judges the metrics that can be judged. Where others cannot, only a critical failure is an answer.
    ///
    /// - Parameters:
    ///   - queries: of each metric, as the plan writes them.
    ///   - planWarnings: what is known to surprise in the plan.
    package init(
        judging reviewed: [LookReview.Metric],
        queries: [String] = [],
        by judge: any Judge,
        _ rules: ScoringRules,
        planWarnings: [String] = []
    ) {
        var judgement = judge.judge(reviewed.filter { $0.held == nil }.map(\.pair), by: rules)
        let isKayenta = judgement.judge == NetflixACAJudge.name
        let held = reviewed.compactMap(\.reason)
        let scoreCaveats = held.isEmpty ? NetflixACAJudge.caveats(of: judgement).map(\.description) : []
        var judged = judgement.metrics[...]
        metrics = reviewed.enumerated().map { index, metric in
            let found = metric.held == nil ? judged.popFirst() : nil
            let query = queries.indices.contains(index) ? queries[index] : nil
            return MetricVerdict(
                judgement: found ?? metric.unjudged,
                controlQuery: query,
                experimentQuery: query,
                held: metric.held,
                warnings: metric.warnings
                    + (isKayenta
                    ? found.map { NetflixACAJudge.caveats(of: $0, settings: metric.pair.settings) } ?? [] : [])
                    .map(\.description)
            )
        }
        if let first = held.first, !judgement.hasFailedCritically {
            judgement.result = .inconclusive
            judgement.reason =
                first + (held.count > 1 ? " (and \(held.count - 1) more metric\(held.count > 2 ? "s" : ""))" : "")
        }
        judgement.metrics = metrics.map(\.judgement)
        self.judgement = judgement
        warnings = planWarnings + scoreCaveats
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
        try container.encode(metrics.map(Metric.init), forKey: .metrics)
        try container.encode(warnings, forKey: .warnings)
    }

    private struct Metric: Encodable {
        let metric: MetricVerdict

        enum CodingKeys: String, CodingKey {
            case held
            case warnings
        }

        func encode(to encoder: any Encoder) throws {
            try metric.judgement.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(metric.held, forKey: .held)
            try container.encode(metric.warnings, forKey: .warnings)
        }
    }
}
