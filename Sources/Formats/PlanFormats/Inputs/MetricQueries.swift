import Analysis
import Judging
import PromQL
import Text

/// The queries of a metric as its plan writes them, what they give, and what is wrong with them.
struct MetricQueries {
    enum Field: String, CaseIterable {
        case query, errors, requests, buckets
    }

    private let metric: PlannedMetric
    private let plan: AnalysisPlan
    private let texts: [Field: String]
    private let recognition: InputRecognition.Outcome

    /// - Parameter texts: what is written, by field.
    init(_ texts: [Field: String], of metric: PlannedMetric, in plan: AnalysisPlan) {
        self.metric = metric
        self.plan = plan
        self.texts = texts
        guard plan.isSequential, texts.count == 1, let query = texts[.query] else {
            recognition = .value
            return
        }
        recognition = InputRecognition(metric.asking(query), in: plan)?.outcome ?? .value
    }

    /// As far as they can be told from the plan alone: its input may have been recognized in the query.
    init(of metric: PlannedMetric, in plan: AnalysisPlan) {
        var texts: [Field: String] = [:]
        switch metric.input {
        case .value: break
        case .counts(let events, let requests): (texts[.errors], texts[.requests]) = (events.query, requests.query)
        case .histogram(let buckets): texts[.buckets] = buckets.query
        }
        if !texts.isEmpty, case .input(metric.input, _, _)? = InputRecognition(metric, in: plan)?.outcome {
            texts = [:]
        }
        if texts.isEmpty || metric.query != Self.query(of: metric.input) { texts[.query] = metric.query }
        self.init(texts, of: metric, in: plan)
    }

    private var isExplicit: Bool { texts.keys.contains { $0 != .query } }

    /// What the sequential judge asks for first.
    var judgedField: Field { [.errors, .buckets].first { texts[$0] != nil } ?? .query }

    // MARK: Input

    /// The metric with its input, and a query that every judge can ask.
    ///
    /// - Parameter givesDirection: whether the plan says which way is worse.
    func completed(givesDirection: Bool) -> PlannedMetric {
        var completed = metric
        if isExplicit {
            completed.input = explicitInput ?? .value
            completed.kind = metric.kind ?? (texts[.buckets] == nil ? .errors : .latency)
            completed.query = texts[.query] ?? Self.query(of: completed.input) ?? placeholderQuery
        } else if case .input(let input, let kind, let scale) = recognition {
            completed.input = input
            completed.kind = kind
            // The share is of 1, whatever the query makes of it.
            completed.effect.floor = metric.effect.floor.map { $0 / scale }
        }
        completed.breakdown = breakdown(of: completed.input)
        completed.newValues = newValues(of: completed.input)
        // Errors and slowness have a worse side.
        if !givesDirection, plan.judge != "conditions", completed.kind == .errors || completed.kind == .latency {
            completed.direction = .increase
        }
        return completed
    }

    /// Nil where queries that make no counts, which is an error by itself, leave nothing to tell apart.
    private func breakdown(of input: MetricInput) -> Breakdown? {
        guard var breakdown = metric.breakdown, case .counts(let events, let requests) = input else {
            return isExplicit && texts[.buckets] == nil ? nil : metric.breakdown
        }
        breakdown.events = (try? byLabel(events.query, breakdown.label)) ?? ""
        breakdown.requests = (try? byLabel(requests.query, breakdown.label)) ?? ""
        return breakdown
    }

    private func newValues(of input: MetricInput) -> NewValues? {
        guard var values = metric.newValues, case .counts(let events, _) = input else {
            return isExplicit && texts[.buckets] == nil ? nil : metric.newValues
        }
        values.events = (try? byLabel(events.query, values.rule.label)) ?? ""
        return values
    }

    private func byLabel(_ text: String, _ label: String) throws(CountProblem) -> String {
        guard let query = PlannedQuery(metric.asking(text), in: plan) else { return "" }
        return try CountsByLabel(label: label).text(of: query.expression)
    }

    /// What a judge of values asks for.
    private static func query(of input: MetricInput) -> String? {
        switch input {
        case .value: nil
        case .counts(let events, let requests): "(\(events.query)) / (\(requests.query))"
        case .histogram(let buckets): "histogram_quantile(0.99, \(buckets.query))"
        }
    }

    /// Stands where the input is wrong, which is an error by itself.
    private var placeholderQuery: String { Field.allCases.compactMap { texts[$0] }.joined(separator: " / ") }

    private var explicitInput: MetricInput? {
        if let buckets = texts[.buckets] { return count(.buckets, buckets).map { .histogram(buckets: $0.query) } }
        guard let errors = texts[.errors], let requests = texts[.requests],
            let events = count(.errors, errors), let all = count(.requests, requests)
        else { return nil }
        let text = events.reading.text(events.query.query)
        return .counts(events: CountQuery(query: text, per: events.query.per), requests: all.query)
    }

    private struct Count {
        var query: CountQuery
        var expression: PromQLExpression
        var reading: CountReading
    }

    /// Nil where a text is no count.
    private func count(_ field: Field, _ text: String) -> Count? {
        guard let query = PlannedQuery(metric.asking(text), in: plan),
            let reading = try? CountReading(of: query.expression, schedule: plan.schedule), let per = reading.per
        else { return nil }
        // Comments around it would swallow what is put around it.
        let counted = CountQuery(query: query.text(of: query.expression.range), per: per)
        return Count(query: counted, expression: query.expression, reading: reading)
    }

    // MARK: Findings

    struct Finding {
        var field: Field
        var finding: QueryFinding
    }

    /// What is wrong, or may surprise, in the order of the fields and of their texts.
    func findings(
        language: QueryLanguage = .promql,
        checkTemplate: (String) -> QueryFinding? = { _ in nil }
    ) -> [Finding] {
        Field.allCases.flatMap { field -> [Finding] in
            guard let text = texts[field], !text.isEmpty else { return [] }
            let asking = metric.asking(text)
            var found = PlannedQuery.findings(
                of: asking,
                in: plan,
                purpose: purpose(of: field),
                language: language,
                checkTemplate: checkTemplate
            )
            if !found.contains(where: { $0.severity == .error }) {
                found += field == .query ? remarks(asking) : countFindings(of: asking, field)
            }
            return found.map { Finding(field: field, finding: $0) }
        } + pairFindings
    }

    private func purpose(of field: Field) -> PlannedQuery.Purpose {
        switch field {
        case .query: if case .input(.counts, _, _) = recognition { .events } else { .value }
        case .errors: .events
        case .requests: .count
        case .buckets: .buckets
        }
    }

    private func remarks(_ asking: PlannedMetric) -> [QueryFinding] {
        if let breakdown = metric.breakdown, case .input(.counts(let events, let requests), _, _) = recognition {
            for count in [events, requests] {
                do throws(CountProblem) { _ = try byLabel(count.query, breakdown.label) } catch {
                    return [QueryFinding(.error, error.problem)]
                }
            }
        }
        if let values = metric.newValues, case .input(.counts(let events, _), _, _) = recognition {
            do throws(CountProblem) { _ = try byLabel(events.query, values.rule.label) } catch {
                return [QueryFinding(.error, error.problem)]
            }
        }
        guard case .values(let remark) = recognition else { return [] }
        let place = remark.range.map { SourcePlace(of: $0.start, in: asking.query.utf8) }
        return [QueryFinding(remark.isWarning ? .warning : .advice, at: place, remark.problem)]
    }

    private func countFindings(of asking: PlannedMetric, _ field: Field) -> [QueryFinding] {
        guard let query = PlannedQuery(asking, in: plan) else {
            return [QueryFinding(.error, "is not PromQL, so that the time it counts over cannot be told")]
        }
        do throws(CountProblem) {
            let reading = try CountReading(of: query.expression, schedule: plan.schedule)
            if field == .errors, let problem = reading.problemOfEvents { throw problem }
            if let breakdown = metric.breakdown, field != .buckets {
                _ = try CountsByLabel(label: breakdown.label).text(of: query.expression)
            }
            if let values = metric.newValues, field == .errors {
                _ = try CountsByLabel(label: values.rule.label).text(of: query.expression)
            }
        } catch {
            return [QueryFinding(.error, at: query.place(of: error.range), error.problem)]
        }
        guard field == .buckets else { return [] }
        let isNamed = InputRecognition.areNamedBuckets(query.expression)
        guard InputRecognition.isGroupedByBound(query.expression) || isNamed && query.keepsBuckets(query.expression)
        else {
            let problem = "gives no buckets by their bounds: sum by (le) (rate(x_bucket[1m])) is accepted"
            return [QueryFinding(.error, at: query.place(of: query.expression.range), problem)]
        }
        return []
    }

    /// Both counts together.
    private var pairFindings: [Finding] {
        guard let errors = texts[.errors], let requests = texts[.requests],
            let events = count(.errors, errors), let all = count(.requests, requests)
        else { return [] }
        guard events.reading.window == all.reading.window else {
            let problem =
                "counts over \(all.reading.window.described), and errors over \(events.reading.window.described): use the same function"
                + " and the same range for both"
            return [Finding(field: .requests, finding: QueryFinding(.error, problem))]
        }
        guard texts[.query] == nil, events.query.per != all.query.per else { return [] }
        let problem =
            "is given per \(all.query.per.compactText), and errors per \(events.query.per.compactText), so that their quotient is no"
            + " share: use the same function for both, or write query beside them"
        return [Finding(field: .requests, finding: QueryFinding(.error, problem))]
    }
}

extension CountWindow {
    fileprivate var described: String { isInstant ? "two samples within \(text)" : text }
}

extension PlannedMetric {
    /// The same with another query.
    func asking(_ query: String) -> PlannedMetric {
        var metric = self
        metric.query = query
        return metric
    }
}
