import Analysis
import Judging
import PlanFormats

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
    /// The label that the answer is told apart by; nil where it is one number.
    var label: String?
    /// What the query selects, where zeros stand in for it; nil where none do.
    var withoutZeros: PlannedMetric?

    /// The sequential judge asks for counts, the others for one value.
    static func questions(of metric: PlannedMetric, in plan: AnalysisPlan) -> [LiveQuestion] {
        func question(_ part: Part, _ query: String, _ suffix: String = "", by label: String? = nil) -> LiveQuestion {
            func asking(_ query: String) -> PlannedMetric {
                var asked = metric
                asked.query = query
                return asked
            }
            let asked = asking(query)
            return LiveQuestion(
                part: part,
                asked: asked,
                name: metric.name + suffix,
                label: label,
                withoutZeros: label == nil ? PlannedQuery.withoutZeros(asked, in: plan).map(asking) : nil
            )
        }
        guard plan.isSequential, !plan.comparesWithPast else { return [question(.value, metric.query)] }
        switch metric.input {
        case .value: return [question(.value, metric.query)]
        case .histogram(let buckets): return [question(.buckets, buckets.query)]
        case .counts(let events, let requests):
            var questions = [
                question(.events, events.query, " (errors)"), question(.requests, requests.query, " (requests)"),
            ]
            if let breakdown = metric.breakdown {
                let label = breakdown.label
                questions.append(question(.events, breakdown.events, " (errors by \(label))", by: label))
                questions.append(question(.requests, breakdown.requests, " (requests by \(label))", by: label))
            }
            if let values = metric.newValues {
                let label = values.rule.label
                questions.append(question(.events, values.events, " (errors by \(label))", by: label))
            }
            return questions
        }
    }

    /// What the samples are counts of.
    var isCounted: Bool { part != .value }
}
