import PlanFormats
import Testing

/// Parts of a plan that cannot be meant so, whatever its judge.
@Suite struct PlanSanityTests {
    private static func plan(_ extra: String, _ metric: String = "{name: m, query: 'sum(x{${scope}})'}") -> String {
        """
        name: p
        schedule: {interval: 1m, lifetime: 60m}
        \(extra)
        metrics:
          - \(metric)
        """
    }

    @Test(
        "Thresholds are percent",
        arguments: [
            (
                "thresholds: {pass: 0.95, marginal: 0.75}",
                ["0.95 is a fraction, and scores are percent, from 0 to 100: 95 is meant?", "0.75 is a fraction"]
            ),
            ("thresholds: {pass: 0.9}", ["0.9 is a fraction"]), ("thresholds: {marginal: 0.5}", ["0.5 is a fraction"]),
            ("thresholds: {pass: 1, marginal: 0}", ["1 is a fraction"]),
            ("thresholds: {pass: 60}", ["75, which is the default, is above pass (60): give a marginal of at most 60"]),
            ("thresholds: {pass: 60, marginal: 80}", ["80 is above pass (60)"]),
            ("thresholds: {pass: 0, marginal: 0}", ["0 lets every release pass"]),
            ("thresholds: {pass: 101}", ["must lie between 0 and 100"]),
        ]
    )
    func thresholds(_ extra: String, problems: [String]) throws {
        let error = #expect(throws: PlanFileErrors.self) { try PlanReader().readInline(Self.plan(extra)) }
        #expect(error?.errors.count == problems.count)
        for problem in problems { #expect(error?.description.contains(problem) == true, "\(error!)") }
    }

    private static func warnings(_ extra: String, _ metric: String = "{name: m, query: 'sum(x{${scope}})'}") throws
        -> [String]
    {
        let document = try PlanReader().readInline(plan(extra, metric), file: "p.yaml")
        #expect(
            PlanWarnings.warnings(for: document).map(\.description).filter {
                $0.contains("metrics: ") || ($0.contains("scopes") && !$0.contains("time of day"))
                    || $0.contains("percent: {")
                    || $0.contains("thresholds.pass") || $0.contains("compares nothing")
            }.count == PlanWarnings.ofVerdict(document.plan).count
        )
        return PlanWarnings.ofVerdict(document.plan)
    }

    @Test(
        "Weights are percent, scopes differ, something needs samples",
        arguments: [
            (
                "groupWeights: {a: 0.6, b: 0.4}",
                "plan, groupWeights: add up to 1, and are percent: {a: 60, b: 40} is meant?"
            ),
            (
                "scopes: {control: {labels: {a: x}}, experiment: {labels: {a: x}}}",
                "plan, scopes.experiment: are the labels of scopes.control"
            ),
            (
                "scopes: {control: {labels: {a: x}}, experiment: {labels: {a: x, b: y}}}",
                "plan, scopes.control: select the new version's series too"
            ),
            (
                "scopes: {control: {labels: {a: x, b: y}}, experiment: {labels: {a: x}}}",
                "plan, scopes.experiment: select the control's series too"
            ),
            (
                "scopes: {control: {before: 10m}, experiment: {labels: {a: x}}}",
                "plan, scopes.control.before: 10m is shorter than warm-up and lifetime together (1h), so that"
            ),
            (
                "scopes: {control: {labels: {a: x}}, experiment: {labels: {a: \"${relase}\"}}}",
                "plan, scopes.experiment.labels.a: ${relase} is no variable here"
            ),
            (
                "thresholds: {pass: 5, marginal: 2}",
                "plan, thresholds.pass: 5 lets a release pass of which more than half has failed"
            ),
        ]
    )
    func surprises(_ extra: String, warning: String) throws {
        let found = try Self.warnings(extra)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(warning) == true, "\(found)")
    }

    @Test(
        "Where everything counts as 0",
        arguments: [
            ("{name: m, query: 'sum(x{${scope}})', noData: zero}", true),
            ("{name: m, query: 'sum(x{${scope}}) or vector(0)'}", true),
            ("{name: m, query: '(sum(x{${scope}}) or vector(0)) / sum(y{${scope}})'}", false),
            ("{name: m, query: 'sum(x{${scope}})'}", false),
        ]
    )
    func zeros(_ metric: String, isSaid: Bool) throws {
        let found = try Self.warnings("", metric).filter {
            $0.hasPrefix("plan, metrics: each counts missing samples as 0")
        }
        #expect(found.isEmpty == !isSaid)
    }

    @Test func nothingToSay() throws {
        #expect(
            try Self.warnings(
                "scopes: {control: {labels: {t: a}}, experiment: {labels: {t: b}}}\ngroupWeights: {a: 60, b: 40}"
            ).isEmpty
        )
    }

    @Test("Metrics that decide nothing")
    func idleMetrics() throws {
        let metric = "{name: m, query: 'sum(x{${scope}})', condition: canary < control, muted: true}"
        let muted = try Self.warnings("judge: conditions", metric)
        #expect(muted == ["plan, metrics: are all muted, so that nothing is judged"])
        for (condition, text) in [
            ("canary <= 1.2 * canary", "canary <= 1.2 * canary"), ("canary < 5 or 1 < 2", "1 < 2"),
            ("canary >= control and canary == canary", "canary == canary"),
        ] {
            let metric = "{name: m, query: 'sum(x{${scope}})', condition: '\(condition)'}"
            let found = try Self.warnings("judge: conditions", metric)
            #expect(
                found == [
                    "plan, metrics[0].condition: \"\(text)\" compares nothing with the control or a limit: its outcome is known"
                ]
            )
        }
        for condition in ["p95(canary) < 2 * median(canary)", "canary < 5", "control < 5 or canary < 2 * control"] {
            let metric = "{name: m, query: 'sum(x{${scope}})', condition: '\(condition)'}"
            #expect(try Self.warnings("judge: conditions", metric).isEmpty, "\(condition)")
        }
    }

    @Test("A condition without the canary is refused", arguments: ["control < 5", "1 < 2", "max(control, 1) >= 0"])
    func conditionsOfTheControl(_ condition: String) throws {
        let metric = "{name: m, query: 'sum(x{${scope}})', condition: '\(condition)'}"
        let error = #expect(throws: PlanFileErrors.self) {
            try PlanReader().readInline(Self.plan("judge: conditions", metric))
        }
        #expect(error?.description.contains("condition: does not read the canary") == true, "\(error!)")
    }
}
