import PlanFormats
import Testing

/// What of a plan the sequential judge does not use, and where it can decide little.
@Suite struct SequentialPlanWarningsTests {
    private static func warnings(
        _ metric: [(String, String)],
        schedule: String = "{step: 15s, interval: 1m, lifetime: 60m}",
        extra: String = ""
    ) throws -> [String] {
        PlanWarnings.warnings(for: try InputPlans.document(metric, schedule: schedule, extra: extra))
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
