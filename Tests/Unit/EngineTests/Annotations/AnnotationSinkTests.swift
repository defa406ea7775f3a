import Analysis
import Engine
import Foundation
import Grafana
import Notifications
import Store
import StoredFormats
import Testing

/// What becomes of a message to Grafana, whatever happens on the way.
@Suite struct AnnotationSinkTests {
    private let clock = ManualClock(EngineHarness.start)
    private let grafana = ScriptedGrafana()

    /// An engine that marks releases, and the relay that delivers its annotations.
    private func withEngine(_ body: (EngineHarness, OutboxRelay) async throws -> Void) async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(ScriptedBackEnd.sides { 10 + Double($0 % 7) })
            let harness = try EngineHarness(
                directory: directory,
                backEnd: backEnd,
                clock: clock,
                sinks: [.verdicts, .annotations]
            )
            let relay = harness.relay(
                to: AnnotationSink(grafana: grafana.client, store: harness.store),
                maximumAge: .seconds(86_400)
            )
            // The relay has its shards before anything is decided.
            await harness.deliver(relay)
            clock.advance(by: .seconds(1))
            try await body(harness, relay)
            await harness.store.close()
        }
    }

    /// Runs an analysis to its end, and delivers what it says until nothing waits.
    private func analyse(_ harness: EngineHarness, _ relay: OutboxRelay) async throws {
        try await harness.receive(EngineHarness.event("1"))
        for _ in 0..<8 {
            await harness.deliver(relay)
            try await harness.run(for: 10)
        }
        for _ in 0..<10 {
            await harness.deliver(relay)
            clock.advance(by: .seconds(61))
        }
        #expect(try await harness.store.outboxDepths().isEmpty)
    }

    @Test func opensARegionWithTheAnalysisAndClosesItWithTheVerdict() async throws {
        try await withEngine { harness, relay in
            try await harness.receive(EngineHarness.event("1"))
            await harness.deliver(relay)
            #expect(grafana.kept.first?.text.contains("analysis") == true)
            try await harness.run(for: 70)
            await harness.deliver(relay)
            // Two looks with an interim result, and the last one. Then it is made sure that there is only one region.
            #expect(grafana.requests == ["POST ", "PATCH /1", "PATCH /1", "PATCH /1", "GET "])
            #expect(grafana.kept.map { $0.text.hasPrefix("shop 2.0 in production: pass") } == [true])
        }
    }

    /// With any of the requests, and twice in a row.
    @Test(arguments: 0..<6, 1...2)
    func aLostAnswerDoesNotMakeASecondAnnotation(after answered: Int, lost: Int) async throws {
        try await withEngine { harness, relay in
            for _ in 0..<answered { grafana.meet(.none) }
            for _ in 0..<lost { grafana.meet(.lostAnswer) }
            try await analyse(harness, relay)
            #expect(grafana.kept.count == 1 && grafana.kept[0].tags.last == "verdict:pass")
        }
    }

    /// The first attempt was sent, and comes to Grafana after the second one has looked for it.
    @Test func aRegionThatComesLateIsRemovedWithTheVerdict() async throws {
        try await withEngine { harness, relay in
            grafana.meet(.late)
            try await harness.receive(EngineHarness.event("1"))
            await harness.deliver(relay)
            clock.advance(by: .seconds(60))
            await harness.deliver(relay)
            grafana.arrive()
            #expect(grafana.regions.count == 2)
            try await harness.run(for: 70)
            await harness.deliver(relay)
            #expect(grafana.regions.map(\.tags.last) == ["verdict:pass"])
        }
    }

    /// The token of an installation that was set up for version 0.1.0 may not be allowed to.
    @Test func aTokenThatMayNotDeleteEndsTheRegionAllTheSame() async throws {
        try await withEngine { harness, relay in
            try await harness.receive(EngineHarness.event("1"))
            await harness.deliver(relay)
            grafana.meet(.none, .none, .none, .status(403))
            try await harness.run(for: 70)
            await harness.deliver(relay)
            #expect(grafana.regions.map(\.tags.last) == ["verdict:pass"])
            #expect(try await harness.store.outboxDepths().isEmpty)
        }
    }

    @Test func aDeadGrafanaDelaysNoVerdictAndIsCaughtUpWith() async throws {
        try await withEngine { harness, relay in
            grafana.isDown(true)
            try await harness.receive(EngineHarness.event("1"))
            for _ in 0..<70 {
                try await harness.run(for: 1)
                await harness.deliver(relay)
            }
            #expect(harness.topic.verdicts.last?.kind == .final)
            grafana.isDown(false)
            for _ in 0..<3 {
                clock.advance(by: .seconds(61))
                await harness.deliver(relay)
            }
            #expect(grafana.kept.map { $0.text.contains(": pass") } == [true])
        }
    }

    @Test func anAnnotationThatAPersonDeletedIsMadeAgainOnce() async throws {
        try await withEngine { harness, relay in
            try await harness.receive(EngineHarness.event("1"))
            await harness.deliver(relay)
            grafana.clear()
            // Also where the answer to the second one is lost.
            grafana.meet(.none, .none, .lostAnswer)
            for _ in 0..<10 {
                try await harness.run(for: 10)
                await harness.deliver(relay)
            }
            #expect(grafana.regions.map(\.tags.last) == ["verdict:pass"])
            #expect(grafana.requests.prefix(4) == ["POST ", "PATCH /1", "GET ", "POST "])
        }
    }

    /// Without the store it is not known which region to close: a second one would be made, and the first stay open.
    @Test func aStoreThatFailsMakesNoSecondRegion() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory.appending(path: "store.db").path)
            let sink = AnnotationSink(grafana: grafana.client, store: store)
            let (_, verdict) = AnalysisSession.rejected(
                id: "s",
                event: EngineHarness.event("1"),
                ending: .noPlan("none matches"),
                receivedAt: clock.now(),
                at: clock.now()
            )
            let messages = try OutboxComposer(sinks: [.annotations], encoding: EngineHarness.encoding).decided(verdict)
            await store.close()
            do {
                _ = try await sink.deliver(try #require(messages.first), mayHaveArrived: false)
                Issue.record("it was delivered")
            } catch { #expect((error as? DeliveryFailure)?.isTransient == true) }
            #expect(grafana.requests.isEmpty)
        }
    }

    // MARK: - Answers

    @Test(
        arguments: [
            (401, nil, true), (403, nil, true), (404, nil, true), (409, nil, true), (412, nil, true),
            (429, .seconds(120), true), (500, nil, true), (503, .seconds(120), true), (400, nil, false),
            (422, nil, false),
        ] as [(Int, Duration?, Bool)]
    )
    func aRefusalIsForGoodOrForNow(status: Int, wait: Duration?, isTransient: Bool) async throws {
        try await withEngine { harness, relay in
            grafana.meet(.status(status, retryAfter: wait.map { "\($0.components.seconds)" }))
            try await harness.receive(EngineHarness.event("1"))
            await harness.deliver(relay)
            #expect(try await harness.store.outboxDepths().isEmpty != isTransient)
            clock.advance(by: (wait ?? .seconds(61)) - .seconds(1))
            if wait != nil {
                await harness.deliver(relay)
                #expect(grafana.requests.count == 1)
            }
            clock.advance(by: .seconds(2))
            await harness.deliver(relay)
            #expect(grafana.regions.count == (isTransient ? 1 : 0))
        }
    }

    /// The message says which one.
    @Test func aDashboardThatIsNotThereIsWaitedFor() async throws {
        try await EngineStore.sqlite.withReplicas { store, _ in
            let place = GrafanaPlace(dashboard: "shop-board", panel: 3)
            let sink = AnnotationSink(.notification("board"), grafana: grafana.client, store: store, place: place)
            let message = try self.message(AnnotationForm.opening(try session(), link: nil))
            grafana.meet(.status(404))
            do throws(DeliveryFailure) {
                _ = try await sink.deliver(message, mayHaveArrived: false)
                Issue.record("it was delivered")
            } catch { #expect(error.isTransient && error.message.contains("shop-board")) }
            #expect(try await sink.deliver(message, mayHaveArrived: true) == "1")
            #expect(try await sink.deliver(message, mayHaveArrived: true) == "1")
            #expect(grafana.kept.map(\.dashboardUID) == ["shop-board"] && grafana.kept[0].panelId == 3)
        }
    }

    private func session() throws -> AnalysisSession {
        AnalysisSession(
            id: SessionID.make(for: EventIdentity(source: "/ci", id: "1")),
            event: EngineHarness.event("1"),
            plan: EngineHarness.plan(),
            receivedAt: EngineHarness.start
        )
    }

    private func message(_ form: AnnotationForm) throws -> OutboxMessage {
        OutboxMessage(
            sink: .annotations,
            id: form.openedID,
            key: form.session,
            payload: try form.bytes(),
            createdAt: form.start
        )
    }

    // MARK: - Version 0.1.0

    private static let old = "66baee7b20f346a101557f0367e1899f"

    private func oldMessage(_ stage: String, start: String, end: String? = nil) throws -> OutboxMessage {
        let (end, result) = end.map { (#","end":"\#($0)""#, #","result":"pass""#) } ?? ("", "")
        let text = "shop 3.0 in production: \(stage) (analysis \(Self.old))"
        let json =
            #"{"application":"shop","environment":"production","session":"\#(Self.old)","stage":"\#(stage)""#
            + #","start":"\#(start)"\#(end)\#(result),"text":"\#(text)","version":"3.0"}"#
        return OutboxMessage(
            sink: .annotations,
            id: "\(Self.old)/\(stage)",
            key: Self.old,
            payload: Array(json.utf8),
            createdAt: EngineHarness.start
        )
    }

    /// Its closing message says when the analysis was opened, which may be hours after the deployment, where the region
    /// begins. A region that was written before the note of it was lost is found too.
    @Test func aRegionThatVersion010BeganIsClosed() async throws {
        try await EngineStore.sqlite.withReplicas { store, _ in
            let sink = AnnotationSink(grafana: grafana.client, store: store)
            let opened = try oldMessage("opened", start: "2026-03-01T04:00:29.000Z")
            let closed = try oldMessage("closed", start: "2026-03-01T10:00:29.000Z", end: "2026-03-01T10:01:36.000Z")
            #expect(try await sink.deliver(opened, mayHaveArrived: false) == "1")
            #expect(try await sink.deliver(closed, mayHaveArrived: false) == "1")
            #expect(grafana.regions.map(\.tags.last) == ["verdict:pass"])
        }
    }
}
