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
                "release  verdict  score  looks   action   traffic  as it should be",
                "1.1.0    pass     100    5 of 5  promote    100 %  yes",
                "1.2.0    fail     100    1 of 5  abort        0 %  yes",
                "",
                "1.1.0 passed and was promoted; 1.2.0 failed at look 1 of 5 and was rolled back.",
                "plan, logs, metrics and store: /tmp/demo",
            ]
        )
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
        arguments: [(2, "warming up"), (10, "look 1 of 5"), (300, "48 of 48 s")]
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
