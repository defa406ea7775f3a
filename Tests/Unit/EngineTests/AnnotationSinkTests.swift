import Analysis
import Engine
import Foundation
import Grafana
import HTTPTransport
import Store
import Synchronization
import Testing

@Suite struct AnnotationSinkTests {
    /// Answers like Grafana and keeps what was asked; `fail` makes the next requests fail after or before they took effect.
    private final class Grafana: HTTPExecuting {
        struct State {
            var requests: [String] = []
            var texts: [Int64: String] = [:]
            var lostAnswers = 0
            var isDown = false
        }

        let state = Mutex(State())

        func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            let body =
                request.body.flatMap { try? JSONSerialization.jsonObject(with: Data($0)) } as? [String: Any] ?? [:]
            let text = body["text"] as? String ?? ""
            let path = String(request.url.dropFirst("http://grafana/api/annotations".count))
            let (answer, isLost) = state.withLock { state -> (String?, Bool) in
                if state.isDown { return (nil, true) }
                state.requests.append("\(request.method.rawValue) \(path.prefix { $0 != "?" })")
                let isLost = state.lostAnswers > 0
                if isLost { state.lostAnswers -= 1 }
                switch request.method {
                case .post:
                    let id = Int64(state.texts.count + 1)
                    state.texts[id] = text
                    return (#"{"message":"Annotation added","id":\#(id)}"#, isLost)
                case .patch:
                    guard let id = Int64(path.dropFirst()), state.texts[id] != nil else { return (nil, false) }
                    state.texts[id] = text
                    return (#"{"message":"Annotation patched"}"#, isLost)
                default:
                    let found = state.texts.map { ["id": $0.key, "text": $0.value] as [String: Any] }
                    let data = (try? JSONSerialization.data(withJSONObject: found)) ?? Data()
                    return (String(decoding: data, as: UTF8.self), isLost)
                }
            }
            if isLost { throw HTTPError(.timedOut, "no answer in time") }
            guard let answer else {
                return HTTPResponse(status: 404, headers: [:], body: Array(#"{"message":"not found"}"#.utf8))
            }
            return HTTPResponse(status: 200, headers: [:], body: Array(answer.utf8))
        }
    }

    private let clock = ManualClock(EngineHarness.start)
    private let grafana = Grafana()

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
            let client = GrafanaClient(baseURL: "http://grafana", http: grafana)
            let relay = harness.relay(
                to: AnnotationSink(grafana: client, store: harness.store, dashboardUID: nil)
            )
            // The relay has its shards before anything is decided.
            await harness.deliver(relay)
            clock.advance(by: .seconds(1))
            try await body(harness, relay)
            await harness.store.close()
        }
    }

    @Test func opensARegionWithTheAnalysisAndClosesItWithTheVerdict() async throws {
        try await withEngine { harness, relay in
            try await harness.receive(EngineHarness.event("1"))
            await harness.deliver(relay)
            #expect(grafana.state.withLock { $0.texts[1] }?.contains("analysis") == true)
            try await harness.run(for: 70)
            await harness.deliver(relay)
            #expect(grafana.state.withLock { $0.requests } == ["POST ", "PATCH /1"])
            #expect(grafana.state.withLock { $0.texts[1] }?.hasPrefix("shop 2.0 in production: pass") == true)
        }
    }

    @Test func aLostAnswerDoesNotMakeASecondAnnotation() async throws {
        try await withEngine { harness, relay in
            grafana.state.withLock { $0.lostAnswers = 1 }
            try await harness.receive(EngineHarness.event("1"))
            await harness.deliver(relay)
            clock.advance(by: .seconds(60))
            await harness.deliver(relay)
            #expect(grafana.state.withLock { $0.texts.count } == 1)
            #expect(grafana.state.withLock { $0.requests } == ["POST ", "GET "])
        }
    }

    @Test func aDeadGrafanaDelaysNoVerdictAndIsCaughtUpWith() async throws {
        try await withEngine { harness, relay in
            grafana.state.withLock { $0.isDown = true }
            try await harness.receive(EngineHarness.event("1"))
            for _ in 0..<70 {
                try await harness.run(for: 1)
                await harness.deliver(relay)
            }
            #expect(harness.topic.verdicts.last?.kind == .final)
            grafana.state.withLock { $0.isDown = false }
            for _ in 0..<3 {
                clock.advance(by: .seconds(61))
                await harness.deliver(relay)
            }
            #expect(grafana.state.withLock { $0.texts.count } == 1)
            #expect(grafana.state.withLock { $0.texts[1] }?.contains(": pass") == true)
        }
    }

    @Test func anAnnotationThatSomebodyDeletedIsMadeAgain() async throws {
        try await withEngine { harness, relay in
            try await harness.receive(EngineHarness.event("1"))
            await harness.deliver(relay)
            grafana.state.withLock { $0.texts = [:] }
            try await harness.run(for: 70)
            await harness.deliver(relay)
            #expect(grafana.state.withLock { $0.requests } == ["POST ", "PATCH /1", "POST "])
        }
    }

    /// Without the store it is not known which region to close: a second one would be made, and the first stay open.
    @Test func aStoreThatFailsMakesNoSecondRegion() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory.appending(path: "store.db").path)
            let client = GrafanaClient(baseURL: "http://grafana", http: grafana)
            let sink = AnnotationSink(grafana: client, store: store, dashboardUID: nil)
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
            #expect(grafana.state.withLock { $0.requests.isEmpty })
        }
    }
}
