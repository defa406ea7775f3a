import Analysis
import PlanFormats
import PromQL

extension FuzzTarget {
    /// PromQL, as it is sent and with a plan's variables: what is read is the same when it is printed and read again.
    static let promQL = FuzzTarget("promql", maximumBytes: 512, dictionary: "promql") { bytes in
        guard let text = String(validating: bytes, as: UTF8.self) else { return }
        try QueryProperties.check(text) { text throws(PromQLError) in try PromQLParser.parse(text) }
        try QueryProperties.check(text) { text throws(PromQLError) in try PromQLParser.parse(template: text) }
        let metric = PlannedMetric(name: "m", query: text)
        let schedule = AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(600))
        let plan = AnalysisPlan(name: "p", schedule: schedule, metrics: [metric])
        for finding in PlannedQuery.findings(of: metric, in: plan) {
            try requireCleanLine(finding.problem)
            guard let place = finding.place else { continue }
            try require(place.line >= 1 && place.column >= 1, "a finding stands at \(place)")
        }
    }
}

enum QueryProperties {
    static func check(_ text: String, parse: (String) throws(PromQLError) -> PromQLExpression) throws {
        let expression: PromQLExpression
        do throws(PromQLError) { expression = try parse(text) } catch {
            try requireCleanLine(error.description)
            return try require(error.place.line >= 1 && error.place.column >= 1, "an error stands at \(error.place)")
        }
        let printed = expression.text
        guard let again = try? parse(printed) else { throw Finding("\(printed) is not read again") }
        try require(again == expression, "\(text) becomes \(printed)")
    }
}
