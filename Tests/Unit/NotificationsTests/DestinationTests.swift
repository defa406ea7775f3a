import Analysis
import Judging
import Notifications
import StoredFormats
import Testing

@Suite struct DestinationTests {
    private let pages = NotificationDestination(
        name: "pages",
        receiver: .pagerduty(url: "https://events.pagerduty.com/v2/enqueue")
    )

    @Test func aRouteIsByApplicationEnvironmentResultAndSeverity() {
        let route = NotificationRoute(
            applications: ["check*", "shop"],
            environments: ["production"],
            results: [.fail, .marginal, .pass],
            severity: .warning
        )
        let chat = NotificationDestination(name: "chat", receiver: .slack, route: route)
        #expect(chat.takes(Notified.verdict()) && chat.takes(Notified.verdict(.marginal, application: "shop")))
        #expect(!chat.takes(Notified.verdict(.pass)))
        #expect(!chat.takes(Notified.verdict(.inconclusive)))
        #expect(!chat.takes(Notified.verdict(application: "shops")))
        #expect(!chat.takes(Notified.verdict(environment: "staging")))
    }

    /// Only a route that names it asks for it, and no receiver that keeps alerts.
    @Test func theStartIsToldWhereItIsAskedFor() {
        let session = AnalysisSession(
            id: "s1",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "checkout",
                environment: "production",
                version: "2.4.0"
            ),
            plan: AnalysisPlan(
                name: "web",
                schedule: AnalysisSchedule(
                    step: .seconds(15),
                    interval: .seconds(60),
                    lifetime: .seconds(300),
                    delay: .seconds(15),
                    deadline: .seconds(300)
                ),
                metrics: []
            ),
            receivedAt: Notified.time
        )
        var chat = NotificationDestination(name: "chat", receiver: .slack)
        #expect(!chat.takes(startOf: session) && chat.route.results.count == 6)
        chat.route.results = [.started, .fail]
        #expect(chat.takes(startOf: session) && chat.takes(Notified.verdict()) && !chat.takes(Notified.verdict(.pass)))
        chat.route.severity = .warning
        #expect(!chat.takes(startOf: session))
        let commits = NotificationDestination(
            name: "commits",
            receiver: .github(url: "https://api.github.com", repository: "acme/shop"),
            route: NotificationRoute(results: [.started])
        )
        #expect(!commits.takes(startOf: session))

        let form = NotificationForm(startOf: session, link: nil)
        #expect(form.title == "checkout 2.4.0 in production: STARTED" && form.word == "Running")
        #expect(form.result == "started" && form.verdict == "s1/started" && form.severity == "info")
        #expect(chat.step(for: form, told: nil) == .tell)
        #expect(chat.step(for: form, told: NotificationDestination.state(of: form)) == .nothing)
    }

    /// The patterns are those of plans.
    @Test(arguments: [
        ("shop", "shop", true), ("shop", "shops", false), ("shop*", "shops", true), ("*", "shop", true),
        ("*-web", "shop-web", true), ("s?op", "shop", true), ("s*p-*b", "shop-web", true), ("s?op", "s?op", true),
        ("cafe\u{301}", "caf\u{E9}", true), ("Shop", "shop", false),
    ])
    func aNameIsMatchedAsPlansMatchIt(pattern: String, name: String, isTaken: Bool) {
        for route in [NotificationRoute(applications: [pattern]), NotificationRoute(environments: [pattern])] {
            let chat = NotificationDestination(name: "chat", receiver: .slack, route: route)
            #expect(chat.takes(Notified.verdict(application: name, environment: name)) == isTaken)
        }
    }

    @Test(arguments: [
        (VerdictStatus.completed, JudgementResult.pass, NotificationResult.pass, NotificationSeverity.info),
        (.completed, .fail, .fail, .critical), (.completed, .marginal, .marginal, .warning),
        (.completed, .inconclusive, .inconclusive, .warning), (.errored, .inconclusive, .errored, .warning),
        (.cancelled, .inconclusive, .cancelled, .info), (.completed, .unknown("better"), .inconclusive, .warning),
        (.unknown("paused"), .pass, .inconclusive, .warning),
    ])
    func everyEndingHasAResultAndASeverity(
        status: VerdictStatus,
        result: JudgementResult,
        expected: NotificationResult,
        severity: NotificationSeverity
    ) {
        let found = NotificationResult(Notified.verdict(result, status: status))
        #expect(found == expected && found.severity == severity)
    }

    @Test func theSameStateOfAReleaseIsToldOnce() {
        let chat = NotificationDestination(name: "chat", receiver: .slack)
        let failed = Notified.form(Notified.verdict())
        let state = NotificationDestination.state(of: failed)
        #expect(chat.step(for: failed, told: nil) == .tell)
        #expect(chat.step(for: failed, told: state) == .nothing)
        #expect(chat.step(for: Notified.form(Notified.verdict(.pass)), told: state) == .tell)
        #expect(chat.step(for: Notified.form(Notified.verdict(version: "3")), told: state) == .tell)
    }

    @Test func aReleaseThatPassesEndsTheAlertOfItsPlace() {
        let failed = NotificationDestination.state(of: Notified.form(Notified.verdict()))
        let passed = Notified.form(Notified.verdict(.pass, version: "2.4.1"))
        #expect(pages.takes(Notified.verdict(.pass)) && !pages.takes(Notified.verdict(.marginal)))
        #expect(pages.step(for: passed, told: failed) == .resolve)
        #expect(pages.step(for: passed, told: nil) == .nothing)
        let next = Notified.form(Notified.verdict(.pass, version: "2.5"))
        #expect(pages.step(for: next, told: NotificationDestination.state(of: passed)) == .nothing)
        #expect(pages.step(for: Notified.form(Notified.verdict()), told: failed) == .nothing)
        let again = Notified.form(Notified.verdict())
        #expect(pages.step(for: again, told: NotificationDestination.state(of: passed)) == .tell)
    }
}
