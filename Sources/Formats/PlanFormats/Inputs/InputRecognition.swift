import Analysis
import PromQL
import Text

/// What a metric's query shows of its input: a share of requests is two counts, a quantile of buckets is a histogram.
///
/// Parts are cut out of the query's text where the parsed tree says they stand, so that variables and comments stay as
/// they are written.
struct InputRecognition {
    enum Outcome: Equatable {
        case input(MetricInput, MetricKind, scale: Double)
        /// The values are compared, though the query looks like counts.
        case values(Remark)
        /// It is a value, and looks like nothing else.
        case value
    }

    /// Why the weaker test is used.
    struct Remark: Equatable {
        /// The verdict says it too; otherwise only `assay validate` does.
        var isWarning: Bool
        var range: SourceRange?
        var problem: String
    }

    private let query: PlannedQuery
    private var metric: PlannedMetric { query.metric }
    private var schedule: AnalysisSchedule { query.plan.schedule }

    /// Nil where the query is no PromQL.
    init?(_ metric: PlannedMetric, in plan: AnalysisPlan) {
        guard let query = PlannedQuery(metric, in: plan) else { return nil }
        self.query = query
    }

    var outcome: Outcome {
        switch metric.kind {
        case .gauge: .value
        case .latency: quantile ?? .value
        case .errors: declaredShare
        case .ratio: share ?? .value
        case nil: share ?? quantile ?? .value
        }
    }

    private func text(_ expression: PromQLExpression) -> String { query.text(of: expression.range) }

    private static func values(
        _ problem: String,
        at range: SourceRange? = nil,
        isWarning: Bool = true
    ) -> Outcome {
        .values(
            Remark(
                isWarning: isWarning,
                range: range,
                problem: "\(problem); so its values are compared, which finds less"
            )
        )
    }

    // MARK: Shares

    private var declaredShare: Outcome {
        switch share {
        case nil, Outcome.value?:
            Self.values("is no share of two counts, as kind: errors says: write errors: and requests:")
        case let outcome?: outcome
        }
    }

    private var share: Outcome? {
        guard let share = QueryShare(query.expression) else { return nil }
        let events: CountReading
        let requests: CountReading
        do throws(CountProblem) {
            events = try CountReading(of: share.numerator, schedule: schedule)
            requests = try CountReading(of: share.divisor, schedule: schedule)
        } catch {
            // Other quotients, such as a mean, are values.
            return error.kind == .aggregation
                ? Self.values("is a share, but \(error.problem)", at: error.range) : .value
        }
        if let remark = misfit(share, events, requests) { return remark }
        if !share.isComplement, let problem = events.problemOfEvents {
            return Self.values("is a share whose numerator \(problem.problem)", at: problem.range)
        }
        guard let eventsPer = events.per, let requestsPer = requests.per else { return .value }
        guard metric.kind == .errors || EventContainment.isEvident(in: share) else { return unrelated(share) }
        let ratio = events.seconds / requests.seconds
        guard !share.isComplement || abs(ratio - 1) < 1e-9 else { return .value }
        let counted = CountQuery(query: text(share.divisor), per: requestsPer)
        if share.isComplement, ![share.numerator, share.divisor].allSatisfy(\.hasNoLabels) {
            return Self.values("is the rest of a share, whose counts have labels: add both up with sum(…), without by")
        }
        let text = share.isComplement ? rest(share) : events.text(text(share.numerator))
        let input = MetricInput.counts(events: CountQuery(query: text, per: eventsPer), requests: counted)
        let isOfErrors = share.isComplement || PlannedQuery.selectsFailures(share.numerator)
        let kind = metric.kind ?? (isOfErrors ? .errors : .ratio)
        return .input(input, kind, scale: share.scale * (share.isComplement ? 1 : ratio))
    }

    /// Why the two counts are not those of one side at one time.
    private func misfit(_ share: QueryShare, _ events: CountReading, _ requests: CountReading) -> Outcome? {
        let isPlain = share.matching.many == nil && share.matching.fills.isEmpty
        let matchesAll = share.matching.labels.map { $0 == .on([]) } ?? true
        guard isPlain, matchesAll else {
            return Self.values("divides series that are matched by on, ignoring or group", at: share.divisor.range)
        }
        for part in [share.numerator, share.divisor] {
            switch ResultSeries(of: part, pinned: query.scopeLabels) {
            case .one: continue
            case .each(let labels):
                let names = labels.sorted().joined(separator: ", ").excerpt(100)
                return Self.values("divides counts of several series, one for each value of \(names)", at: part.range)
            case .eachBut, .any:
                return Self.values("divides counts of possibly several series: add them up with sum(…)", at: part.range)
            }
        }
        guard events.window == requests.window else {
            return Self.values(
                "divides counts of different times: use the same function and the same range for both",
                at: share.divisor.range
            )
        }
        return nil
    }

    private func unrelated(_ share: QueryShare) -> Outcome {
        guard metric.kind == nil else { return .value }
        return Self.values(
            "divides counts of which the first may be no part of the second: say kind: errors where it is, otherwise kind: ratio",
            at: share.numerator.range,
            isWarning: false
        )
    }

    /// What does not count as an event, taken from all requests. A version of which all requests fail has no series of
    /// those that do not.
    private func rest(_ share: QueryShare) -> String {
        let good = text(share.numerator)
        let part = PlannedQuery.hasFallback(share.numerator) ? "(\(good))" : "((\(good)) or vector(0))"
        return CountReading.notBelowZero("(\(text(share.divisor))) - \(part)")
    }

    // MARK: Quantiles

    private var quantile: Outcome? {
        guard let buckets = Self.buckets(of: query.expression),
            Self.isGroupedByBound(buckets) || Self.areNamedBuckets(buckets) && query.keepsBuckets(buckets)
        else { return nil }
        let reading: CountReading
        do throws(CountProblem) { reading = try CountReading(of: buckets, schedule: schedule) } catch {
            return Self.values("is a quantile of a histogram, but \(error.problem)", at: error.range)
        }
        guard let per = reading.per else { return .value }
        if isOneHistogram(buckets) {
            return .input(.histogram(buckets: CountQuery(query: text(buckets), per: per)), .latency, scale: 1)
        }
        guard metric.combine == nil else {
            return Self.values("combines quantiles of several series", at: buckets.range)
        }
        let one = CountQuery(query: "sum by (le) (\(text(buckets)))", per: per)
        return .input(.histogram(buckets: one), .latency, scale: 1)
    }

    private func isOneHistogram(_ buckets: PromQLExpression) -> Bool {
        if ResultSeries(of: buckets, pinned: query.scopeLabels) == .each(["le"]) { return true }
        guard case .aggregation(let aggregation) = buckets.unparenthesized,
            case .by(let labels)? = aggregation.grouping
        else { return false }
        return Set(labels.map(\.name)).subtracting(query.scopeLabels) == ["le"]
    }

    /// The second argument of `histogram_quantile`, wherever factors stand around it.
    private static func buckets(of expression: PromQLExpression) -> PromQLExpression? {
        switch expression.unparenthesized {
        case .call(let call) where call.function == "histogram_quantile": call.arguments.last
        case .binary(let operation) where operation.binaryOperator == .multiply || operation.binaryOperator == .divide:
            if operation.right.factor ?? 0 > 0 {
                buckets(of: operation.left)
            } else if operation.binaryOperator == .multiply, operation.left.factor ?? 0 > 0 {
                buckets(of: operation.right)
            } else {
                nil
            }
        default: nil
        }
    }

    static func isGroupedByBound(_ expression: PromQLExpression) -> Bool {
        guard case .aggregation(let aggregation) = expression.unparenthesized,
            case .by(let labels)? = aggregation.grouping
        else { return false }
        return labels.contains { $0.name == "le" }
    }

    static func areNamedBuckets(_ expression: PromQLExpression) -> Bool {
        let selectors = expression.selectors
        return !selectors.isEmpty && selectors.allSatisfy { $0.metric?.hasSuffix("_bucket") ?? false }
    }
}
