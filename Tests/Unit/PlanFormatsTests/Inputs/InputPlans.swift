import Analysis
import Judging
import PlanFormats
import Testing

/// Plans of one metric, read as `assay validate` reads them.
enum InputPlans {
    static let reader = PlanReader(judges: Set(Judges.names + ["sequential"]).sorted())

    static func text(
        _ metric: [(String, String)],
        judge: String = "sequential",
        schedule: String = "{step: 15s, interval: 1m, lifetime: 60m}",
        control: String = "{labels: {track: stable}}",
        extra: String = ""
    ) -> String {
        let keys = ([("name", "m")] + metric).map { "    \($0.0): \($0.1)" }.joined(separator: "\n")
        return """
            name: p
            judge: \(judge)
            schedule: \(schedule)
            scopes:
              control: \(control)
              experiment: {labels: {track: canary}}
            \(extra)
            metrics:
              -
            \(keys)
            """
    }

    static func document(
        _ metric: [(String, String)],
        judge: String = "sequential",
        schedule: String = "{step: 15s, interval: 1m, lifetime: 60m}",
        control: String = "{labels: {track: stable}}",
        extra: String = ""
    ) throws -> PlanDocument {
        try reader.readInline(
            text(metric, judge: judge, schedule: schedule, control: control, extra: extra),
            file: "p.yaml"
        )
    }

    static func metric(
        _ metric: [(String, String)],
        judge: String = "sequential",
        schedule: String = "{step: 15s, interval: 1m, lifetime: 60m}"
    ) throws -> PlannedMetric {
        try document(metric, judge: judge, schedule: schedule).plan.metrics[0]
    }

    /// What is wrong, a line each.
    static func errors(
        _ metric: [(String, String)],
        judge: String = "sequential",
        schedule: String = "{step: 15s, interval: 1m, lifetime: 60m}",
        control: String = "{labels: {track: stable}}",
        extra: String = ""
    ) -> String {
        let error = #expect(throws: PlanFileErrors.self) {
            try document(metric, judge: judge, schedule: schedule, control: control, extra: extra)
        }
        return error?.description ?? ""
    }

    /// In single quotes of YAML.
    static func quoted(_ query: String) -> String { "'\(query.replacing("'", with: "''"))'" }

    static func query(_ query: String) -> [(String, String)] { [("query", quoted(query))] }
}
