import Analysis
import Judging
import Testing

@Suite struct DetectionOutlookTests {
    private static let counts = MetricInput.counts(events: CountQuery(query: "e"), requests: CountQuery(query: "r"))

    private static func plan(
        _ metrics: [PlannedMetric],
        step: Int = 60,
        interval: Int = 60,
        lifetime: Int = 3600,
        control: ControlScope? = nil
    ) -> AnalysisPlan {
        AnalysisPlan(
            name: "p",
            scopes: PlanScopes(control: control),
            judge: "sequential",
            schedule: AnalysisSchedule(
                step: .seconds(step),
                interval: .seconds(interval),
                lifetime: .seconds(lifetime)
            ),
            minimumSamples: 1,
            metrics: metrics
        )
    }

    private static func metric(
        _ name: String,
        _ role: MetricRole = .guardrail,
        input: MetricInput = counts,
        kind: MetricKind? = .errors,
        groups: [String] = []
    ) -> PlannedMetric {
        var metric = PlannedMetric(
            name: name,
            kind: kind,
            query: "q",
            input: input,
            groups: groups,
            direction: .increase
        )
        metric.role = role
        return metric
    }

    /// 2,000 requests a minute, a tenth for the new version, 1 % errors.
    private static let measured = MeasuredCounts(
        control: ExposureTotals(events: 180, requests: 18_000),
        experiment: ExposureTotals(events: 25, requests: 2000),
        duration: .seconds(600)
    )

    @Test func `effects are told in looks`() {
        let outlook = DetectionOutlook(of: 0, in: Self.plan([Self.metric("m")]), measured: Self.measured)
        #expect(
            outlook.sentence
                == "1 % errors of 2000 requests a minute, 10 % of them for the new version: "
                + "×1.5 visible after about 29 looks, ×2 after 8, ×3 after 3, ×10 after 1"
        )
        let short = DetectionOutlook(
            of: 0,
            in: Self.plan([Self.metric("m")], lifetime: 900),
            measured: Self.measured
        )
        #expect(
            short.sentence.hasSuffix(
                ": ×2 visible after about 8 looks, ×3 after 3, ×10 after 1; ×1.5 not within this lifetime"
            )
        )
        let rare = DetectionOutlook(
            of: 0,
            in: Self.plan([Self.metric("m")], lifetime: 120),
            measured: MeasuredCounts(
                control: ExposureTotals(events: 1, requests: 1000),
                experiment: nil,
                duration: .seconds(3600)
            ),
            weight: 1
        )
        #expect(rare.sentence.hasSuffix(": not even ×10 is visible within this lifetime"))
        #expect(!rare.canDecide && short.canDecide && outlook.canDecide)
    }

    @Test func `a declared weight stands for the share of a version that does not run yet`() {
        let before = MeasuredCounts(
            control: ExposureTotals(events: 200, requests: 20_000),
            experiment: nil,
            duration: .seconds(600)
        )
        let plan = Self.plan([Self.metric("m")])
        #expect(
            DetectionOutlook(of: 0, in: plan, measured: before, weight: 10).sentence.contains("×2 after 8")
        )
        #expect(DetectionOutlook(of: 0, in: plan, measured: before).sentence.hasPrefix("needs errors of both sides"))
        #expect(DetectionOutlook(of: 0, in: plan, measured: before, weight: 0).sentence.hasPrefix("needs errors"))
    }

    @Test func `without measurements the events are told that are needed`() {
        let plan = Self.plan([Self.metric("m"), Self.metric("n", input: .histogram(buckets: CountQuery(query: "b")))])
        #expect(
            DetectionOutlook(of: 0, in: Self.plan([Self.metric("m")])).sentence
                == "needs errors of both sides together: about 610 for ×1.5, 180 for ×2, 56 for ×3, 9 for ×10 where the new "
                + "version gets 10 % of the requests; 280 for ×1.5, 94 for ×2, 40 for ×3, 14 for ×10 where the new version gets "
                + "50 % of the requests"
        )
        #expect(DetectionOutlook(of: 1, in: plan, weight: 10).sentence.contains("needs slow requests"))
    }

    @Test func `no errors of the control make few of the new version enough`() {
        let none = MeasuredCounts(
            control: ExposureTotals(events: 0, requests: 18_000),
            experiment: ExposureTotals(events: 0, requests: 2000),
            duration: .seconds(600)
        )
        let outlook = DetectionOutlook(of: 0, in: Self.plan([Self.metric("m")]), measured: none)
        #expect(outlook.sentence.hasSuffix("without any errors of the control, 3 of the new version alone fail it"))
    }

    @Test(
        "More requests than come within the lifetime are never reached",
        arguments: [
            // 120,000 requests an hour, a tenth for the new version.
            (11_999, nil, 10.0, true), (12_001, "about 12000 requests of a side", 10, false), (59_000, nil, nil, false),
            (6_001, "about 6000 requests of a side", 95, false), (5_999, nil, 95, true),
            (61_000, "about 60000 requests of a side", nil, false),
        ] as [(Double, String?, Double?, Bool)]
    )
    func minimumRequests(minimum: Double, said: String?, weight: Double?, isSplit: Bool) {
        for input in [Self.counts, .histogram(buckets: CountQuery(query: "b"))] {
            var plan = Self.plan([Self.metric("m", input: input)])
            plan.sequential.minimumRequests = minimum
            var measured = Self.measured
            if !isSplit {
                measured.control.requests += 2000
                measured.experiment = nil
            }
            let outlook = DetectionOutlook(of: 0, in: plan, measured: measured, weight: weight)
            #expect(outlook.sentence.hasPrefix("can never decide with this traffic") == (said != nil), "\(outlook)")
            if let said { #expect(outlook.sentence.contains(said), "\(outlook)") }
            #expect(said == nil || !outlook.canDecide)
        }
    }

    @Test func `values are told in steps`() {
        let value = Self.metric("m", input: .value, kind: nil)
        #expect(
            DetectionOutlook(of: 0, in: Self.plan([value])).sentence
                == "fails after 12 steps (12m) at the earliest; in 60 steps +25 % is found in about 95 of 100 analyses, +50 % in 98"
        )
        #expect(
            DetectionOutlook(of: 0, in: Self.plan([value], lifetime: 900)).sentence.contains("more than this plan has")
        )
        let past = DetectionOutlook(of: 0, in: Self.plan([value], control: .before(.seconds(86_400))))
        #expect(past.sentence.contains("three looks in a row"))
        #expect(DetectionOutlook(of: 0, in: Self.plan([Self.metric("m", .info)])).sentence.contains("decides nothing"))
    }

    @Test func `the level is shared by groups and roles`() {
        var plan = Self.plan([
            Self.metric("a", .critical, groups: ["x"]), Self.metric("b", groups: ["x"]),
            Self.metric("c", .signal, groups: ["y"]), Self.metric("d", .info, groups: ["y"]),
        ])
        plan.groupWeights = ["x": 60]
        let shares = plan.levelShares
        #expect(shares[3] == 0)
        #expect(abs(shares.reduce(0, +) - 1) < 1e-12)
        #expect(abs(shares[0] / shares[1] - 2) < 1e-12)
        #expect(abs(shares[2] / shares[1] - 40.0 / 30) < 1e-12)
    }

    @Test(
        "What can never decide is an error",
        arguments: [(11, MetricRole.guardrail, true), (12, .guardrail, false), (11, .info, false), (11, .signal, true)]
    )
    func never(steps: Int, role: MetricRole, isError: Bool) {
        let value = Self.metric("v", role, input: .value, kind: nil)
        let plan = Self.plan([value, Self.metric("c")], lifetime: 60 * steps)
        let problems = plan.problems.map(\.description)
        #expect(
            problems.contains { $0.hasPrefix("metrics[0]: can never decide: the lifetime has 11 steps") } == isError
        )
        #expect(problems.count == (isError ? 1 : 0), "\(problems)")
    }

    @Test func `a plan in which nothing counts is an error`() {
        let plan = Self.plan([Self.metric("a", .info)])
        #expect(plan.problems.map(\.field) == ["metrics"])
        #expect(plan.problems[0].problem.contains("can never decide"))
        // Any direction is two tests, each at half the level.
        var either = Self.metric("v", input: .value, kind: nil)
        either.direction = .either
        #expect(Self.plan([either], lifetime: 720).problems.count == 1)
        #expect(Self.plan([either], lifetime: 900).problems.isEmpty)
        // Against the past a few steps are enough.
        #expect(Self.plan([either], lifetime: 300, control: .before(.seconds(3600))).problems.isEmpty)
    }

    @Test(
        "A unit is as long as an interval or a 60th of the lifetime",
        arguments: [
            (15, 60, 3600, 60), (15, 300, 3600, 60), (15, 30, 3600, 30), (60, 60, 600, 60), (7, 70, 700, 14),
            (10, 1000, 10_000, 170),
        ]
    )
    func units(step: Int, interval: Int, lifetime: Int, unit: Int) {
        let plan = Self.plan([Self.metric("m")], step: step, interval: interval, lifetime: lifetime)
        #expect(plan.schedule.unit == .seconds(unit))
    }

    @Test("Pods hide effects, whatever the number of requests") func pods() {
        var metric = Self.metric("m")
        metric.breakdown = Breakdown(.pods(PodRule()), label: "pod")
        let sentence = DetectionOutlook(of: 0, in: Self.plan([metric]), weight: 50).sentence
        let end =
            "; pods that differ by 10 % hide effects up to about ×1.65 with 1 pod a side, ×1.45 with 5, ×1.15 with 20"
        #expect(sentence.hasSuffix(end), "\(sentence)")
        metric.breakdown = Breakdown(.pods(PodRule(assumedSpread: 5)), label: "pod")
        #expect(DetectionOutlook(of: 0, in: Self.plan([metric]), weight: 50).sentence.contains("about ×32 with 1 pod"))
        metric.breakdown = Breakdown(.pods(PodRule(assumedSpread: 0)), label: "pod")
        #expect(!DetectionOutlook(of: 0, in: Self.plan([metric]), weight: 50).sentence.contains("pods"))
    }
}
