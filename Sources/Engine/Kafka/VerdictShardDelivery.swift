import Analysis
import Kafka
import Store
import Synchronization

/// Publishes the verdicts of one shard so that none is on the topic twice.
///
/// Three steps, in this order, prevent duplicates even if two replicas believe they own the shard:
/// 1. initialise the transactional id, which fences the previous owner;
/// 2. read which messages are already on the topic;
/// 3. publish the rest, each batch in one transaction.
///
/// After a failure that leaves anything open the steps begin again.
final class VerdictShardDelivery: ShardDelivery {
    private struct State {
        var publisher: (any VerdictPublisher)?
        /// Messages created until then may be on the topic already.
        var doubtfulUntil: Timestamp
        /// What is looked for there, as far as it was read.
        var search = VerdictSearch()
        /// The ids that were looked for, to the end, since the name was taken and nothing went wrong.
        var settled: Set<String> = []
        /// Nothing has been looked for since the name was taken.
        var isFresh = true
        /// The broker refused a batch and did not say for which message: they go one by one.
        var isCareful = false
        var isClosed = false
    }

    /// Clocks of replicas that follow the same store differ by less.
    static let clockMargin = Duration.seconds(5)

    private let verdicts: any VerdictTopic
    private let name: String
    private let source: VerdictRecords
    private let state: Mutex<State>

    init(verdicts: any VerdictTopic, name: String, records: VerdictRecords, takenAt: Timestamp) {
        self.verdicts = verdicts
        self.name = name
        source = records
        state = Mutex(State(doubtfulUntil: takenAt + Self.clockMargin))
    }

    func deliver(_ messages: [OutboxMessage]) async -> [DeliveryResult] {
        do throws(KafkaError) {
            let publisher = try await publisher()
            let known = try await standing(messages)
            var results: [DeliveryResult] = []
            var records: [(message: OutboxMessage, record: KafkaMessage)] = []
            for message in messages {
                guard !known.contains(message.id) else {
                    results.append(DeliveryResult(message, .success(nil)))
                    continue
                }
                do throws(DeliveryFailure) { records.append((message, try source.record(of: message))) } catch {
                    results.append(DeliveryResult(message, .failure(error)))
                }
            }
            let isCareful = state.withLock { state in
                defer { state.isCareful = false }
                return state.isCareful
            }
            return results
                + (isCareful ? await publishSingly(records, by: publisher) : await publish(records, by: publisher))
        } catch {
            return messages.map { DeliveryResult($0, .failure(DeliveryFailure("Kafka: \(error)", isTransient: true))) }
        }
    }

    func close() async {
        let publisher = state.withLock { state in
            state.isClosed = true
            defer { state.publisher = nil }
            return state.publisher
        }
        await publisher?.close()
    }

    // MARK: - Steps

    private func publisher() async throws(KafkaError) -> any VerdictPublisher {
        if let publisher = state.withLock({ $0.publisher }) { return publisher }
        let publisher = try verdicts.publisher(named: name)
        do throws(KafkaError) { try await publisher.start() } catch {
            await publisher.close()
            throw error
        }
        let isClosed = state.withLock { state in
            state.isFresh = true
            if !state.isClosed { state.publisher = publisher }
            return state.isClosed
        }
        if isClosed { await publisher.close() }
        return publisher
    }

    /// The ids among the messages that are on the topic already.
    private func standing(_ messages: [OutboxMessage]) async throws(KafkaError) -> Set<String> {
        guard let last = messages.map(\.createdAt).max() else { return [] }
        let search = state.withLock { state -> VerdictSearch? in
            if state.isFresh {
                // The shard may have been lost before the name was taken: even these may have been published by others.
                state.doubtfulUntil = max(state.doubtfulUntil, last)
                state.settled = []
            }
            let doubtful = messages.filter { $0.createdAt <= state.doubtfulUntil && !state.settled.contains($0.id) }
            guard !doubtful.isEmpty else { return nil }
            state.search.want(doubtful.map { ($0.id, $0.createdAt) })
            return state.search
        }
        guard var search else { return state.withLock { $0.search.found } }
        do throws(KafkaError) { try await verdicts.advance(&search) } catch {
            state.withLock { $0.search = search }
            throw error
        }
        return state.withLock { state in
            state.isFresh = false
            state.search = search
            // No more than a batch: those before have been settled, or are looked for again.
            state.settled = Set(messages.map(\.id))
            return search.found
        }
    }

    /// Each in a transaction of its own, until the publisher has ended. What follows a refused message of the same
    /// application waits for it.
    private func publishSingly(
        _ records: [(message: OutboxMessage, record: KafkaMessage)],
        by publisher: any VerdictPublisher
    ) async -> [DeliveryResult] {
        var results: [DeliveryResult] = []
        var refused: Set<String> = []
        for record in records where !refused.contains(record.message.key) {
            results += await publish([record], by: publisher)
            if case .failure? = results.last?.outcome { refused.insert(record.message.key) }
            guard state.withLock({ $0.publisher != nil }) else { break }
        }
        return results
    }

    private func publish(
        _ records: [(message: OutboxMessage, record: KafkaMessage)],
        by publisher: any VerdictPublisher
    ) async -> [DeliveryResult] {
        guard !records.isEmpty else { return [] }
        do throws(TransactionFailure) {
            let deliveries = try await publisher.publish(records.map(\.record))
            return zip(records, deliveries).map { pair, delivery in
                let reference = "\(delivery.topic)/\(delivery.partition)/\(delivery.offset)"
                return DeliveryResult(pair.message, .success(reference))
            }
        } catch {
            await doubt(records.map(\.message), error, publisher)
            // A verdict is never given up: whatever is wrong with the broker can be mended.
            let failure = DeliveryFailure("Kafka: \(error)", isTransient: true)
            if case .aborted(let cause, nil) = error, !cause.isRetriable, records.count > 1 {
                state.withLock { $0.isCareful = true }
            }
            if case .aborted(_, let index?) = error, records.indices.contains(index) {
                // The others were kept from going by this one; they are tried again without it.
                return [DeliveryResult(records[index].message, .failure(failure))]
            }
            return records.map { DeliveryResult($0.message, .failure(failure)) }
        }
    }

    /// Begins again: what was in the transaction may be on the topic, or be published by the replica that has the name now.
    private func doubt(
        _ messages: [OutboxMessage],
        _ failure: TransactionFailure,
        _ publisher: any VerdictPublisher
    ) async {
        state.withLock { state in
            state.doubtfulUntil = max(state.doubtfulUntil, messages.map(\.createdAt).max() ?? state.doubtfulUntil)
            state.settled = []
            if failure.endsProducer { state.publisher = nil }
        }
        if failure.endsProducer { await publisher.close() }
    }
}
