import Analysis
import Engine
import Judging
import Notifications
import Store
import Telemetry
import Testing

@Suite struct NotificationSinkTests {
    private static let chat = NotificationDestination(name: "chat", receiver: .slack)
    private static let other = NotificationDestination(name: "other", receiver: .teams)
    private static let pages = NotificationDestination(
        name: "pages",
        receiver: .pagerduty(url: "https://events.pagerduty.com/v2/enqueue")
    )

    private let clock = ManualClock(EngineHarness.start)

    private func harness(_ store: any Store, _ destinations: NotificationDestination...) -> NotificationHarness {
        NotificationHarness(store: store, clock: clock, destinations: destinations)
    }

    @Test(arguments: EngineStore.available)
    func aDestinationThatFailsHoldsUpNoOther(_ kind: EngineStore) async throws {
        try await kind.withReplicas { store, _ in
            let harness = harness(store, Self.chat, Self.other)
            let (bad, good) = (RecordingPost(), RecordingPost())
            let down = DeliveryFailure("down", isTransient: true)
            bad.failNext(down, down, down)
            let (failing, working) = (harness.relay(to: 0, bad), harness.relay(to: 1, good))
            try await harness.decide("1")
            try await harness.decide("2", version: "3.0")
            _ = await NotificationHarness.deliver(failing)
            _ = await NotificationHarness.deliver(working)
            _ = await NotificationHarness.deliver(working)
            #expect(bad.told.isEmpty && good.told.map(\.version) == ["2.0", "3.0"])
            #expect(try await store.outboxDepths().map(\.sink.rawValue) == ["notify:chat"])
            #expect(harness.metrics.outboxFailures.value("notify:chat", "retried") == 1)
            // It comes back, and is told what it missed in order.
            for _ in 0..<6 {
                clock.advance(by: .seconds(10))
                _ = await NotificationHarness.deliver(failing)
            }
            #expect(bad.told.map(\.version) == ["2.0", "3.0"])
            #expect(try await store.outboxDepths().isEmpty)
        }
    }

    @Test(arguments: EngineStore.available)
    func theSameStateIsToldOnce(_ kind: EngineStore) async throws {
        try await kind.withReplicas { store, _ in
            let harness = harness(store, Self.chat)
            let post = RecordingPost()
            let relay = harness.relay(to: 0, post)
            for (id, result) in [("1", JudgementResult.fail), ("2", .fail), ("3", .pass), ("4", .fail)] {
                try await harness.decide(id) { verdict in
                    verdict.status = .completed
                    verdict.result = result
                }
                _ = await NotificationHarness.deliver(relay)
            }
            #expect(post.told.map(\.result) == ["fail", "pass", "fail"])
            #expect(try await store.outboxDepths().isEmpty)
        }
    }

    @Test(arguments: EngineStore.available)
    func anAlertIsEndedByTheNextReleaseThatPasses(_ kind: EngineStore) async throws {
        try await kind.withReplicas { store, _ in
            let harness = harness(store, Self.pages)
            let post = RecordingPost()
            let relay = harness.relay(to: 0, post)
            let course: [(String, JudgementResult)] = [
                ("1.0", .pass), ("2.0", .fail), ("2.1", .marginal), ("2.2", .pass), ("2.3", .pass),
            ]
            for (version, result) in course {
                try await harness.decide(version, version: version) { verdict in
                    verdict.status = .completed
                    verdict.result = result
                }
                _ = await NotificationHarness.deliver(relay)
            }
            #expect(post.told.map(\.version) == ["2.0", "2.2"] && post.told.map(\.isResolved) == [false, true])
        }
    }

    /// Where a route asks for it, and once; the verdict follows.
    @Test(arguments: EngineStore.available)
    func theStartIsToldBeforeTheVerdict(_ kind: EngineStore) async throws {
        try await kind.withReplicas { store, _ in
            let route = NotificationRoute(results: [.started, .pass])
            let chat = NotificationDestination(name: "chat", receiver: .slack, route: route)
            let engine = EngineHarness(
                store: store,
                backEnd: ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) }),
                clock: clock,
                destinations: [chat, Self.other]
            )
            let post = RecordingPost()
            let relay = harness(store, chat, Self.other).relay(to: 0, post)
            try await engine.receive(EngineHarness.event("1"))
            try await engine.receive(EngineHarness.event("2"))
            #expect(try await store.outboxDepths().filter { $0.sink.isNotification }.map(\.count) == [1])
            try await engine.run(for: 70)
            for _ in 0..<3 { _ = await NotificationHarness.deliver(relay) }
            #expect(post.told.map(\.result) == ["started", "pass"])
        }
    }

    /// A replica that dies after sending leaves the message to another one: it is told again, under the same id.
    @Test(arguments: EngineStore.available)
    func whatWasSentAndNotSettledIsSentAgain(_ kind: EngineStore) async throws {
        try await kind.withReplicas { store, other in
            let first = harness(store, Self.chat)
            let post = RecordingPost()
            let second = harness(other, Self.chat).relay(to: 0, post, owner: "second")
            try await first.decide("1")
            // Its lease runs out between the receiver's answer and the note of it.
            post.afterNext { [clock] in
                clock.advance(by: .seconds(31))
                await second.claimShards()
            }
            #expect(await NotificationHarness.deliver(first.relay(to: 0, post, owner: "first")) == 0)
            #expect(post.told.count == 1)
            #expect(await second.deliverDue() == 1)
            #expect(post.told.count == 2)
            #expect(try await store.outboxDepths().isEmpty)
        }
    }

    @Test func whatIsRefusedForGoodIsGivenUp() async throws {
        try await EngineStore.sqlite.withReplicas { store, _ in
            let harness = harness(store, Self.chat)
            let post = RecordingPost()
            post.failNext(DeliveryFailure("chat answered 400", isTransient: false))
            let relay = harness.relay(to: 0, post)
            try await harness.decide("1")
            _ = await NotificationHarness.deliver(relay)
            #expect(try await store.outboxDepths().isEmpty)
            #expect(harness.metrics.outboxFailures.value("notify:chat", "dropped") == 1)
            #expect(harness.log.count(of: "outbox message was given up") == 1)
            // What it was not told is no state that it knows.
            try await harness.decide("2")
            _ = await NotificationHarness.deliver(relay)
            #expect(post.told.count == 1)
        }
    }

    @Test func aReceiverSaysWhenItIsTriedAgain() async throws {
        try await EngineStore.sqlite.withReplicas { store, _ in
            let harness = harness(store, Self.chat)
            let post = RecordingPost()
            post.failNext(DeliveryFailure("chat answered 429", isTransient: true, retryAfter: .seconds(300)))
            let relay = harness.relay(to: 0, post)
            try await harness.decide("1")
            _ = await NotificationHarness.deliver(relay)
            clock.advance(by: .seconds(299))
            #expect(await NotificationHarness.deliver(relay) == 0)
            clock.advance(by: .seconds(1))
            #expect(await NotificationHarness.deliver(relay) == 1)
        }
    }

    @Test(arguments: EngineStore.available)
    func whatWaitsForARemovedDestinationIsGivenUp(_ kind: EngineStore) async throws {
        try await kind.withReplicas { store, _ in
            let harness = harness(store, Self.chat, Self.other)
            try await harness.decide("1")
            let removed = RemovedDestinations(
                store: store,
                served: [.notification("other")],
                owner: "test",
                age: .seconds(86_400),
                clock: clock,
                metrics: harness.metrics,
                logger: harness.log.logger
            )
            clock.advance(by: .seconds(86_000))
            try await removed.giveUp()
            #expect(try await store.outboxDepths().count == 2)
            clock.advance(by: .seconds(401))
            try await removed.giveUp()
            #expect(try await store.outboxDepths().map(\.sink) == [.notification("other")])
            #expect(harness.log.count(of: "their destination was removed") == 1)
            #expect(harness.metrics.outboxFailures.value("other", "dropped") == 1)
        }
    }

    @Test func onlyFinalVerdictsThatConcernADestinationAreTold() async throws {
        var route = NotificationRoute(applications: ["another"])
        route.severity = .critical
        let elsewhere = NotificationDestination(name: "elsewhere", receiver: .slack, route: route)
        try await EngineStore.sqlite.withReplicas { store, _ in
            let harness = harness(store, Self.chat, elsewhere)
            try await harness.decide("1") { $0.kind = .interim }
            #expect(try await store.outboxDepths().isEmpty)
            try await harness.decide("2")
            #expect(try await store.outboxDepths().map(\.sink) == [.notification("chat")])
        }
    }
}
