import Analysis
import EventFormats
import Judging
import Reports
import Testing

@testable import Demo

@Suite("What the demo says")
struct DemoTextTests {
    private let text = DemoText(
        plan: DemoPlan(pace: .fast),
        commands: Fixtures.commands(),
        style: TerminalStyle(isColoured: false)
    )

    private func watch(_ release: DemoRelease, result: JudgementResult, look: Int) -> ReleaseWatch {
        var watch = ReleaseWatch(release: release)
        let verdict = Fixtures.verdict(version: release.version, result: result, look: look)
        _ = watch.record(verdict)
        _ = watch.record(Fixtures.action(verdict, result == .pass ? .promote : .abort))
        watch.shop = Fixtures.shop(stable: "1.1.0")
        return watch
    }

    @Test("The summary and its conclusion")
    func success() {
        var outcome = DemoOutcome()
        outcome.releases = [watch(.healthy, result: .pass, look: 5), watch(.broken, result: .fail, look: 1)]
        #expect(outcome.isSuccess)
        #expect(outcome.exitCode == 0)
        #expect(
            text.ending(outcome, failure: nil) == [
                "",
                "release  verdict  looks   action   traffic  as it should be  harm shown, with 95 % interval",
                "1.1.0    pass     5 of 5  promote    100 %  yes              none",
                "1.2.0    fail     1 of 5  abort        0 %  yes              none",
                "",
                "1.1.0 passed and was promoted; 1.2.0 failed at look 1 of 5 and was rolled back.",
                "plan, logs, metrics and store: /tmp/demo",
            ]
        )
    }

    @Test("The summary shows how much worse a failed release is, with its interval")
    func harm() {
        var slow = Fixtures.metric("latency", control: 1, experiment: 1, classification: .high)
        slow.judgement.evidence = .sequential(
            SequentialEvidence(
                comparison: .latency,
                effect: RatioEstimate(estimate: 1.834, lower: 1.414, upper: 12.3, confidence: 0.95),
                margin: 1.25,
                harmEvidence: 6,
                harmThreshold: 4,
                safetyEvidence: 0,
                safetyThreshold: 3,
                noise: NoiseEvidence(source: .measured, dispersion: 1),
                units: 8
            )
        )
        var usual = slow
        (usual.judgement.name, usual.judgement.classification) = ("error-ratio", .pass)
        let verdict = Fixtures.verdict(version: "1.3.0", result: .fail, look: 4, metrics: [usual, slow])
        var watch = ReleaseWatch(release: .slower)
        _ = watch.record(verdict)
        var outcome = DemoOutcome()
        outcome.releases = [watch]
        let lines = text.ending(outcome, failure: nil)
        #expect(lines.contains { $0.hasPrefix("1.3.0") && $0.hasSuffix("latency ×1.83 (1.41 to 12.3)") })
    }

    @Test("What is not as it should be is named")
    func wrong() {
        var outcome = DemoOutcome()
        outcome.releases = [watch(.healthy, result: .fail, look: 2)]
        #expect(outcome.exitCode == 1)
        #expect(
            text.ending(outcome, failure: nil).contains { $0.contains("1.1.0: the final verdict is fail, not pass") }
        )
    }

    @Test("A failure shows the end of the log; an interruption says that nothing is left")
    func failure() {
        var outcome = DemoOutcome()
        outcome.failure = "serve ended with exit code 1."
        let lines = text.ending(outcome, failure: DemoFailure("serve ended with exit code 1.", log: ["boom"]))
        #expect(lines.contains("  | boom"))
        #expect(lines.contains("The demo failed: serve ended with exit code 1."))
        #expect(outcome.exitCode == 1)
        var interrupted = DemoOutcome()
        interrupted.interrupted = true
        #expect(text.ending(interrupted, failure: nil).contains("Interrupted; every process has been ended."))
        #expect(interrupted.exitCode == 130)
    }

    @Test(
        "The progress line says what is waited for",
        arguments: [(2, "warming up"), (10, "look 1 of 7"), (300, "64 of 64 s")]
    )
    func progress(seconds: Int, expected: String) {
        var watch = ReleaseWatch(release: .healthy)
        watch.shop = Fixtures.shop(stable: "1.0.0", canary: "1.1.0", weight: 25)
        let line = text.progress(watch, elapsed: .seconds(seconds))
        #expect(line.contains(expected))
        #expect(line.contains("25 % of traffic"))
    }

    @Test("Grafana is off unless its address is given")
    func grafana() {
        #expect(text.running([], environment: [:]).contains { $0.contains("grafana     off") })
        #expect(text.running([], environment: ["GRAFANA_URL": "http://g"]).contains { $0.contains("http://g") })
    }
}
