import Analysis
import Testing

@testable import Prometheus

/// Which labels pick out a side, and what becomes of a query.
@Suite struct ScopedQueriesTests {
    private let planned = PlanScopes(
        control: .labels(["track": "stable", "app": "${application}"]),
        experiment: ["track": "canary", "version": "${version}"]
    )

    private func session(
        _ scopes: PlanScopes,
        control: ControlScope? = nil,
        experiment: ScopeLabels? = nil,
        version: String = "2.0",
        step: Duration = .seconds(10)
    ) -> AnalysisSession {
        AnalysisSession(
            id: "s",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "production",
                version: version,
                control: control,
                experiment: experiment
            ),
            plan: AnalysisPlan(
                name: "p",
                scopes: scopes,
                schedule: AnalysisSchedule(step: step, interval: .seconds(60), lifetime: .seconds(300)),
                metrics: [PlannedMetric(name: "m", query: "m{${scope}}")]
            ),
            receivedAt: Timestamp(milliseconds: 1_772_359_200_000)
        )
    }

    private func query(_ text: String, _ side: Side, in session: AnalysisSession) throws -> String {
        try ScopedQueries(of: session).text(of: PlannedMetric(name: "m", query: text), side: side)
    }

    @Test func eachSideHasThePlansLabelsWithTheEventsValues() throws {
        let session = session(planned)
        #expect(try query("m{${scope}}", .control, in: session) == #"m{app="shop",track="stable"}"#)
        #expect(try query("m{${scope}}", .experiment, in: session) == #"m{track="canary",version="2.0"}"#)
    }

    @Test func theEventsLabelsWinAndAddToThePlans() {
        let session = session(
            planned,
            control: .labels(["track": "old"]),
            experiment: ["version": "2.0-rc", "zone": "a"]
        )
        #expect(ScopedQueries(of: session).labels(of: .control) == ["track": "old", "app": "shop"])
        #expect(
            ScopedQueries(of: session).labels(of: .experiment) == ["track": "canary", "version": "2.0-rc", "zone": "a"]
        )
    }

    @Test(arguments: [true, false]) func aComparisonWithThePastReadsTheExperimentsSeries(isOfThePlan: Bool) {
        let before = ControlScope.before(.seconds(3_600))
        let session =
            isOfThePlan
            ? session(PlanScopes(control: before, experiment: ["track": "all"]))
            : session(PlanScopes(control: .labels(["track": "stable"]), experiment: ["track": "all"]), control: before)
        #expect(ScopedQueries(of: session).labels(of: .control) == ["track": "all"])
        #expect(session.controlOffset == .seconds(3_600))
    }

    @Test(arguments: [(1, 10_000), (10_000, 10_000), (10_001, 20_000), (86_400_000, 86_400_000)])
    func thePastLiesOnTheGrid(before: Int, offset: Int) {
        let session = session(PlanScopes(control: .before(.milliseconds(before)), experiment: [:]))
        #expect(session.controlOffset == .milliseconds(offset))
    }

    @Test func sidesOfTheSameTimeHaveNoOffset() {
        #expect(session(planned).controlOffset == .zero)
        #expect(session(planned, control: .labels(["a": "b"])).controlOffset == .zero)
    }

    /// What an event brings along is a value and never a variable again.
    @Test func valuesAreNotExpandedAgain() {
        let session = session(planned, version: "${application}")
        #expect(ScopedQueries(of: session).labels(of: .experiment)["version"] == "${application}")
    }

    @Test func aVariableWithoutAValueStaysAsItIs() {
        let session = session(PlanScopes(control: nil, experiment: ["cluster": "${cluster}", "open": "${version"]))
        #expect(ScopedQueries(of: session).labels(of: .experiment) == ["cluster": "${cluster}", "open": "${version"])
        #expect(ScopedQueries(of: session).labels(of: .control) == [:])
    }

    @Test func aVariableThatNobodyGivesIsAFailureOfItsOwnKind() throws {
        let error = #expect(throws: SamplingFailure.self) {
            try query("m{team=\"${team}\", ${scope}}", .experiment, in: session(planned))
        }
        #expect(error?.kind == .unresolvedVariable)
    }
}
