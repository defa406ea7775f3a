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
            ending: .noPlan("none matches"),
            receivedAt: now,
            at: now
        ).verdict
        var message = try #require(
            OutboxComposer(sinks: [.verdicts], encoding: .init(source: "/test")).decided(verdict).first
        )
        message.key = key
        message.createdAt = now + .seconds(seconds)
        return message
    }

    private var delivery: VerdictShardDelivery {
        VerdictShardDelivery(
            verdicts: topic,
            name: "name",
            records: VerdictRecords(topic: "t", encoding: .init(source: "/test")),
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
        #expect(topic.log == ["start", "look from 0", "publish b/final", "publish c/final"])
    }

    @Test func afterAnUnknownOutcomeTheNameIsTakenAgainAndTheTopicLookedAt() async throws {
        let delivery = delivery
        let a = try message("a", at: 60)
        topic.failNext(.unknown(KafkaError(code: .timedOut, message: "x")), keeps: true)
        #expect(arrived(await delivery.deliver([a])) == [false])
        #expect(arrived(await delivery.deliver([a])) == [true])
        // What was read before is not read again.
        #expect(topic.log == ["start", "look from 0", "publish a/final", "start", "look from 0"])
        let b = try message("b", at: 60)
        topic.failNext(.unknown(KafkaError(code: .timedOut, message: "x")), keeps: false)
        #expect(arrived(await delivery.deliver([b])) == [false])
        #expect(arrived(await delivery.deliver([b])) == [true])
        #expect(topic.log.suffix(3) == ["start", "look from 1", "publish b/final"])
    }

    @Test func aLookThatTakesTooLongIsGoneOnWith() async throws {
        let delivery = delivery
        for number in 0..<5 { topic.add("other-\(number)/final") }
        topic.add("a/final")
        let messages = [try message("a"), try message("b")]
        topic.endNextLook(at: 2)
        #expect(arrived(await delivery.deliver(messages)) == [false, false])
        topic.endNextLook(at: 4)
        #expect(arrived(await delivery.deliver(messages)) == [false, false])
        #expect(arrived(await delivery.deliver(messages)) == [true, true])
        #expect(topic.log == ["start", "look from 0", "look from 2", "look from 4", "publish b/final"])
    }

    @Test func onlyWhatIsLookedForIsRemembered() throws {
        var search = VerdictSearch()
        search.want([("a", now + .seconds(5)), ("b", now)])
        #expect(search.since == now)
        search.begin(at: [ScriptedVerdictTopic.partition: 7])
        #expect(search.since == nil)
        for offset in 7..<100_000 {
            search.read(offset == 9 ? "a" : "x\(offset)", of: ScriptedVerdictTopic.partition, offset: Int64(offset))
        }
        #expect(search.found == ["a"])
        #expect(search.reached == [ScriptedVerdictTopic.partition: 100_000])
        // Many more: the first are forgotten, and what was among them found.
        search.want((0..<VerdictSearch.maximumIDs - 1).map { ("c\($0)", now + .seconds(9)) } + [("b", now)])
        #expect(search.found.isEmpty)
        #expect(search.since == now + .seconds(9))
        search.want([("a", now + .seconds(5))])
        #expect(search.since == now + .seconds(5))
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
        #expect(topic.log.suffix(2) == ["publish a/final", "publish b/final"])
    }
}

/// A topic and its only publisher.
private final class ScriptedVerdictTopic: VerdictTopic, VerdictPublisher {
    private struct State {
        /// The ids on the topic's one partition.
        var records: [String] = []
        /// The next look gets no further.
        var limit: Int64?
        var log: [String] = []
        var failures: [(failure: TransactionFailure, keeps: Bool)] = []
    }

    private let state = Mutex(State())

    var log: [String] { state.withLock { $0.log } }

    func add(_ id: String) { state.withLock { $0.records.append(id) } }

    func endNextLook(at offset: Int64) { state.withLock { $0.limit = offset } }

    static let partition = KafkaPartition(topic: "t", partition: 0)

    /// `keeps`: what is published stays on the topic.
    func failNext(_ failure: TransactionFailure, keeps: Bool) {
        state.withLock { $0.failures.append((failure, keeps)) }
    }

    func publisher(named name: String) throws(KafkaError) -> any VerdictPublisher { self }

    func advance(_ search: inout VerdictSearch) async throws(KafkaError) {
        let (records, limit) = state.withLock { state in
            state.log.append("look from \(search.reached[Self.partition] ?? 0)")
            defer { state.limit = nil }
            return (state.records, state.limit)
        }
        if search.since != nil { search.begin(at: [Self.partition: 0]) }
        for offset in (search.reached[Self.partition] ?? 0)..<Int64(records.count) {
            guard offset < limit ?? .max else {
                throw KafkaError(code: .timedOut, message: "slow", isRetriable: true)
            }
            search.read(records[Int(offset)], of: Self.partition, offset: offset)
        }
        search.end(at: [Self.partition: Int64(records.count)])
    }

    func start() async throws(KafkaError) { state.withLock { $0.log.append("start") } }

    func publish(_ messages: [KafkaMessage]) async throws(TransactionFailure) -> [KafkaDelivery] {
        let ids = messages.map { message in
            message.headers.first { $0.key == "ce_id" }?.value.map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        let failure = state.withLock { state -> TransactionFailure? in
            state.log.append("publish \(ids.joined(separator: " "))")
            let next = state.failures.isEmpty ? nil : state.failures.removeFirst()
            if next?.keeps ?? true { state.records += ids }
            return next?.failure
        }
        if let failure { throw failure }
        return messages.map { KafkaDelivery(topic: $0.topic, partition: 0, offset: 0) }
    }

    func close() async {}
}
