import PlanFormats
import Testing

/// What of a plan the sequential judge does not use, and where it can decide little.
@Suite struct SequentialPlanWarningsTests {
    private static func warnings(
        _ metric: [(String, String)],
        schedule: String = "{step: 15s, interval: 1m, lifetime: 60m}",
        control: String = "{labels: {track: stable}}",
        extra: String = ""
    ) throws -> [String] {
        PlanWarnings.warnings(
            for: try InputPlans.document(metric, schedule: schedule, control: control, extra: extra)
        )
        .map { "\($0.field): \($0.problem)" }
    }

    private static let value = InputPlans.query("max(queue{${scope}})")

    @Test(
        "About the schedule",
        arguments: [
            ("{step: 15s, interval: 1m, lifetime: 10m}", nil),
            (
                "{step: 15s, interval: 1m, lifetime: 9m}",
                "schedule.lifetime: gives 36 steps: with 20 steps a shift of a value by +25 %"
            ),
            (
                "{step: 1m, interval: 1m, lifetime: 16m}",
                "schedule.lifetime: gives 16 steps: a value passes after 20 at the earliest"
            ),
            (
                "{step: 15s, interval: 1m, lifetime: 60m, window: 10m}",
                "schedule.window: means nothing to the judge sequential"
            ),
            ("{step: 15s, interval: 1m, lifetime: 60m, window: growing}", nil),
        ]
    )
    func schedules(schedule: String, warning: String?) throws {
        let found = try Self.warnings(Self.value, schedule: schedule)
        if let warning {
            #expect(found.contains { $0.hasPrefix(warning) }, "\(found)")
        } else {
            #expect(found == [])
        }
        // Counts need no number of steps.
        let counts = try Self.warnings(
            InputPlans.query("sum(rate(a_total{${scope}, x=\"y\"}[15s])) / sum(rate(a_total{${scope}}[15s]))"),
            schedule: schedule
        )
        #expect(!counts.contains { $0.hasPrefix("schedule.lifetime") }, "\(counts)")
    }

    @Test func `a pass does not wait for a signal, nor where undecided releases pass`() throws {
        let short = "{step: 1m, interval: 1m, lifetime: 16m}"
        for (metric, extra) in [
            (Self.value + [("role", "signal")], "sequential: {undecided: pass}"),
            (Self.value, "sequential: {undecided: pass}"),
        ] {
            let found = try Self.warnings(metric, schedule: short, extra: extra)
            #expect(!found.contains { $0.contains("at the earliest") }, "\(found)")
        }
    }

    @Test func `signals alone can pass no release`() {
        let error = #expect(throws: PlanFileErrors.self) { try Self.warnings(Self.value + [("role", "signal")]) }
        #expect(error.map { "\($0)".contains("are all of role signal or info") } == true)
    }

    @Test(
        "Samples that overlap",
        arguments: [
            ("max(avg_over_time(queue{${scope}}[1m]))", "query: reads 1m every 15s: neighbouring samples repeat"),
            ("max(avg_over_time(queue{${scope}}[15s]))", nil),
            ("sum(rate(a_total{${scope}, x=\"y\"}[1m])) / sum(rate(a_total{${scope}}[1m]))", nil),
            (
                "sum(rate(a_total{${scope}, x=\"y\"}[5m])) / sum(rate(a_total{${scope}}[5m]))",
                "query: reads 5m every 1m: neighbouring counts share events"
            ),
            ("histogram_quantile(0.9, sum by (le) (rate(a_bucket{${scope}}[5m])))", "query: reads 5m every 1m"),
        ]
    )
    func overlaps(query: String, warning: String?) throws {
        let found = try Self.warnings(InputPlans.query(query))
        #expect(found.count == (warning == nil ? 0 : 1), "\(found)")
        if let warning { #expect(found.first?.hasPrefix("metrics[0].\(warning)") == true, "\(found)") }
        #expect(try Self.warnings(InputPlans.query("sum(rate(a_total{${scope}}[1h]))")).count == 1)
    }

    @Test(
        "A group without a weight fails nothing",
        arguments: [
            ("{b: 100}", "groupWeights: leaves the group a 0, so that the critical metric m fails no release"),
            ("{a: 0, b: 100}", "groupWeights.a: is 0, so that the critical metric m fails no release"),
            ("{a: 1, b: 99}", nil), ("{a: 0}", "groupWeights.a: is 0"), ("{}", nil),
        ]
    )
    func weightless(weights: String, warning: String?) throws {
        let other = "\n  - {name: other, group: b, query: 'max(other{${scope}})'}"
        for (role, control) in [("critical", "{labels: {track: stable}}"), ("info", ""), ("critical", "{before: 1d}")] {
            let isSaid = role != "info" && !control.contains("before")
            let found = try Self.warnings(
                Self.value + [("role", role), ("group", "a\(other)")],
                control: control.isEmpty ? "{labels: {track: stable}}" : control,
                extra: "groupWeights: \(weights)"
            ).filter { $0.hasPrefix("groupWeights") }
            #expect(found.count == (isSaid && warning != nil ? 1 : 0), "\(found)")
            if isSaid, let warning { #expect(found.first?.hasPrefix(warning) == true, "\(found)") }
        }
    }

    @Test(
        "A plan of which each group that counts has no weight is refused",
        arguments: [
            ("{a: 0, b: 0}", "signal", true), ("{a: 0}", "info", true), ("{b: 100}", "info", true),
            ("{a: 0, b: 100}", "info", true), ("{a: 0}", "signal", false), ("{b: 0}", "signal", false),
            ("{b: 0}", "info", false), ("{c: 100}", "info", false), ("{}", "info", false),
        ]
    )
    func allWeightless(weights: String, other: String, isRefused: Bool) throws {
        let metrics =
            Self.value + [("group", "a\n  - {name: other, group: b, role: \(other), query: 'max(x{${scope}})'}")]
        let extra = "groupWeights: \(weights)"
        if isRefused {
            let error = #expect(throws: PlanFileErrors.self) { try Self.warnings(metrics, extra: extra) }
            #expect(error.map { "\($0)".contains("leave each group of a metric that counts 0") } == true, "\(error!)")
        } else {
            _ = try Self.warnings(metrics, extra: extra)
        }
        // Against the past each metric has a level of its own.
        _ = try Self.warnings(metrics, control: "{before: 1d}", extra: extra)
    }

    @Test func `against the past some keys mean nothing, and zeros decide nothing`() throws {
        let unused = try Self.warnings(
            Self.value + [("effect", "{margin: 1.2, harm: 2, gate: 1.3, floor: 5}")],
            control: "{before: 1d}",
            extra: "sequential: {minimumRequests: 5, split: warn}"
        )
        let fields = [
            "sequential.minimumRequests", "sequential.split", "metrics[0].effect.harm", "metrics[0].effect.gate",
            "metrics[0].effect.floor",
        ]
        #expect(Set(unused.map { String($0.prefix { $0 != ":" }) }) == Set(fields), "\(unused)")
        let (bad, all) = ("sum(rate(a_total{${scope}, code=~\"5..\"}[15s]))", "sum(rate(a_total{${scope}}[15s]))")
        for (metric, field) in [
            (InputPlans.query("(\(bad) or vector(0)) / \(all)"), "query"),
            ([("errors", InputPlans.quoted("\(bad) or vector(0)")), ("requests", InputPlans.quoted(all))], "errors"),
            (InputPlans.query("max(queue{${scope}}) or vector(0)"), "query"),
            (Self.value + [("noData", "zero")], "noData"),
        ] {
            let problem = "metrics[0].\(field): makes zeros of what is missing"
            let past = try Self.warnings(metric, control: "{before: 1d}")
            #expect(past.contains { $0.hasPrefix(problem) }, "\(past)")
            let beside = try Self.warnings(metric)
            #expect(!beside.contains { $0.hasPrefix(problem) }, "\(beside)")
        }
        let counts = [("errors", InputPlans.quoted(bad)), ("requests", InputPlans.quoted(all)), ("noData", "zero")]
        let all0 = try Self.warnings(counts, control: "{before: 1d}")
        #expect(all0.contains { $0.hasPrefix("metrics: each counts missing samples as 0") }, "\(all0)")
    }

    @Test func `keys of other judges, and weights of no group`() throws {
        let found = try Self.warnings(
            Self.value + [
                ("effect", "{allowedIncrease: 1.2, margin: 1.1}"), ("outliers", "{remove: 3}"), ("group", "a"),
            ],
            extra: "groupWeights: {b: 50}"
        )
        #expect(found.count == 3, "\(found)")
        #expect(found[0].hasPrefix("groupWeights.b: no metric is in this group"))
        #expect(found[1].hasPrefix("metrics[0].effect: has limits that only the judge NetflixACAJudge-v1.0 uses"))
        #expect(found[2].hasPrefix("metrics[0].outliers: is not used by the judge sequential"))
    }
}
