import Analysis
import PlanFormats
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
        "name: p\nschedule: {\(schedule)}\n\(rest)\nmetrics:\n  - {name: m, query: \"avg(up{${scope}})\", \(metric)}\n"
            + (rest.contains("judge:") ? "" : "judge: NetflixACAJudge-v1.0\n")
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
            (plan(rest: "minimumSamples: 3"), 3, "minimumSamples", "any separation for a difference"),
            (plan(rest: "scopes: {control: {before: 1h}}"), 3, "scopes.control.before", "change of traffic"),
            (plan(schedule: "step: 15s, interval: 1m, lifetime: 5m"), 2, "schedule.lifetime", "has 20 samples a side"),
            (plan(metric: "group: g, missing: replace"), 5, "metrics[0].missing", "count like measured"),
            (plan(metric: "group: g, noData: zero"), 5, "metrics[0].noData", "two sides without data pass"),
            (plan(metric: "group: g, noData: pass"), 5, "metrics[0].noData", "half of all metrics"),
            (plan(metric: "group: g, noData: pass, critical: true"), 5, "metrics[0].noData", "fails the release"),
            (
                plan(metric: "group: g, noData: pass}\n  - {name: n, query: \"avg(up{${scope}})\", group: h"), 5,
                "metrics[0].noData",
                "group g may be without data, and the group then counts as 100"
            ),
            (
                plan(metric: "critical: true}\n  - {name: n, query: \"avg(up{${scope}})\", group: h"), 5,
                "metrics[0].groups",
                "is in no group"
            ),
            (plan(metric: "group: g, critical: true", rest: "minimumSamples: 1"), 3, "minimumSamples", "are in error"),
            (plan(metric: "group: g, outliers: {remove: 3}"), 5, "metrics[0].outliers", "can vanish"),
            (
                plan(schedule: "step: 15s, interval: 1m, lifetime: 3h"), 5, "metrics[0].effect",
                "differences of a percent fail at 720 samples"
            ),
            (plan(schedule: "step: 15s, interval: 15s, lifetime: 15m"), 1, "failFast", "each of 60 looks may fail"),
            (
                plan(schedule: "step: 15s, interval: 1m, lifetime: 15m, window: 5m"), 2, "schedule.window",
                "has 20 samples a side"
            ),
        ]
    )
    func quirks(text: String, line: Int, field: String, problem: String) throws {
        let warnings = try Self.warnings(text)
        let found = warnings.first { $0.field == field && $0.problem.contains(problem) }
        #expect(found?.line == line, "\(warnings)")
        #expect(found?.description.hasPrefix("p.yaml:\(line):") == true)
        #expect(found?.description.contains(": warning: \(field): ") == true)
    }

    @Test(
        "Effect limits that do not mean what they seem to",
        arguments: [
            ("measure: cles, allowedIncrease: 1.2", "", "between 0 and 1"),
            ("allowedIncrease: 0.2", ".allowedIncrease", "0.2 holds nothing back: no effect is 1, 1.2 stands for"),
            ("allowedDecrease: 1.2", ".allowedDecrease", "0.8 stands for 20 % less"),
            ("measure: cles, allowedIncrease: 0.3", ".allowedIncrease", "no effect is 0.5, 0.7 stands for"),
            ("measure: cles, allowedDecrease: 0.7", ".allowedDecrease", "0.3 stands for"),
            ("allowedIncrease: 1.5, criticalIncrease: 1.2", ".criticalIncrease", "is below allowedIncrease"),
            ("allowedDecrease: 0.5, criticalDecrease: 0.8", ".criticalDecrease", "is above allowedDecrease"),
        ]
    )
    func limits(effect: String, field: String, problem: String) throws {
        let warnings = try Self.warnings(Self.plan(metric: "group: g, critical: true, effect: {\(effect)}"))
        #expect(warnings.map(\.field) == ["metrics[0].effect" + field], "\(warnings)")
        #expect(warnings.first?.problem.contains(problem) == true, "\(warnings)")
        #expect(warnings.first?.problem.hasSuffix("(docs/judges/kayenta.md#effect-limits)") == true, "\(warnings)")
    }

    @Test(
        "Effect limits that are not used",
        arguments: [
            ("direction: increase, effect: {allowedDecrease: 0.8}", ".allowedDecrease", "direction increase"),
            ("direction: decrease, effect: {allowedIncrease: 1.2}", ".allowedIncrease", "direction decrease"),
            ("effect: {criticalIncrease: 2}", ".criticalIncrease", "where the metric is critical"),
        ]
    )
    func unused(settings: String, field: String, problem: String) throws {
        let warnings = try Self.warnings(Self.plan(metric: "group: g, \(settings)"))
        #expect(warnings.map(\.field) == ["metrics[0].effect" + field], "\(warnings)")
        #expect(warnings.first?.problem.contains(problem) == true, "\(warnings)")
    }

    @Test(
        "Limits that make sense",
        arguments: [
            "allowedIncrease: 1.2, criticalIncrease: 1.5", "allowedDecrease: 0.8, criticalDecrease: 0.5",
            "allowedIncrease: 1",
            "measure: cles, allowedIncrease: 0.7, allowedDecrease: 0.3", "allowedIncrease: 1.2, criticalIncrease: 1.2",
        ]
    )
    func sensible(effect: String) throws {
        #expect(try Self.warnings(Self.plan(metric: "group: g, critical: true, effect: {\(effect)}")) == [])
    }

    @Test(
        "Ranges longer than two steps",
        arguments: [
            ("5m", "reads 5m every 15s", 64), ("1m", "reads 1m every 15s", 19), ("45s", "reads 45s", 7),
            ("1h:1m", "reads 1h every", 84), ("${interval}", "reads 1m", 19), ("${window}", "reads 15m every 15s", 64),
        ]
    )
    func overlap(range: String, problem: String, falseAlarms: Int) throws {
        let query = "sum(avg_over_time(x{${scope}}[15s])) + sum(avg_over_time(x{${scope}}[\(range)]))"
        let warnings = try Self.warnings(Self.plan().replacing("avg(up{${scope}})", with: query))
        #expect(warnings.map(\.field) == ["metrics[0].query"], "\(warnings)")
        let text = warnings.first?.problem ?? ""
        #expect(text.contains(problem) && text.contains("about \(falseAlarms) in 100"), "\(text)")
        #expect(text.hasSuffix("(docs/judges/kayenta.md#overlapping-samples)"), "\(text)")
    }

    @Test("Ranges up to two steps", arguments: ["30s", "15s", "${step}"]) func apart(range: String) throws {
        #expect(
            try Self.warnings(Self.plan().replacing("up{${scope}}", with: "avg_over_time(x{${scope}}[\(range)])")) == []
        )
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
