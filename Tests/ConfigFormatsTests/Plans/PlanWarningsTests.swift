import Analysis
import ConfigFormats
import Testing

@Suite struct PlanWarningsTests {
    private static func warnings(_ text: String) throws -> [PlanWarning] {
        PlanWarnings.warnings(for: try PlanReader().readInline(text, file: "p.yaml"))
    }

    private static func plan(
        metric: String = "group: g",
        schedule: String = "step: 15s, interval: 1m, lifetime: 15m",
        rest: String = ""
    ) -> String {
        "name: p\nschedule: {\(schedule)}\n\(rest)\nmetrics:\n  - {name: m, query: up, \(metric)}\n"
    }

    @Test("A plan that meets no quirk") func none() throws {
        #expect(try Self.warnings(Self.plan()) == [])
        #expect(try Self.warnings(Self.plan(rest: "groupWeights: {g: 100}")) == [])
        // Without any group all metrics count in one.
        #expect(try Self.warnings(Self.plan(metric: "weight: 1")) == [])
    }

    @Test(
        "Each quirk is found at its line",
        arguments: [
            (plan(metric: "group: g, muted: true"), 4, "metrics", "all metrics are muted"),
            (plan(rest: "groupWeights: {g: 60}"), 3, "groupWeights", "the best score is 60, so no release can pass"),
            (plan(rest: "groupWeights: {g: 97}"), 3, "groupWeights", "the best score is 97, so scores are too low"),
            (plan(rest: "groupWeights: {g: 98, h: 2}"), 3, "groupWeights.h", "no metric that counts is in this group"),
            (plan(rest: "groupWeights: {h: 100}"), 3, "groupWeights", "leave nothing for g"),
            (plan(rest: "thresholds: {pass: 95, marginal: 0}"), 3, "thresholds.marginal", "marginal instead of fail"),
            (plan(rest: "thresholds: {pass: 0, marginal: 0}"), 3, "thresholds.pass", "pass"),
            (plan(rest: "minimumSamples: 3"), 3, "minimumSamples", "any separation for a difference"),
            (plan(rest: "scopes: {control: {before: 1h}}"), 3, "scopes.control.before", "change of traffic"),
            (plan(schedule: "step: 15s, interval: 1m, lifetime: 5m"), 2, "schedule.lifetime", "has 20 samples a side"),
            (plan(metric: "group: g, missing: replace"), 5, "metrics[0].missing", "passes, even where"),
            (plan(metric: "group: g, noData: zero"), 5, "metrics[0].noData", "two sides without data pass"),
            (plan(metric: "group: g, noData: pass"), 5, "metrics[0].noData", "half of all metrics"),
            (plan(metric: "group: g, outliers: {remove: 3}"), 5, "metrics[0].outliers", "can vanish"),
            (
                plan(metric: "group: g, effect: {measure: cles, allowedIncrease: 1.2}"), 5, "metrics[0].effect",
                "between 0 and 1"
            ),
            (
                plan(schedule: "step: 15s, interval: 1m, lifetime: 3h"), 5, "metrics[0].effect",
                "differences of a percent fail at 720 samples"
            ),
            (plan().replacing("up,", with: "\"rate(x[5m])\","), 5, "metrics[0].query", "reads 5m every 15s"),
        ]
    )
    func quirks(text: String, line: Int, field: String, problem: String) throws {
        let warnings = try Self.warnings(text)
        let found = warnings.first { $0.field == field && $0.problem.contains(problem) }
        #expect(found?.line == line, "\(warnings)")
        #expect(found?.description.hasPrefix("p.yaml:\(line):") == true)
        #expect(found?.description.contains(": warning: \(field): ") == true)
    }

    @Test("Settings that conditions does not read") func conditions() throws {
        let text = Self.plan(
            metric: "group: g, condition: canary < 1, direction: increase, effect: {allowedIncrease: 2}",
            rest: "judge: conditions\ngroupWeights: {g: 50, h: 50}"
        )
        let fields = try Self.warnings(text).map(\.field)
        #expect(fields == ["groupWeights.h", "metrics[0].direction", "metrics[0].effect"])
    }

    @Test("Warnings come in the order of lines") func order() throws {
        let text = Self.plan(metric: "missing: replace, noData: zero", rest: "minimumSamples: 2")
        let lines = try Self.warnings(text).map(\.line)
        #expect(lines == lines.sorted() && lines.count >= 3)
    }
}
