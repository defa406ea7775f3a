import Analysis
import Engine
import EventFormats
import Foundation
import Grafana
import Logging
import Notifications
import Store
import StoredFormats
import Testing

/// The life of an analysis as dashboards show it.
@Suite struct AnnotationLifeTests {
    private static let board = NotificationDestination(
        name: "board",
        receiver: .grafana(url: "http://grafana", GrafanaPlace(dashboard: "shop-board"))
    )
    private static let link = "https://assay.example/sessions/"

    private let clock = ManualClock(EngineHarness.start)
    private let main = ScriptedGrafana()
    private let other = ScriptedGrafana()

    private func harness(
        _ store: any Store,
        sinks: Set<OutboxSink> = [.verdicts, .annotations],
        _ destinations: NotificationDestination...
    ) -> EngineHarness {
        EngineHarness(
            store: store,
            backEnd: ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) }),
            clock: clock,
            sinks: sinks,
            destinations: destinations,
            pageURL: { Self.link + $0 }
        )
    }

    private func relay(_ harness: EngineHarness, _ store: any Store) -> OutboxRelay {
        harness.relay(to: AnnotationSink(grafana: main.client, store: store))
    }

    private func keeper(_ harness: EngineHarness) -> ActionKeeper {
        ActionKeeper(store: harness.store, composer: harness.composer, clock: clock, outbox: OutboxSignals([]))
    }

    private static func abort(_ verdict: Verdict, _ outcome: RolloutAction.Outcome, at time: Timestamp) -> RolloutAction
    {
        RolloutAction(
            verdict: verdict,
            action: .abort,
            outcome: outcome,
            actuator: "argo-rollouts",
            reason: "it is <b>worse</b>",
            at: time
        )
    }

    @Test(arguments: EngineStore.available)
    func aRegionAndPointsTellTheWholeLife(_ kind: EngineStore) async throws {
        try await kind.withReplicas { store, _ in
            let harness = harness(store)
            let relay = relay(harness, store)
            try await harness.receive(EngineHarness.event("1", cluster: "eu", weight: 10))
            await harness.deliver(relay)
            let place = ["assay", "app:shop", "env:production"]
            let began = try #require(main.regions.first)
            let session = SessionID.make(for: EventIdentity(source: "/ci", id: "1"))
            #expect(began.tags == place + ["verdict:running"])
            for fact in [
                "shop 2.0 in production: analysis \(session) with plan shop, verdict by ", "compared with track=stable",
                "10 % of the traffic", "cluster eu", "<a href=\"\(Self.link)\(session)\"",
            ] { #expect(began.text.contains(fact), "\(fact)") }
            #expect(began.time == EngineHarness.start.milliseconds)

            try await harness.run(for: 30)
            await harness.deliver(relay)
            let soFar = try #require(main.regions.first)
            #expect(soFar.tags == place + ["verdict:running", "so-far:pass"])
            #expect(soFar.text.hasPrefix("shop 2.0 in production: so far pass after look 1 of 3 (analysis \(session))"))
            #expect(soFar.timeEnd > EngineHarness.start.milliseconds + 20_000)

            // A step of the traffic is analysed anew: one region ends, and the next one begins.
            try await harness.receive(EngineHarness.event("2", cluster: "eu", weight: 50))
            let stepAt = clock.now()
            try await harness.run(for: 70)
            await harness.deliver(relay)
            #expect(main.regions.map(\.tags.last) == ["verdict:cancelled", "verdict:pass"])
            #expect(main.regions[0].tags.count == 4 && main.regions[1].text.contains(": pass (analysis "))
            #expect(main.points.map(\.tags) == Array(repeating: place + ["event:step"], count: 2))
            #expect(main.points.map(\.time) == [EngineHarness.start, stepAt].map(\.milliseconds))
            #expect(main.points[1].text.contains(": 50 % of the traffic (10 % before)"))

            let verdict = try #require(harness.topic.verdicts.last)
            let event = RolloutEvent.encode(Self.abort(verdict, .done, at: clock.now()), source: "/rollout")
            for _ in 0..<2 {
                _ = try await keeper(harness).keep(try RolloutEvent.decode(event), from: event)
                await harness.deliver(relay)
            }
            let action = try #require(main.points.last)
            #expect(main.points.count == 3)
            #expect(action.tags == place + ["event:action", "action:abort"])
            #expect(action.text.contains("aborted by argo-rollouts") && action.text.contains("&lt;b&gt;worse"))
            #expect(try await store.outboxDepths().isEmpty)
        }
    }

    /// An event that repeats a release moves nothing, unless it says first which part of the traffic it gets.
    @Test func aRepeatIsNoStep() async throws {
        try await EngineStore.sqlite.withReplicas { store, _ in
            let harness = harness(store)
            let relay = relay(harness, store)
            for (id, weight) in [("1", nil), ("2", 10), ("3", 10), ("4", nil)] as [(String, Double?)] {
                try await harness.receive(EngineHarness.event(id, weight: weight))
                clock.advance(by: .milliseconds(10))
            }
            await harness.deliver(relay)
            #expect(main.regions.count == 1 && main.points.map(\.time) == [EngineHarness.start.milliseconds + 10])
        }
    }

    @Test(arguments: EngineStore.available)
    func actionsThatChangeNothingAreNoPoints(_ kind: EngineStore) async throws {
        try await kind.withReplicas { store, _ in
            let harness = harness(store)
            let relay = relay(harness, store)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 70)
            let verdict = try #require(harness.topic.verdicts.last)
            var stranger = verdict
            stranger.session = "stranger"
            // It says something else about its release than the analysis does.
            var disguised = verdict
            disguised.application = "another"
            // Failures that repeat are one.
            for (verdict, outcome) in [
                (verdict, .skipped), (verdict, .failed), (verdict, .failed), (stranger, .done), (disguised, .done),
            ] as [(Verdict, RolloutAction.Outcome)] {
                clock.advance(by: .seconds(1))
                let action = Self.abort(verdict, outcome, at: clock.now())
                let event = RolloutEvent.encode(action, source: "/rollout")
                _ = try await keeper(harness).keep(action, from: event)
            }
            await harness.deliver(relay)
            #expect(main.points.count == 2 && main.points[0].text.contains("failed"))
            #expect(main.points.allSatisfy { $0.tags[1] == "app:shop" })
        }
    }

    /// The region says so, and ends where it has ended.
    @Test(arguments: EngineStore.available)
    func whoDecidesOtherwiseStandsInTheRegion(_ kind: EngineStore) async throws {
        try await kind.withReplicas { store, _ in
            let harness = harness(store)
            let relay = relay(harness, store)
            try await harness.receive(EngineHarness.event("1", weight: 20))
            try await harness.run(for: 70)
            await harness.deliver(relay)
            let ended = try #require(main.regions.first)
            let desk = DecisionDesk(
                store: store,
                composer: harness.composer,
                outbox: OutboxSignals([]),
                clock: clock,
                metrics: harness.metrics,
                replica: "test",
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            let session = SessionID.make(for: EventIdentity(source: "/ci", id: "1"))
            clock.advance(by: .seconds(600))
            let request = DecisionDesk.Request(session: session, kind: .abort, actor: "alice", reason: "<b>no</b>")
            _ = try await desk.decide(request)
            await harness.deliver(relay)
            let region = try #require(main.regions.first)
            #expect(main.regions.count == 1 && main.points.count == 1 && region.timeEnd == ended.timeEnd)
            #expect(region.tags.suffix(2) == ["verdict:fail", "decision:abort"])
            #expect(region.text.contains("aborted by alice: &lt;b&gt;no"))
        }
    }

    // MARK: - Several

    @Test(arguments: EngineStore.available)
    func oneThatIsDownHoldsUpNoOther(_ kind: EngineStore) async throws {
        try await kind.withReplicas { store, _ in
            let harness = harness(store, Self.board)
            let place = GrafanaPlace(dashboard: "shop-board")
            let relays = [
                relay(harness, store),
                harness.relay(
                    to: AnnotationSink(.notification("board"), grafana: other.client, store: store, place: place)
                ),
            ]
            other.isDown(true)
            try await harness.receive(EngineHarness.event("1"))
            for _ in 0..<7 {
                try await harness.run(for: 10)
                for relay in relays { await harness.deliver(relay) }
            }
            #expect(main.regions.map(\.tags.last) == ["verdict:pass"] && other.kept.isEmpty)
            #expect(Set(try await store.outboxDepths().map(\.sink)) == [.notification("board")])
            other.isDown(false)
            for _ in 0..<6 {
                clock.advance(by: .seconds(61))
                await harness.deliver(relays[1])
            }
            #expect(other.regions.map(\.tags.last) == ["verdict:pass"])
            #expect(other.regions.map(\.dashboardUID) == ["shop-board"] && main.regions[0].dashboardUID == nil)
            #expect(try await store.outboxDepths().isEmpty)
        }
    }

    /// Each has its own region, and removes none of the others.
    @Test func twoPlacesOfOneGrafanaHaveARegionEach() async throws {
        try await EngineStore.sqlite.withReplicas { store, _ in
            let harness = harness(store, Self.board)
            let place = GrafanaPlace(dashboard: "shop-board")
            let relays = [
                relay(harness, store),
                harness.relay(
                    to: AnnotationSink(.notification("board"), grafana: main.client, store: store, place: place)
                ),
            ]
            // Both look before they make theirs.
            try await harness.receive(EngineHarness.event("1"))
            main.meet(.lostAnswer, .lostAnswer)
            for _ in 0..<12 {
                for relay in relays { await harness.deliver(relay) }
                try await harness.run(for: 10)
            }
            #expect(main.regions.count == 2 && Set(main.regions.map(\.dashboardUID)) == [nil, "shop-board"])
            #expect(main.regions.allSatisfy { $0.tags.last == "verdict:pass" })
        }
    }

    @Test func aRouteChoosesWhichReleasesAreMarked() async throws {
        var elsewhere = Self.board
        elsewhere.route = NotificationRoute(applications: ["payments-*"])
        var here = Self.board
        here.name = "here"
        here.route = NotificationRoute(applications: ["s?op"], environments: ["prod*"])
        try await EngineStore.sqlite.withReplicas { store, _ in
            let harness = harness(store, sinks: [.verdicts], elsewhere, here)
            try await harness.receive(EngineHarness.event("1"))
            #expect(try await store.outboxDepths().map(\.sink) == [.notification("here")])
        }
    }

    // MARK: - Replicas

    /// A replica that dies between Grafana's answer and the note of it leaves the region to the next one.
    @Test(arguments: EngineStore.available)
    func aTakeoverMakesNoSecondRegion(_ kind: EngineStore) async throws {
        try await kind.withReplicas { store, otherStore in
            let (first, second) = (harness(store), harness(otherStore))
            let mine = relay(first, store)
            let theirs = second.relay(to: AnnotationSink(grafana: main.client, store: otherStore), owner: "second")
            try await first.receive(EngineHarness.event("1"))
            main.afterNext { [clock] in
                clock.advance(by: .seconds(31))
                await theirs.claimShards()
            }
            await mine.claimShards()
            #expect(await mine.deliverDue() == 0)
            #expect(main.regions.count == 1)
            #expect(await theirs.deliverDue() == 1)
            try await second.run(for: 70)
            await second.deliver(theirs)
            #expect(main.regions.map(\.tags.last) == ["verdict:pass"])
        }
    }

    // MARK: - What they hold

    /// Grafana shows the text as HTML.
    @Test func namesAndReasonsAreNoMarkup() throws {
        let hostile = "<img src=x onerror=alert(1)>\"'&"
        var event = EngineHarness.event("1")
        (event.application, event.version, event.cluster) = (hostile, hostile, hostile)
        let session = AnalysisSession(
            id: "s1",
            event: event,
            plan: EngineHarness.plan(),
            receivedAt: EngineHarness.start
        )
        let link = "https://assay.example/sessions/s1?\"><script>"
        for form in [
            AnnotationForm.opening(session, link: link),
            AnnotationForm.step(session, to: 20, from: nil, at: EngineHarness.start, link: link),
        ] {
            let markup = form.html.matches(of: /<[^>]*>/).map { String($0.0) }
            #expect(markup.allSatisfy { ["<br>", "</a>"].contains($0) || $0.hasPrefix("<a href=\"https://assay") })
            #expect(!form.html.contains("<img") && !form.html.contains("<script"))
        }
    }

    /// Grafana refuses an annotation whose tags are longer than 500 bytes together.
    @Test(arguments: ["決", "é", "x", "🛒"]) func longNamesFitIntoTheTags(character: String) async throws {
        try await EngineStore.sqlite.withReplicas { store, _ in
            var event = EngineHarness.event("1")
            event.application = String(repeating: character, count: 200)
            event.environment = event.application
            let harness = harness(store)
            let relay = relay(harness, store)
            try await harness.receive(event)
            main.meet(.lostAnswer)
            for _ in 0..<9 {
                await harness.deliver(relay)
                try await harness.run(for: 10)
            }
            #expect(main.regions.count == 1 && main.regions[0].tags.contains("verdict:pass"))
        }
    }
}
