import Analysis
import Judging
import Prometheus

/// What a judge with a state asks of one metric: a query a side, or several where counts are made of them.
struct MetricQuestions: Sendable {
    /// Which part of a side's samples an answer is.
    enum Part: Int, Sendable, Hashable {
        case values
        case events
        case requests
        case buckets
        /// Events by the value of a label, of which only the experiment may have some.
        case newValues
    }

    struct Question: Sendable {
        var metric: Int
        var side: Side
        var part: Part
        var text: Result<String, SamplingFailure>
        /// What a sample is multiplied by.
        var scale: Double
        /// The label that the answer's series are told apart by; nil where a side is one.
        var label: String?
        /// What is asked where that gives too much: one series.
        var whole: Result<String, SamplingFailure>?
    }

    let rule: SequentialRule
    let questions: [Question]

    init(of index: Int, in session: AnalysisSession, _ queries: ScopedQueries) {
        let metric = session.plan.metrics[index]
        let isPast = session.controlOffset > .zero
        rule = session.plan.sequentialRule(of: metric, isPast: isPast)
        let step = session.plan.schedule.step
        let sides: [Side] = isPast ? [.experiment] : Side.allCases
        func questions(_ query: String, _ part: Part, scale: Double, by label: String? = nil) -> [Question] {
            queries.texts(of: query, sides, isMuted: metric.muted).map { side, text in
                Question(metric: index, side: side, part: part, text: text, scale: scale, label: label)
            }
        }
        func questions(_ count: CountQuery, _ part: Part, _ byLabel: String?) -> [Question] {
            let whole = questions(count.query, part, scale: count.scale(step: step))
            guard let breakdown = metric.breakdown, let byLabel else { return whole }
            let parts = questions(byLabel, part, scale: count.scale(step: step))
            return zip(parts, whole).map { part, whole in
                var question = part
                question.label = breakdown.label
                question.whole = whole.text
                return question
            }
        }
        let asked =
            switch (rule.measure, metric.input) {
            case (.counts, .counts(let events, let requests)):
                questions(events, .events, metric.breakdown?.events)
                    + questions(requests, .requests, metric.breakdown?.requests)
            case (.latency, .histogram(let buckets)):
                questions(buckets.query, .buckets, scale: buckets.scale(step: step))
            default: questions(metric.query, .values, scale: 1)
            }
        guard rule.newValues != nil, let values = metric.newValues, case .counts(let events, _) = metric.input else {
            self.questions = asked
            return
        }
        self.questions =
            asked
            + questions(values.events, .newValues, scale: events.scale(step: step), by: values.rule.label)
    }

    /// Events by the value of a label, as one side's answer has them.
    static func labelled(_ question: Question, _ answer: BackEndAnswer) -> LabelledEvents {
        LabelledEvents(
            scaled(answer, by: question.label ?? "", question.scale).map { (name: $0.name, events: $0.values) }
        )
    }

    /// One side's column of its parts; nil while one is missing.
    static func column(
        _ answers: [(question: Question, answer: BackEndAnswer)],
        metric: PlannedMetric,
        count: Int
    ) throws(SamplingFailure) -> MetricIncrement.Column? {
        var parts: [Part: BackEndAnswer] = [:]
        var scales: [Part: Double] = [:]
        for (question, answer) in answers {
            parts[question.part] = answer
            scales[question.part] = question.scale
        }
        if let answer = parts[.values] {
            return .values(try Sampler.column(of: answer, metric, count: count))
        }
        if let events = parts[.events], let requests = parts[.requests] {
            if let label = metric.breakdown?.label {
                var column = CountColumn(
                    events: scaled(events, by: label, scales[.events]),
                    requests: scaled(requests, by: label, scales[.requests]),
                    count: count
                )
                // Where one of the two gave too much, both are known in all only.
                if answers.contains(where: { $0.question.label == nil }) {
                    column.groups = []
                    column.isCut = true
                }
                return .counts(column)
            }
            return .counts(
                events: try Sampler.column(of: events, metric, count: count).map { $0 * (scales[.events] ?? 1) },
                requests: try Sampler.column(of: requests, metric, count: count).map { $0 * (scales[.requests] ?? 1) }
            )
        }
        guard let answer = parts[.buckets] else { return nil }
        return .histogram(try buckets(of: answer, count: count, scale: scales[.buckets] ?? 1))
    }

    private static func scaled(
        _ answer: BackEndAnswer,
        by label: String,
        _ scale: Double?
    ) -> [(name: String, values: [Double])] {
        answer.series(by: label).map { name, values in
            (name, values.map { $0 * (scale ?? 1) })
        }
    }

    /// Series of one bound are added up, such as those of several pods.
    private static func buckets(
        of answer: BackEndAnswer,
        count: Int,
        scale: Double
    ) throws(SamplingFailure) -> BucketColumn {
        guard !answer.series.isEmpty else { return BucketColumn(bounds: [], counts: []) }
        guard answer.bounds.count == answer.series.count else {
            throw SamplingFailure(
                kind: .badQuery,
                message:
                    "the series have no bounds: the query must keep the label le, for example sum by (le) (rate(…))"
            )
        }
        var columns: [Double: [Double]] = [:]
        for (bound, series) in zip(answer.bounds, answer.series) {
            let scaled = series.map { $0 * scale }
            guard let known = columns[bound] else {
                columns[bound] = scaled
                continue
            }
            columns[bound] = zip(known, scaled).map { $0.isNaN ? $1 : $1.isNaN ? $0 : $0 + $1 }
        }
        let bounds = columns.keys.sorted()
        guard bounds.last == .infinity else {
            throw SamplingFailure(
                kind: .badQuery,
                message: "the series have no bucket le=\"+Inf\", which alone holds all requests: the query must keep it"
            )
        }
        return BucketColumn(bounds: bounds, counts: bounds.map { columns[$0] ?? [] })
    }
}
