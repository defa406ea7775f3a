import Analysis
import Foundation
import Judging
import StoredFormats
import Testing

@Suite struct AnalysisSessionTests {
    let start = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!

    func plan(
        lifetime: Duration = .seconds(60),
        failFast: FailFast = .onFail,
        noData: NoDataPolicy = .hold,
        critical: Bool = false,
        window: AnalysisSchedule.Window = .growing
    ) -> AnalysisPlan {
        AnalysisPlan(
            name: "shop",
            schedule: AnalysisSchedule(
                warmup: .seconds(10),
                step: .seconds(1),
                interval: .seconds(20),
                lifetime: lifetime,
                window: window,
                delay: .seconds(2),
                deadline: .seconds(300)
            ),
            failFast: failFast,
            metrics: [
                PlannedMetric(
                    name: "errors",
                    query: "e{${scope}}",
                    groups: ["g"],
                    direction: .increase,
                    critical: critical,
                    noData: noData
                ),
                PlannedMetric(name: "latency", query: "l{${scope}}", groups: ["g"], direction: .increase),
            ]
        )
    }

    func session(_ plan: AnalysisPlan) -> AnalysisSession {
        let event = DeployEvent(
            identity: EventIdentity(source: "/ci", id: "1"),
            application: "shop",
            environment: "production",
            version: "2.0"
        )
        return AnalysisSession(id: "s1", event: event, plan: plan, receivedAt: start)
    }

    /// Wakes the session and answers its questions like an engine would, with the same samples for each metric but those
    /// in `metrics`, by their places in the plan.
    func wake(
        _ session: inout AnalysisSession,
        at now: Timestamp,
        control: SideSamples? = nil,
        experiment: SideSamples? = nil,
        metrics: [Int: MetricSamples] = [:]
    ) -> [Verdict] {
        var verdicts: [Verdict] = []
        var actions = session.handle(.woken, at: now)[...]
        while let action = actions.popFirst() {
            switch action {
            case .sample(let look):
                let count = look.window.sampleCount(step: session.plan.schedule.step)
                let healthy = SideSamples(query: "q", values: (0..<count).map { 10 + Double($0 % 7) })
                func fitted(_ given: SideSamples?) -> SideSamples {
                    guard var given else { return healthy }
                    if given.failure == nil { given.values = Array(given.values.prefix(count)) }
                    return given
                }
                let samples = session.plan.metrics.indices.map { index in
                    let own = metrics[index]
                    return MetricSamples(
                        control: fitted(own?.control ?? control),
                        experiment: fitted(own?.experiment ?? experiment)
                    )
                }
                actions += session.handle(.sampled(LookSamples(look: look, metrics: samples)), at: now)
            case .judge(let review, let rules):
                let judgement = NetflixACAJudge().judge(review.judgeable, by: rules)
                actions += session.handle(.judged(judgement, review), at: now)
            case .publish(let verdict):
                verdicts.append(verdict)
            }
        }
        return verdicts
    }

    let failing = SideSamples(query: "q", values: (0..<200).map { 100 + Double($0 % 5) })
    let outage = SideSamples(
        query: "q",
        failure: SamplingFailure(kind: .unreachable, message: "connection refused")
    )

    @Test func warmsUpThenLooksOnTheGridAndPasses() {
        var session = session(plan())
        #expect(session.phase == .warmingUp)
        #expect(session.wakeAt == start + .seconds(32))
        let first = wake(&session, at: start + .seconds(32))
        #expect(first.map(\.kind) == [.interim])
        #expect(first.map(\.result) == [.pass])
        #expect(first[0].window == TimeWindow(start: start + .seconds(10), end: start + .seconds(30)))
        #expect(session.wakeAt == start + .seconds(52))
        _ = wake(&session, at: start + .seconds(52))
        let last = wake(&session, at: start + .seconds(72))
        #expect(last.map(\.kind) == [.final])
        #expect(last.map(\.result) == [.pass])
        #expect(last[0].id == "s1/final")
        #expect(session.phase == .finished)
        #expect(session.wakeAt == nil)
        #expect(session.finalVerdict == last[0])
    }

    @Test func failsEarlyAndSaysAtWhichLook() {
        var session = session(plan())
        let verdicts = wake(&session, at: start + .seconds(32), experiment: failing)
        #expect(verdicts.map(\.result) == [.fail])
        #expect(verdicts.map(\.kind) == [.final])
        #expect(verdicts[0].reason.contains("ended early at look 1 of 3"))
        #expect(verdicts[0].metrics.map(\.judgement.classification) == [.high, .high])
    }

    @Test(arguments: [(FailFast.onFail, true), (.onCritical, false), (.never, false)])
    func failFastDecidesWhichLookMayFail(policy: FailFast, ends: Bool) {
        var session = session(plan(failFast: policy))
        let verdicts = wake(&session, at: start + .seconds(32), experiment: failing)
        #expect(verdicts.map(\.result) == [.fail])
        #expect((session.phase == .finished) == ends)
        _ = wake(&session, at: start + .seconds(72), experiment: failing)
        #expect(session.finalVerdict?.result == .fail)
    }

    @Test func criticalFailureEndsUnderOnCritical() {
        var session = session(plan(failFast: .onCritical, critical: true))
        _ = wake(&session, at: start + .seconds(32), experiment: failing)
        #expect(session.finalVerdict?.result == .fail)
    }

    @Test func outageHoldsNeverFailsAndContinues() {
        var session = session(plan())
        let held = wake(&session, at: start + .seconds(32), control: outage, experiment: outage)
        #expect(held.map(\.result) == [.inconclusive])
        #expect(held.map(\.kind) == [.interim])
        #expect(held[0].hold?.cause == .unreachable)
        #expect(held[0].reason.contains("connection refused"))
        #expect(session.wakeAt == start + .seconds(33))
        // The same cause again is not published again, and the pauses grow.
        #expect(wake(&session, at: start + .seconds(33), control: outage, experiment: outage).isEmpty)
        #expect(session.wakeAt == start + .seconds(35))
        let judged = wake(&session, at: start + .seconds(40))
        #expect(judged.map(\.result) == [.pass])
        #expect(session.hold == nil)
    }

    @Test func outagePastTheDeadlineIsErroredNeverFail() {
        var session = session(plan())
        _ = wake(&session, at: start + .seconds(72), control: outage, experiment: outage)
        let end = start + .seconds(72 + 300)
        let verdicts = wake(&session, at: end, control: outage, experiment: outage)
        #expect(verdicts.map(\.status) == [.errored])
        #expect(verdicts.map(\.result) == [.inconclusive])
        #expect(verdicts[0].reason.contains("connection refused"))
    }

    /// Nothing ran from the deployment until long after the deadline of 300 s.
    @Test func aLastLookThatComesLateHasHalfOfTheDeadlineLeft() throws {
        let late = start + .seconds(72 + 1000)
        var session = session(plan())
        #expect(wake(&session, at: late, control: outage, experiment: outage).map(\.kind) == [.interim])
        #expect(try #require(session.wakeAt) == late + .seconds(1))
        // What is stored of it is enough to go on.
        session = try SessionForm.read(SessionForm.write(session))
        let almost = wake(&session, at: late + .seconds(149), control: outage, experiment: outage)
        #expect(almost.isEmpty)
        #expect(session.wakeAt == late + .seconds(150))
        var recovering = session
        #expect(wake(&recovering, at: late + .seconds(150)).map(\.result) == [.pass])
        let verdicts = wake(&session, at: late + .seconds(150), control: outage, experiment: outage)
        #expect(verdicts.map(\.status) == [.errored])
        #expect(session.phase == .finished)
    }

    @Test func outageOfOneSideDoesNotLetTheOtherFail() {
        var session = session(plan())
        let verdicts = wake(&session, at: start + .seconds(72), control: outage, experiment: failing)
        #expect(verdicts.map(\.result) == [.inconclusive])
        #expect(session.phase != .finished)
    }

    @Test func partialAnswersNeverDecide() {
        var partial = failing
        partial.isPartial = true
        partial.warnings = ["store x is down"]
        var session = session(plan())
        let verdicts = wake(&session, at: start + .seconds(72), experiment: partial)
        #expect(verdicts.map(\.result) == [.inconclusive])
        #expect(verdicts[0].hold?.cause == .partialData)
        #expect(verdicts[0].reason.contains("store x is down"))
    }

    @Test func aBadQueryEndsAtOnceWithItsReason() {
        var session = session(plan())
        let bad = SideSamples(query: "q(", failure: SamplingFailure(kind: .badQuery, message: "parse error at 1:3"))
        let verdicts = wake(&session, at: start + .seconds(32), experiment: bad)
        #expect(verdicts.map(\.status) == [.errored])
        #expect(verdicts.map(\.result) == [.inconclusive])
        #expect(verdicts[0].reason == "cannot be judged: errors, experiment: parse error at 1:3")
        // Nothing is waited for, and the error stands beside the metric.
        let metric = verdicts[0].metrics.first
        #expect(metric?.held == nil && metric?.judgement.classification == .error)
        #expect(metric?.judgement.reason?.text == "errors, experiment: parse error at 1:3")
    }

    /// The first metric has no data; the second has.
    @Test(arguments: [
        (NoDataPolicy.hold, VerdictKind.interim, JudgementResult.inconclusive), (.pass, .final, .pass),
        (.fail, .final, .fail), (.zero, .final, .pass),
    ])
    func missingDataFollowsThePolicyAtTheLastLook(policy: NoDataPolicy, kind: VerdictKind, result: JudgementResult) {
        var plan = plan(noData: policy)
        // A group of its own, so that its failure weighs.
        plan.metrics[0].groups = ["errors"]
        plan.metrics += [latency("b"), latency("c")]
        var session = session(plan)
        let none = SideSamples(query: "q", values: Array(repeating: .nan, count: 200))
        let verdicts = wake(
            &session,
            at: start + .seconds(72),
            metrics: [0: MetricSamples(control: none, experiment: none)]
        )
        #expect(verdicts.map(\.kind) == [kind])
        #expect(verdicts.map(\.result) == [result])
    }

    func latency(_ name: String) -> PlannedMetric {
        PlannedMetric(name: name, query: "l{${scope}}", groups: ["g"], direction: .increase)
    }

    /// With `pass` nothing is left to judge. Kayenta then fails for missing data, and never passes.
    @Test func nothingLeftToJudgeIsNoPass() {
        var plan = plan(noData: .pass)
        plan.metrics[1].noData = .pass
        var session = session(plan)
        let none = SideSamples(query: "q", values: Array(repeating: .nan, count: 200))
        let verdicts = wake(&session, at: start + .seconds(72), control: none, experiment: none)
        #expect(verdicts.map(\.kind) == [.final])
        #expect(verdicts.map(\.result) == [.fail])
    }

    @Test func aFixedLimitNeedsNoControlAndAMutedMetricDecidesNothing() throws {
        var plan = plan()
        plan.judge = "conditions"
        plan.metrics[0].condition = try Condition(parsing: "canary <= 100")
        plan.metrics[1].muted = true
        #expect(plan.metrics[0].sides == [.experiment])
        let unresolved = SideSamples(
            query: nil,
            failure: SamplingFailure(kind: .unresolvedVariable, message: "no scope")
        )
        let healthy = SideSamples(query: "q", values: Array(repeating: 10, count: 20))
        var session = session(plan)
        let look = session.schedule.look(1)
        let samples = LookSamples(
            look: look,
            metrics: [
                MetricSamples(control: unresolved, experiment: healthy),
                MetricSamples(control: unresolved, experiment: unresolved),
            ]
        )
        let actions = session.handle(.sampled(samples), at: look.due)
        guard case .judge(let review, let rules) = actions.first else {
            Issue.record("not judged: \(actions)")
            return
        }
        #expect(ConditionsJudge().judge(review.judgeable, by: rules).result == .pass)
    }

    @Test func anEmptySideFailsUnderFailEvenWhenMissingSamplesAreReplaced() {
        var plan = plan(noData: .fail)
        plan.metrics[0].nanStrategy = .replace
        var session = session(plan)
        let none = SideSamples(query: "q", values: Array(repeating: .nan, count: 200))
        let verdicts = wake(&session, at: start + .seconds(72), experiment: none)
        #expect(verdicts.first?.metrics[0].judgement.classification == .nodataFailMetric)
    }

    @Test func anEmptySideIsLeftOutUnderPassEvenWhenMissingSamplesAreReplaced() {
        var plan = plan()
        plan.metrics[0].noData = .pass
        plan.metrics[0].nanStrategy = .replace
        var session = session(plan)
        let look = session.schedule.look(3)
        let none = SideSamples(query: "q", values: Array(repeating: .nan, count: 60))
        let some = SideSamples(query: "q", values: Array(failing.values.prefix(60)))
        let samples = LookSamples(
            look: look,
            metrics: [MetricSamples(control: some, experiment: none), MetricSamples(control: some, experiment: some)]
        )
        guard case .judge(let review, let rules) = session.handle(.sampled(samples), at: look.due).first else {
            Issue.record("not judged")
            return
        }
        let judgement = NetflixACAJudge().judge(review.judgeable, by: rules)
        #expect(judgement.metrics.map(\.classification) == [.nodata, .pass])
    }

    @Test func metricsOfAPlanWithoutGroupsCountInOne() {
        var plan = plan()
        for index in plan.metrics.indices { plan.metrics[index].groups = [] }
        var session = session(plan)
        let verdicts = wake(&session, at: start + .seconds(72))
        #expect(verdicts.map(\.result) == [.pass])
        #expect(verdicts.first?.groups.map(\.name) == ["all"])
        plan.metrics[0].groups = ["g"]
        #expect(plan.metrics.map(plan.groups(of:)) == [["g"], []])
    }

    @Test func aHeldLookHasNoScore() {
        var session = session(plan())
        let held = wake(&session, at: start + .seconds(32), control: outage, experiment: outage)
        #expect(held.map(\.score) == [nil])
    }

    @Test func tooFewSamplesWaitForTheNextLook() {
        var session = session(plan())
        let few = SideSamples(query: "q", values: [1, 2] + Array(repeating: .nan, count: 198))
        let verdicts = wake(&session, at: start + .seconds(32), control: few, experiment: few)
        #expect(verdicts.map(\.hold?.cause) == [.tooFewSamples])
        #expect(session.wakeAt == start + .seconds(52))
        #expect(session.lastLook == 1)
    }

    @Test func slidingWindowMovesWithTheLooks() {
        var session = session(plan(window: .sliding(.seconds(30))))
        let verdicts = wake(&session, at: start + .seconds(52))
        #expect(verdicts[0].window == TimeWindow(start: start + .seconds(20), end: start + .seconds(50)))
        #expect(session.missedLooks == 1)
    }

    @Test func supersededAndCancelledEndWithoutAResult() {
        var superseded = session(plan())
        let first = superseded.handle(.superseded(version: "3.0"), at: start + .seconds(5))
        guard case .publish(let verdict) = first.first else {
            Issue.record("no verdict")
            return
        }
        #expect(verdict.status == .cancelled)
        #expect(verdict.result == .inconclusive)
        #expect(verdict.reason == "superseded: version 3.0 was deployed")
        #expect(superseded.handle(.cancelled(reason: "again"), at: start + .seconds(6)).isEmpty)
        #expect(superseded.handle(.woken, at: start + .seconds(99)).isEmpty)
    }

    @Test func updateKeepsWhatOpenedTheAnalysis() {
        var session = session(plan())
        var event = session.event
        event.identity = EventIdentity(source: "/ci", id: "2")
        event.weight = 50
        event.revision = "abc"
        #expect(session.handle(.updated(event), at: start).isEmpty)
        #expect(session.event.identity.id == "1")
        #expect(session.event.weight == 50)
        #expect(session.event.revision == "abc")
    }

    @Test func survivesItsJSON() throws {
        var session = session(plan())
        _ = wake(&session, at: start + .seconds(32), control: outage, experiment: outage)
        let restored = try SessionForm.read(SessionForm.write(session))
        #expect(restored == session)
    }

    @Test func warnsWhereTheSamplesMeetAQuirkOfTheJudge() {
        var plan = plan()
        plan.groupWeights = ["g": 40]
        var session = session(plan)
        let infinite = SideSamples(query: "q", values: [.infinity] + failing.values, warnings: ["w"])
        let verdicts = wake(&session, at: start + .seconds(32), experiment: infinite)
        #expect(
            verdicts.map(\.warnings) == [
                [
                    "the weights are not scaled to 100: the best score is 40 (docs/judges/kayenta.md#weights-not-scaled)"
                ]
            ]
        )
        let warnings = verdicts.first?.metrics.first?.warnings ?? []
        #expect(warnings.count == 2 && warnings[0] == "w", "\(warnings)")
        #expect(warnings.last?.hasSuffix("(docs/judges/kayenta.md#infinite-samples)") == true, "\(warnings)")
    }
}
