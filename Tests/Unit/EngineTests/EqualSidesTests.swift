import Analysis
import Engine
import Foundation
import Judging
import Store
import Testing

/// A comparison of a series with itself passes everything: it ends at once, and says so.
@Suite struct EqualSidesTests {
    private func finalVerdict(of plan: AnalysisPlan, _ event: DeployEvent) async throws -> Verdict? {
        var found: Verdict?
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd { query, window, step throws(SamplingFailure) in
                ScriptedBackEnd.column(window, step) { Double($0 % 7) }
            }
            let clock = ManualClock(EngineHarness.start)
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(event)
            try await harness.run(for: 70)
            found = harness.topic.verdicts.last { $0.kind == .final }
            await harness.store.close()
        }
        return found
    }

    private func plan(_ query: String, muted: Bool = false) -> AnalysisPlan {
        var plan = EngineHarness.plan()
        plan.metrics.append(PlannedMetric(name: "second", query: query, groups: ["g"], muted: muted))
        return plan
    }

    @Test func aQueryThatIgnoresTheSideIsNotJudged() async throws {
        let verdict = try await finalVerdict(of: plan("total{app=\"shop\"}"), EngineHarness.event("1"))
        #expect(verdict?.status == .errored)
        #expect(verdict?.result == .inconclusive)
        #expect(verdict?.reason.contains("second, control: both sides are asked for the same series") == true)
    }

    @Test func anEventThatMakesBothSidesEqualIsNotJudged() async throws {
        var event = EngineHarness.event("1")
        event.control = .labels(["track": "canary"])
        let verdict = try await finalVerdict(of: EngineHarness.plan(), event)
        #expect(verdict?.status == .errored)
    }

    @Test func theSameSeriesEarlierIsAnotherSide() async throws {
        var event = EngineHarness.event("1")
        event.control = .before(.seconds(600))
        var plan = plan("total{app=\"shop\"}")
        plan.events.labels = .replace
        #expect(try await finalVerdict(of: plan, event)?.status == .completed)
    }

    @Test func whatIsOnlyShownEndsNothing() async throws {
        let verdict = try await finalVerdict(of: plan("total{app=\"shop\"}", muted: true), EngineHarness.event("1"))
        #expect(verdict?.status == .completed)
    }

    @Test func theVerdictSaysWhatSurprisesInThePlan() async throws {
        let verdict = try await finalVerdict(of: plan("sum(errors_total{${scope}})"), EngineHarness.event("1"))
        #expect(verdict?.status == .completed)
        #expect(
            verdict?.warnings.contains { $0.hasPrefix("second: reads the counter errors_total without rate()") } == true
        )
    }
}
