import Analysis
import Engine
import EventFormats
import Foundation
import Kafka
import Logging
import Processes
import Store
import Synchronization
import Testing

@testable import Service

@Suite(.timeLimit(.minutes(5))) struct RolloutTopicIntakeTests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func withStore(_ body: (SQLiteStore, Verdict) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try SQLiteStore(path: directory.appending(path: "s.db").path)
        let (session, verdict) = AnalysisSession.rejected(
            id: "s1",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "production",
                version: "2.0"
            ),
            ending: .noPlan("none matches"),
            receivedAt: .now,
            at: .now
        )
        var change = StoreChange()
        change.opened = [session]
        change.verdicts = [verdict]
        try await store.commit(change)
        try await body(store, verdict)
        await store.close()
    }

    private static func actions(_ store: any Store) -> ActionKeeper {
        ActionKeeper(
            store: store,
            composer: OutboxComposer(sinks: [], encoding: VerdictMessageEncoding(source: "/assay")),
            clock: SystemClock(),
            outbox: OutboxSignals([])
        )
    }

    private static func action(_ verdict: Verdict, session: String? = nil) -> CloudEvent {
        var verdict = verdict
        verdict.session = session ?? verdict.session
        return RolloutEvent.encode(
            RolloutAction(
                verdict: verdict,
                action: .abort,
                outcome: .done,
                actuator: "argo-rollout",
                reason: "It failed.",
                at: verdict.decidedAt
            ),
            source: "/assay/rollout/g"
        )
    }

    @Test("What controllers wrote on the topic is kept once beside its session; everything else there is left out")
    func topic() async throws {
        let broker = try EmbeddedBroker()
        defer { broker.close() }
        let configuration = KafkaConfiguration.embedded(broker.bootstrapServers)
        try await withStore { store, verdict in
            let producer = try KafkaProducer(configuration: configuration, logger: Self.logger)
            func send(_ event: CloudEvent) async throws {
                let (value, headers) = CloudEventKafkaBinding.binary(event)
                _ = try await producer.send(
                    KafkaMessage(
                        topic: "canary.rollouts",
                        value: value,
                        headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
                    )
                )
            }
            _ = try await producer.send(KafkaMessage(topic: "canary.rollouts", value: Array("garbage".utf8)))
            try await send(Self.action(verdict, session: "stranger"))
            for _ in 0..<2 { try await send(Self.action(verdict)) }
            await producer.close()
            let intake = RolloutTopicIntake(actions: Self.actions(store), logger: Self.logger) { start in
                try KafkaReader(
                    configuration: configuration,
                    topic: "canary.rollouts",
                    from: start,
                    logger: Self.logger
                )
            }
            let running = Task { try await intake.run() }
            let kept = try await Waiting.until("the action is kept") {
                let actions = try await store.actions(ofSession: "s1").actions
                return actions.isEmpty ? nil : actions
            }
            #expect(kept.count == 1 && kept[0].id == "\(verdict.id)/argo-rollout")
            #expect(intake.trouble == nil)
            running.cancel()
            _ = await running.result
            #expect(try await store.actions(after: 0, limit: 10, maximumBytes: .max).count == 1)
        }
    }

    @Test("A topic that may not be read is said, and tried again")
    func refused() async throws {
        try await withStore { store, _ in
            let attempts = Mutex(0)
            var options = RolloutTopicIntake.Options()
            options.pauses = .milliseconds(1)...(.milliseconds(2))
            let intake = RolloutTopicIntake(actions: Self.actions(store), options: options, logger: Self.logger) { _ in
                attempts.withLock { $0 += 1 }
                throw KafkaError(code: .configuration, message: "needs READ on the topic 'canary.rollouts'")
            }
            let running = Task { try await intake.run() }
            try await Waiting.until("it was tried again") { attempts.withLock { $0 > 2 } }
            #expect(intake.trouble?.contains("needs READ on the topic 'canary.rollouts'") == true)
            running.cancel()
            _ = await running.result
        }
    }
}
