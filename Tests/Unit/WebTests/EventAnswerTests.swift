import Analysis
import Concurrency
import Engine
import Hummingbird
import HummingbirdTesting
import JSON
import Store
import Testing
import Web

/// `GET /v1/events`: what an event was answered with.
@Suite struct EventAnswerTests {
    private func withServer(
        _ body: @Sendable (any TestClientProtocol, SQLiteStore) async throws -> Void
    ) async throws {
        try await TestWebServer().run(body)
    }

    private static func event(_ id: String, phase: DeployEvent.Phase = .deployed) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/ci", id: id),
            phase: phase,
            application: "shop",
            environment: "production",
            version: "2.0"
        )
    }

    /// Takes an event in, and answers it by the rules, as the engine does.
    private func take(_ event: DeployEvent, in store: SQLiteStore) async throws {
        let now = SystemClock().now()
        _ = try await store.receive([ReceivedEvent(event: event, receivedAt: now)])
        _ = try await store.answerEvents(limit: 10) { waiting, record in
            let answer = OpeningRules(maximumAge: .seconds(3600)).answer(
                .init(event: waiting.event, receivedAt: now),
                history: record.history,
                unfinished: record.unfinished.map(\.session),
                at: now
            ) { _ in
                AnalysisPlan(
                    name: "p",
                    schedule: AnalysisSchedule(step: .seconds(1), interval: .seconds(10), lifetime: .seconds(20)),
                    metrics: [PlannedMetric(name: "m", query: "m{${scope}}")]
                )
            }
            var change = StoreChange()
            change.answer = .init(outcome: answer.outcome, at: now, history: answer.history)
            change.opened = answer.opened
            change.written = answer.changed.compactMap { session in
                guard var stored = record.unfinished.first(where: { $0.session.id == session.id }) else { return nil }
                stored.session = session
                return stored
            }
            return change
        }
    }

    private func ask(_ client: any TestClientProtocol, _ query: String) async throws -> (Int, JSONObject) {
        try await client.execute(uri: "/v1/events?\(query)", method: .get) { response in
            let body = try JSONParser.parse(Array(response.body.readableBytesView), maximumDepth: 8).object
            return (response.status.code, body ?? JSONObject())
        }
    }

    @Test("An event names its session, a repeat that of the event before it, a withdrawal what became of it")
    func answers() async throws {
        try await withServer { client, store in
            let (first, repeated) = (Self.event("a"), Self.event("b"))
            #expect(try await ask(client, "source=/ci&id=a").0 == 404)
            _ = try await store.receive([ReceivedEvent(event: first, receivedAt: SystemClock().now())])
            let waiting = try await ask(client, "source=/ci&id=a").1
            #expect(waiting["answered"] == .bool(false) && waiting["session"] == nil)
            try await take(first, in: store)
            try await take(repeated, in: store)
            try await take(Self.event("c", phase: .cancelled), in: store)
            let session = JSONValue.string(SessionID.make(for: first.identity))
            for id in ["a", "b"] {
                let (status, answer) = try await ask(client, "source=%2Fci&id=\(id)")
                #expect(status == 200 && answer["session"] == session && answer["answered"] == .bool(true), "\(answer)")
            }
            let withdrawal = try await ask(client, "source=/ci&id=c").1
            #expect(withdrawal["session"] == nil && withdrawal["answered"] == .bool(true))
            #expect(withdrawal["outcome"]?.text?.hasPrefix("cancelled ") == true, "\(withdrawal)")
        }
    }

    @Test(arguments: ["", "id=a", "source=/ci", "source=/ci&id=", "source=/ci&id=a&id=b", "source=/ci&id=a&x=1"])
    func otherQuestionsAreRefused(query: String) async throws {
        try await withServer { client, _ in
            let (status, _) = try await ask(client, query)
            #expect(status == 400)
        }
    }
}
