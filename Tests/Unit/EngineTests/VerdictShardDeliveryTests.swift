import Analysis
import Foundation
import Kafka
import Store
import Synchronization
import Testing

@testable import Engine

/// The steps before a publication, on a topic that answers as it is told to.
@Suite struct VerdictShardDeliveryTests {
    private let now = EngineHarness.start
    private let topic = ScriptedVerdictTopic()

    private func message(_ id: String, key: String = "shop", at seconds: Int = 0) throws -> OutboxMessage {
        let verdict = AnalysisSession.rejected(
            id: id,
            event: EngineHarness.event(id),
            status: .errored,
            reason: "r",
            receivedAt: now,
            at: now
        ).verdict
        var message = try #require(OutboxComposer(sinks: [.verdicts]).decided(verdict).first)
        message.key = key
        message.createdAt = now + .seconds(seconds)
        return message
    }

    private var delivery: VerdictShardDelivery {
        VerdictShardDelivery(
            verdicts: topic,
            name: "name",
            encoding: VerdictRecordEncoding(topic: "t", source: "/test", reportURL: { _ in nil }),
            takenAt: now
        )
    }

    private func arrived(_ results: [DeliveryResult]) -> [Bool] {
        results.map { result in
            if case .success = result.outcome { true } else { false }
        }
    }

    @Test func theTopicIsLookedAtAfterTheNameWasTakenAndNotAgain() async throws {
        let delivery = delivery
        topic.add("a/final")
        #expect(arrived(await delivery.deliver([try message("a"), try message("b")])) == [true, true])
        #expect(arrived(await delivery.deliver([try message("c", at: 60)])) == [true])
        #expect(topic.log == ["start", "look", "publish b/final", "publish c/final"])
    }

    @Test func afterAnUnknownOutcomeTheNameIsTakenAgainAndTheTopicLookedAt() async throws {
        let delivery = delivery
        let a = try message("a", at: 60)
        topic.failNext(.unknown(KafkaError(code: .timedOut, message: "x")), keeps: true)
        #expect(arrived(await delivery.deliver([a])) == [false])
        #expect(arrived(await delivery.deliver([a])) == [true])
        #expect(topic.log == ["start", "look", "publish a/final", "start", "look"])
    }

    @Test func aRefusedBatchGoesOneByOneAndEachKeyInOrder() async throws {
        let delivery = delivery
        let messages = [try message("a"), try message("b", key: "other"), try message("c")]
        let refusal = TransactionFailure.aborted(KafkaError(code: .other, message: "no"), message: nil)
        topic.failNext(refusal, keeps: false)
        #expect(arrived(await delivery.deliver(messages)) == [false, false, false])
        topic.failNext(refusal, keeps: false)
        let results = await delivery.deliver(messages)
        #expect(results.map(\.message.key) == ["shop", "other"])
        #expect(arrived(results) == [false, true])
        #expect(topic.log.suffix(3) == ["look", "publish a/final", "publish b/final"])
    }
}

/// A topic and its only publisher.
private final class ScriptedVerdictTopic: VerdictTopic, VerdictPublisher {
    private struct State {
        var ids: Set<String> = []
        var log: [String] = []
        var failures: [(failure: TransactionFailure, keeps: Bool)] = []
    }

    private let state = Mutex(State())

    var log: [String] { state.withLock { $0.log } }

    func add(_ id: String) { state.withLock { _ = $0.ids.insert(id) } }

    /// `keeps`: what is published stands on the topic all the same.
    func failNext(_ failure: TransactionFailure, keeps: Bool) {
        state.withLock { $0.failures.append((failure, keeps)) }
    }

    func publisher(named name: String) throws(KafkaError) -> any VerdictPublisher { self }

    func ids(since time: Timestamp) async throws(KafkaError) -> Set<String> {
        state.withLock { state in
            state.log.append("look")
            return state.ids
        }
    }

    func start() async throws(KafkaError) { state.withLock { $0.log.append("start") } }

    func publish(_ messages: [KafkaMessage]) async throws(TransactionFailure) -> [KafkaDelivery] {
        let ids = messages.map { message in
            message.headers.first { $0.key == "ce_id" }?.value.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        let failure = state.withLock { state -> TransactionFailure? in
            state.log.append("publish \(ids.joined(separator: " "))")
            let next = state.failures.isEmpty ? nil : state.failures.removeFirst()
            if next?.keeps ?? true { state.ids.formUnion(ids) }
            return next?.failure
        }
        if let failure { throw failure }
        return messages.map { KafkaDelivery(topic: $0.topic, partition: 0, offset: 0) }
    }

    func close() async {}
}
