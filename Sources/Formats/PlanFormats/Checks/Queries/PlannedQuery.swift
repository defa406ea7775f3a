package import Analysis
package import PromQL

/// Something about a metric's query that a person should know.
package struct QueryFinding: Sendable, Equatable {
    package enum Severity: Sendable, Equatable {
        /// The plan cannot be used.
        case error
        /// It can, and the verdict says so too.
        case warning
        /// It can; only who writes the plan needs to know.
        case advice
    }

    package var severity: Severity
    /// Where in the query; nil where it is about all of it.
    package var place: SourcePlace?
    package var problem: String

    init(_ severity: Severity, at place: SourcePlace? = nil, _ problem: String) {
        self.severity = severity
        self.place = place
        self.problem = problem
    }
}

extension QueryFinding {
    /// What the reader of templates says; its numbers count from 1.
    package static func wrongTemplate(line: Int, column: Int, _ problem: String) -> QueryFinding {
        QueryFinding(.error, at: SourcePlace(line: line, column: column), problem)
    }
}

/// A metric's query as it was read, with the plan around it.
package struct PlannedQuery: Sendable {
    /// What its samples are for.
    enum Purpose: Sendable {
        case value
        /// Events, or a share of requests of which the events are counted.
        case events
        /// Requests.
        case count
        /// Buckets by `le`.
        case buckets
    }

    let metric: PlannedMetric
    let plan: AnalysisPlan
    let expression: PromQLExpression
    let purpose: Purpose

    /// Nil when the query is no PromQL.
    init?(_ metric: PlannedMetric, in plan: AnalysisPlan) {
        guard let expression = try? PromQLParser.parse(template: metric.query) else { return nil }
        self.init(metric, plan, expression, .value)
    }

    /// Where an expression begins.
    func place(of range: SourceRange) -> SourcePlace { SourcePlace(of: range.start, in: metric.query.utf8) }

    /// A part of the query.
    func text(of range: SourceRange) -> String {
        String(decoding: Array(metric.query.utf8)[range.start..<range.end], as: UTF8.self)
    }

    /// What is wrong with a query, or may surprise, in the order of the text.
    package static func findings(of metric: PlannedMetric, in plan: AnalysisPlan) -> [QueryFinding] {
        findings(of: metric, in: plan, language: .promql) { _ in nil }
    }

    /// - Parameter checkTemplate: the problem of a query as a template; nil when it is one.
    static func findings(
        of metric: PlannedMetric,
        in plan: AnalysisPlan,
        purpose: Purpose = .value,
        language: QueryLanguage,
        checkTemplate: (String) -> QueryFinding?
    ) -> [QueryFinding] {
        let foreign = ForeignTemplates.findings(in: metric.query)
        guard foreign.isEmpty else { return foreign }
        if let problem = checkTemplate(metric.query) { return [problem] }
        guard language == .promql else { return PlannedQuery.sideFindings(ofForeign: metric, in: plan) }
        let expression: PromQLExpression
        do throws(PromQLError) { expression = try PromQLParser.parse(template: metric.query) } catch {
            return [QueryFinding(.error, at: error.place, "is not PromQL: \(error.problem)")]
        }
        return PlannedQuery(metric, plan, expression, purpose).findings
    }

    private init(_ metric: PlannedMetric, _ plan: AnalysisPlan, _ expression: PromQLExpression, _ purpose: Purpose) {
        self.metric = metric
        self.plan = plan
        self.expression = expression
        self.purpose = purpose
    }

    var findings: [QueryFinding] {
        switch expression.type {
        case .string, .matrix:
            let example = expression.type == .matrix ? ": aggregate over its time, as in avg_over_time(…)" : ""
            return [QueryFinding(.error, "gives \(expression.type.described), not numbers over time\(example)")]
        case .scalar, .vector: break
        }
        guard !expression.selectors.isEmpty else {
            return [QueryFinding(.error, "reads no series, so that it says nothing about a release")]
        }
        let found =
            sideFindings + severalSeriesFindings + counterFindings + histogramFindings + missingNumeratorFindings
        return found.enumerated().sorted { left, right in
            let (one, other) = (left.element.place, right.element.place)
            return (one?.line ?? 0, one?.column ?? 0, left.offset) < (
                other?.line ?? 0, other?.column ?? 0, right.offset
            )
        }.map(\.element)
    }
}
