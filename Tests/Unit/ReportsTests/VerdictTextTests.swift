import Analysis
import EventFormats
import Judging
import Testing

@testable import Reports

@Suite("Verdicts on the terminal")
struct VerdictTextTests {
    private let plain = VerdictText(detail: .reasons, sides: (control: "stable", experiment: "canary"))
    private static let errors = "sum(rate(r_total{code=~\"5..\"}[4s])) / sum(rate(r_total[4s]))"
    private static let latency = "sum(rate(d_seconds_sum[4s])) / sum(rate(d_seconds_count[4s]))"
    private static let requests = "sum(rate(r_total[4s]))"

    @Test("An interim verdict: heading, a table that lines up, why and what next")
    func interim() {
        let verdict = Fixtures.verdict(
            kind: .interim,
            look: 2,
            metrics: [
                Fixtures.metric("error-ratio", control: 0, experiment: 0, count: 16, query: Self.errors),
                Fixtures.metric(
                    "latency-mean",
                    control: 0.0454,
                    experiment: 0.0466,
                    count: 16,
                    query: Self.latency
                ),
                Fixtures.metric(
                    "request-rate",
                    control: 45,
                    experiment: 15,
                    count: 16,
                    classification: .low,
                    reason: "lower",
                    muted: true,
                    query: Self.requests
                ),
            ]
        )
        #expect(
            plain.lines(verdict) == [
                "  look 2 of 5 · 08:00:00 to 08:00:16, 16 steps · score 100 · so far: pass",
                "    metric                stable          canary  ratio  result",
                "    error-ratio    0.00 % (n 16)   0.00 % (n 16)         Pass",
                "    latency-mean  45.4 ms (n 16)  46.6 ms (n 16)  ×1.03  Pass",
                "    request-rate   45.0/s (n 16)   15.0/s (n 16)  ×0.33  shown only",
                "    why:  score 100 (pass 95, marginal 75)",
                "    next: look 3 of 5",
            ]
        )
    }

    @Test("A plan that the operator did not write is named in the title, and beside the reason")
    func planOfEvent() {
        var verdict = Fixtures.verdict()
        for origin in [PlanOrigin.directory, nil] {
            verdict.planOrigin = origin
            #expect(plain.title(verdict) == "shop 1.1.0 in demo: PASS")
            #expect(!plain.lines(verdict).contains { $0.contains("plan:") })
        }
        verdict.planOrigin = .event
        #expect(plain.title(verdict) == "shop 1.1.0 in demo: PASS, by a plan that came with the deploy event")
        #expect(
            plain.lines(verdict).contains(
                "    plan: shop-canary came with the deploy event: its sender decides what passes"
            )
        )
        let page = VerdictMarkdown.text(verdict)
        #expect(page.contains("\nPlan: shop-canary came with the deploy event: its sender decides what passes.\n"))
        verdict.planOrigin = .unknown("gateway")
        #expect(plain.title(verdict) == "shop 1.1.0 in demo: PASS, by a plan that comes from gateway")
    }

    @Test("A failed one names what failed and why; a metric that is waited for says so")
    func failed() {
        let verdict = Fixtures.verdict(
            result: .fail,
            look: 1,
            metrics: [
                Fixtures.metric(
                    "error-ratio",
                    control: 0,
                    experiment: 0.0793,
                    classification: .high,
                    reason: "too many",
                    critical: true,
                    query: Self.errors
                ),
                Fixtures.metric(
                    "latency-p95",
                    control: 0,
                    experiment: 0,
                    count: 0,
                    classification: .nodata,
                    reason: "5 of 6",
                    held: .tooFewSamples
                ),
            ],
            score: 0
        )
        let lines = plain.lines(verdict)
        #expect(lines.first == "  look 1 of 5 · 08:00:00 to 08:00:08, 8 steps · score 0 · final verdict: fail")
        #expect(lines.contains { $0.contains("7.93 % (n 8)") && $0.hasSuffix("High, critical") })
        #expect(lines.contains { $0.contains("no samples") && $0.hasSuffix("waiting: tooFewSamples") })
        #expect(lines.contains("    error-ratio: too many"))
        #expect(!lines.contains { $0.contains("next:") })
    }

    @Test("An analysis that did not run shows its status instead of a result", arguments: VerdictStatus.allCases)
    func status(status: VerdictStatus) {
        let line = plain.lines(Fixtures.verdict(status: status, result: .inconclusive)).first ?? ""
        #expect(line.hasSuffix(status == .completed ? "inconclusive" : status.rawValue))
    }

    @Test("An action: what, for which version, how it went, why")
    func action() {
        #expect(
            plain.lines(Fixtures.action(Fixtures.verdict(), .promote)) == [
                "  controller: promote 1.1.0: done",
                "    why:  The result is known.",
                "    The webhook answered with status 200.",
            ]
        )
    }

    @Test("Colours only where they are wanted")
    func colours() {
        let verdict = Fixtures.verdict(metrics: [Fixtures.metric("latency-mean", control: 1, experiment: 1)])
        let coloured = VerdictText(style: TerminalStyle(isColoured: true))
        #expect(coloured.lines(verdict).joined().contains("\u{1B}[32mpass\u{1B}[0m"))
        #expect(!plain.lines(verdict).joined().contains("\u{1B}"))
        #expect(TerminalStyle(isTerminal: true, environment: [:]).isColoured)
        #expect(!TerminalStyle(isTerminal: false, environment: [:]).isColoured)
        #expect(!TerminalStyle(isTerminal: true, environment: ["NO_COLOR": "1"]).isColoured)
        #expect(TerminalStyle(isTerminal: true, environment: ["NO_COLOR": ""]).isColoured)
        #expect(!TerminalStyle(isTerminal: true, environment: ["TERM": "dumb"]).isColoured)
    }

    @Test(
        "Numbers with their units",
        arguments: [
            (0.0793, MetricUnit.ratio, "7.93 %"), (0.5, .ratio, "50.00 %"), (0.0454, .seconds, "45.4 ms"),
            (1, .seconds, "1000.0 ms"), (44.96, .perSecond, "45.0/s"), (2, .plain, "2.000"), (.nan, .ratio, "NaN"),
            (.infinity, .plain, "Inf"), (12.5, .seconds, "12.50 s"), (0.00025, .plain, "0.00025"),
            (1536, .bytes, "1.5 KiB"),
            (3_145_728, .bytesPerSecond, "3.0 MiB/s"), (0.00001, .ratio, "0.001 %"),
        ]
    )
    func numbers(value: Double, unit: MetricUnit, expected: String) {
        #expect(ReadableSample.text(value, unit) == expected)
    }

    @Test("With evidence: title, samples and queries of what does not pass, warnings of what does")
    func evidence() {
        var good = Fixtures.metric("load", control: 1, experiment: 1)
        good.warnings = ["of two series"]
        var verdict = Fixtures.verdict(
            result: .fail,
            look: 1,
            metrics: [
                Fixtures.metric(
                    "error-ratio",
                    control: 0,
                    experiment: 0.0793,
                    classification: .high,
                    reason: "too many",
                    query: Self.errors
                ), good,
            ],
            score: 0
        )
        verdict.warnings = ["the plan surprises"]
        let text = VerdictText()
        #expect(text.title(verdict) == "shop 1.1.0 in demo: FAIL")
        let lines = text.lines(verdict)
        #expect(lines[1] == "    metric            control    experiment  ratio  result", "\(lines)")
        #expect(lines.contains("    error-ratio: High"))
        #expect(
            lines.contains("        experiment mean 7.93 % ± 0 percentage points, 7.93 % to 7.93 %, n = 8"),
            "\(lines)"
        )
        #expect(lines.contains("        control query: \(Self.errors)"))
        #expect(lines.contains("    load: warning: of two series"))
        // Of several queries those that were sent, and not what is made of their answers.
        var counted = verdict
        counted.metrics[0].controlQueries = ["bad", "all"]
        let sent = text.lines(counted).filter { $0.hasPrefix("        control query: ") }
        #expect(sent == ["        control query: bad", "        control query: all"])
        #expect(lines.contains("    warning: the plan surprises"))
        #expect(lines.contains("    why:  score 100 (pass 95, marginal 75)"))
    }
}
