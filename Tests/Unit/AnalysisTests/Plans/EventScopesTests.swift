import Analysis
import Testing

/// What an event may say about the sides of a comparison.
@Suite struct EventScopesTests {
    private static let planned = PlanScopes(
        control: .labels(["app": "${application}", "track": "stable"]),
        experiment: ["app": "${application}", "track": "canary"]
    )

    private func problem(
        _ scopes: PlanScopes = planned,
        labels: EventPermissions.Labels = .add,
        query: String = "m{${scope}}",
        _ change: (inout DeployEvent) -> Void
    ) -> String? {
        let plan = AnalysisPlan(
            name: "web",
            scopes: scopes,
            events: EventPermissions(labels: labels),
            schedule: AnalysisSchedule(step: .seconds(15), interval: .seconds(60), lifetime: .seconds(600)),
            metrics: [PlannedMetric(name: "m", query: query)]
        )
        var event = DeployEvent(
            identity: EventIdentity(source: "/ci", id: "1"),
            application: "shop",
            environment: "production",
            version: "2.0"
        )
        change(&event)
        return plan.problem(withScopesOf: event)
    }

    @Test func anEventMayRepeatAndAddLabels() {
        #expect(problem { _ in } == nil)
        #expect(problem { $0.control = .labels(["track": "stable", "app": "shop"]) } == nil)
        #expect(problem { $0.experiment = ["track": "canary", "pod": "a"] } == nil)
        let fixed = problem(labels: .fixed) { $0.experiment = ["track": "canary", "pod": "a"] }
        #expect(
            fixed
                == "the event adds the label pod to experiment, and the plan web keeps its labels as they are"
                + " (events.labels: fixed)"
        )
        #expect(problem(labels: .fixed) { $0.experiment = ["track": "canary"] } == nil)
    }

    @Test(arguments: [EventPermissions.Labels.fixed, .add])
    func anEventMayNotChangeWhatThePlanSays(labels: EventPermissions.Labels) {
        let changed = problem(labels: labels) { $0.experiment = ["track": "stable", "pod": "a"] }
        #expect(
            changed?.contains(labels == .fixed ? "adds the label pod" : #"experiment the label track="stable""#) == true
        )
        #expect(problem(labels: labels) { $0.control = .labels(["app": "other"]) }?.contains(#"app="shop""#) == true)
        #expect(
            problem(labels: labels) { $0.control = .before(.seconds(86_400)) }
                == "the event compares with the time 1d before, and the plan web with other series;"
                + " an event may change that only where the plan says events.labels: replace"
        )
        let past = PlanScopes(control: .before(.seconds(86_400)), experiment: ["app": "shop"])
        #expect(problem(past, labels: labels) { $0.control = .before(.seconds(86_400)) } == nil)
        #expect(problem(past, labels: labels) { $0.control = .before(.seconds(86_399)) } != nil)
        #expect(problem(past, labels: labels) { $0.control = .labels(["app": "shop"]) } != nil)
    }

    @Test func aPlanMayLetEventsReplaceItsLabels() {
        #expect(problem(labels: .replace) { $0.experiment = ["track": "blue"] } == nil)
        #expect(problem(labels: .replace) { $0.control = .before(.seconds(86_400)) } == nil)
        // Not so that nothing is left to compare.
        #expect(problem(labels: .replace) { $0.experiment = ["track": "stable"] }?.contains("same labels") == true)
        #expect(
            problem(labels: .replace) { $0.control = .before(.seconds(1)) }?.contains("with itself") == true
        )
    }

    @Test func anEventGivesTheSidesThatThePlanLeavesOpen() {
        let open = PlanScopes()
        for labels in EventPermissions.Labels.allCases {
            let problem = problem(open, labels: labels) {
                $0.control = .labels(["hash": "a"])
                $0.experiment = ["hash": "b"]
            }
            #expect(problem == nil)
            #expect(
                self.problem(open, labels: labels) {
                    $0.control = .labels(["hash": "a"])
                    $0.experiment = ["hash": "a"]
                } == "both sides have the same labels, {hash=\"a\"}: the new version would be compared with itself"
            )
        }
        let experiment = PlanScopes(experiment: ["app": "shop"])
        #expect(problem(experiment) { $0.control = .before(.milliseconds(1)) } != nil)
        #expect(problem(experiment) { $0.control = .before(.seconds(600)) } == nil)
    }

    /// A side that holds the other compares the new version with a part of itself.
    @Test func noSideIsAPartOfTheOther() {
        let part = problem(PlanScopes()) {
            $0.control = .labels(["track": "stable"])
            $0.experiment = ["track": "stable", "app": "shop"]
        }
        #expect(part?.hasPrefix(#"one side is a part of the other: control is {track="stable"}"#) == true)
        // The plan itself means it.
        let planned = PlanScopes(control: .labels(["app": "shop"]), experiment: ["app": "shop", "track": "canary"])
        #expect(problem(planned) { $0.experiment = ["version": "2.0"] } == nil)
    }

    /// Variables of a plan may make its sides the same, when an event says so.
    @Test func sidesAreComparedWithTheirValues() {
        let scopes = PlanScopes(control: .labels(["hash": "${revision}"]), experiment: ["hash": "${version}"])
        #expect(problem(scopes) { $0.revision = "1.0" } == nil)
        #expect(problem(scopes) { $0.revision = "2.0" }?.contains("same labels") == true)
    }

    /// The sender of a plan writes its queries too: only what can never be meant is refused.
    @Test func aPlanOfTheEventsOwnHasNoLabelsOfTheOperator() {
        #expect(
            problem {
                $0.inlinePlan = "…"
                $0.experiment = ["track": "blue"]
            } == nil
        )
        #expect(
            problem {
                $0.inlinePlan = "…"
                $0.experiment = ["track": "stable"]
            } != nil
        )
    }
}
