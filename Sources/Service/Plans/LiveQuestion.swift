import Analysis

/// One query of a metric, as its judge asks it.
struct LiveQuestion: Sendable {
    enum Part: Sendable {
        case value, events, requests, buckets
    }

    var part: Part
    /// The metric with this query.
    var asked: PlannedMetric
    /// The metric, and which of its queries where it has several.
    var name: String

    /// The sequential judge asks for counts, the others for one value.
    static func questions(of metric: PlannedMetric, in plan: AnalysisPlan) -> [LiveQuestion] {
        guard plan.isSequential, !plan.comparesWithPast else {
            return [LiveQuestion(part: .value, asked: metric, name: metric.name)]
        }
        func question(_ part: Part, _ query: String, _ suffix: String) -> LiveQuestion {
            var asked = metric
            asked.query = query
            return LiveQuestion(part: part, asked: asked, name: metric.name + suffix)
        }
        return switch metric.input {
        case .value: [question(.value, metric.query, "")]
        case .counts(let events, let requests):
            [question(.events, events.query, " (errors)"), question(.requests, requests.query, " (requests)")]
        case .histogram(let buckets): [question(.buckets, buckets.query, "")]
        }
    }
}
