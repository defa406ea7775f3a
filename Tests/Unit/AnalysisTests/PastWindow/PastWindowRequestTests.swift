import Analysis
import Judging
import Testing

@Suite("Requests for past windows")
struct PastWindowRequestTests {
    private static let now = Timestamp(milliseconds: 1_772_366_400_000)
    private static let start = now - .seconds(7_200)

    private static func plan(_ judge: String = "NetflixACAJudge-v1.0", lifetime: Duration = .seconds(600))
        -> AnalysisPlan
    {
        AnalysisPlan(
            name: "shop",
            scopes: PlanScopes(control: .labels(["track": "stable"]), experiment: ["track": "canary"]),
            judge: judge,
            schedule: AnalysisSchedule(
                warmup: .seconds(60),
                step: .seconds(10),
                interval: .seconds(120),
                lifetime: lifetime,
                delay: .seconds(30)
            ),
            metrics: [PlannedMetric(name: "errors", query: "e{${scope}}", direction: .increase)]
        )
    }

    private static func event(
        control: ScopeLabels? = nil,
        experiment: ScopeLabels? = nil,
        time: Timestamp? = nil
    ) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/past", id: "1"),
            time: time,
            application: "shop",
            environment: "production",
            version: "2",
            control: control.map { .labels($0) },
            experiment: experiment
        )
    }

    private static func window(_ from: Int, _ to: Int) -> TimeWindow {
        TimeWindow(start: start + .seconds(from), end: start + .seconds(to))
    }

    @Test("The plan's time after a deployment is that of a live analysis")
    func afterDeployment() throws {
        let request = PastWindowRequest(event: Self.event(time: Self.start), window: nil)
        let past = try request.analysis(by: Self.plan(), id: "p", at: Self.now)
        let live = AnalysisSession(id: "p", event: request.event, plan: Self.plan(), receivedAt: Self.start)
        #expect(past.session == live)
        #expect(past.window == Self.window(60, 660) && past.controlWindow == past.window)
    }

    @Test("A window is judged by the plan's looks for as long as it is, in whole steps")
    func window() throws {
        let request = PastWindowRequest(event: Self.event(), window: Self.window(3, 407))
        let past = try request.analysis(by: Self.plan(), id: "p", at: Self.now)
        #expect(past.window == Self.window(10, 400))
        #expect(past.session.schedule.count == 4)
        #expect(past.session.plan.schedule.lifetime == .seconds(390))
        let short = try PastWindowRequest(event: Self.event(), window: Self.window(0, 100))
            .analysis(by: Self.plan(), id: "p", at: Self.now)
        #expect(short.session.schedule.count == 1 && short.window == Self.window(0, 100))
    }

    @Test("The control's time is in whole steps of the experiment's grid")
    func controlWindow() throws {
        let request = PastWindowRequest(
            event: Self.event(),
            window: Self.window(600, 1200),
            controlWindow: Self.window(-3, 597)
        )
        let past = try request.analysis(by: Self.plan(), id: "p", at: Self.now)
        #expect(past.controlLag == .seconds(610))
        #expect(past.controlWindow == Self.window(-10, 590))
        // Without labels of its own it is the experiment at another time.
        #expect(past.session.event.control == .labels(["track": "canary"]))
    }

    @Test("The sequential judge is given the experiment's own past")
    func sequentialPast() throws {
        let request = PastWindowRequest(
            event: Self.event(),
            window: Self.window(3600, 4200),
            controlWindow: Self.window(0, 600)
        )
        let past = try request.analysis(by: Self.plan(SequentialJudge.name), id: "p", at: Self.now)
        #expect(past.session.event.control == .before(.seconds(3600)) && past.controlLag == .zero)
        #expect(past.controlWindow == Self.window(0, 600))
    }

    @Test("What cannot be judged is refused with the member and the reason")
    func refusals() {
        let years = TimeWindow(start: Self.start - .seconds(3 * 365 * 86_400), end: Self.start)
        let far = TimeWindow(
            start: Timestamp(milliseconds: -62_135_596_800_000),
            end: Timestamp(milliseconds: 253_402_300_799_000)
        )
        let same = ["track": "canary"]
        let cases: [(PastWindowRequest, AnalysisPlan, field: String, says: String)] = [
            (PastWindowRequest(event: Self.event(), window: nil), Self.plan(), "deployedAt", "is required"),
            (.init(event: Self.event(), window: Self.window(60, 60)), Self.plan(), "experiment.end", "later than"),
            (.init(event: Self.event(), window: Self.window(60, 0)), Self.plan(), "experiment.end", "later than"),
            (.init(event: Self.event(), window: Self.window(1, 9)), Self.plan(), "experiment.end", "no whole step"),
            (.init(event: Self.event(), window: Self.window(0, 9000)), Self.plan(), "experiment.end", "not passed yet"),
            (.init(event: Self.event(), window: Self.window(0, 7190)), Self.plan(), "experiment.end", "ask again"),
            (.init(event: Self.event(), window: years), Self.plan(), "experiment.end", "at most 11000"),
            (.init(event: Self.event(), window: far), Self.plan(), "experiment.end", "at most 11000"),
            (.init(event: Self.event(time: Self.now), window: nil), Self.plan(), "experiment.end", "not passed yet"),
            (
                .init(event: Self.event(), window: Self.window(0, 40)), Self.plan(), "plan",
                "minimumSamples: asks for 5 samples, but the last look has only 4"
            ),
            (
                .init(event: Self.event(), window: Self.window(0, 600), controlWindow: Self.window(-600, -60)),
                Self.plan(), "control.end", "as long as the experiment's (10m), and is 9m"
            ),
            (
                .init(event: Self.event(), window: Self.window(0, 600), controlWindow: Self.window(-60, -600)),
                Self.plan(), "control.end", "later than"
            ),
            (
                .init(event: Self.event(), window: Self.window(0, 600), controlWindow: Self.window(6900, 7500)),
                Self.plan(), "control.end", "not passed yet"
            ),
            (
                .init(event: Self.event(), window: Self.window(0, 600), controlWindow: Self.window(-300, 300)),
                Self.plan(), "control.start", "overlap"
            ),
            (
                .init(event: Self.event(control: same, experiment: same), window: Self.window(0, 600)),
                Self.plan(), "control", "compared with itself"
            ),
            (
                .init(
                    event: Self.event(control: ["track": "stable"]),
                    window: Self.window(1200, 1800),
                    controlWindow: Self.window(0, 600)
                ), Self.plan(SequentialJudge.name), "control.start", "the experiment with its own past"
            ),
            (
                .init(event: Self.event(), window: Self.window(0, 600), controlWindow: Self.window(1200, 1800)),
                Self.plan(SequentialJudge.name), "control.start", "the experiment with its own past"
            ),
            (
                .init(event: Self.event(), window: Self.window(0, 600), controlWindow: Self.window(-300, 300)),
                Self.plan(SequentialJudge.name), "control", "compares the new version with itself"
            ),
        ]
        for (request, plan, field, says) in cases {
            do throws(PlanError) {
                _ = try request.analysis(by: plan, id: "p", at: Self.now)
                Issue.record("accepted: \(says)")
            } catch {
                #expect(error.field == field, "\(error)")
                #expect(error.problem.contains(says), "\(error)")
            }
        }
    }
}
