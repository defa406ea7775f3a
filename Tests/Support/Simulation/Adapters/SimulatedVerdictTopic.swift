import Analysis
import Engine
import Kafka
import Synchronization

/// The verdict topic as one replica reaches it.
struct SimulatedVerdictTopic: VerdictTopic {
    let bus: MemoryBus
    let link: Link
    let topic: String
    /// Takes the first record of an open transaction for the end of the topic: a defect.
    let trustsSilence: Bool

    func publisher(named name: String) throws(KafkaError) -> any VerdictPublisher {
        SimulatedPublisher(bus: bus, link: link, id: name)
    }

    /// Reads up to the end that the topic had at the beginning, or fails: an open transaction hides what is behind it.
    func advance(_ search: inout VerdictSearch) async throws(KafkaError) {
        let (reached, since) = (search.reached, search.since?.milliseconds)
        do throws(LinkFailure) {
            let read = try await link.call("look for verdicts", to: .bus) { [bus, topic, trustsSilence] in
                let known = bus.topic(topic)
                var read: [Section]? = []
                for number in known.partitions.indices {
                    let (stable, high) = known.ends(number)
                    guard stable == high || trustsSilence else { return [Section]?.none }
                    let partition = KafkaPartition(topic: topic, partition: Int32(number))
                    let timed = since.map { since in
                        known.committed(number, from: 0, limit: .max).records
                            .first { $0.timestampMilliseconds.map { $0 >= since } ?? true }?.offset ?? Int64(stable)
                    }
                    let start = [reached[partition], timed].compactMap { $0 }.min() ?? 0
                    let (records, next) = known.committed(number, from: start, limit: .max)
                    read?.append(Section(partition: partition, start: start, records: records, end: next))
                }
                return read
            }
            guard let read else { throw LinkFailure.unreachable }
            search.begin(at: Dictionary(read.map { ($0.partition, $0.start) }) { $1 })
            for section in read {
                for record in section.records {
                    let id = record.header("ce_id").map { String(decoding: $0, as: UTF8.self) }
                    search.read(id, of: section.partition, offset: record.offset)
                }
            }
            search.end(at: Dictionary(read.map { ($0.partition, $0.end) }) { $1 })
        } catch {
            throw .passing("the verdict topic could not be read to its end: \(error)")
        }
    }

    /// What was read of one partition.
    private struct Section: Sendable {
        var partition: KafkaPartition
        var start: Int64
        var records: [KafkaRecord]
        var end: Int64
    }
}

/// A transactional producer.
final class SimulatedPublisher: VerdictPublisher {
    private let bus: MemoryBus
    private let link: Link
    private let id: String
    /// Nil until started, and once it has ended.
    private let epoch = Mutex<Int?>(nil)

    init(bus: MemoryBus, link: Link, id: String) {
        self.bus = bus
        self.link = link
        self.id = id
    }

    func start() async throws(KafkaError) {
        guard epoch.withLock({ $0 == nil }) else { return }
        do throws(LinkFailure) {
            let opened = try await link.call("open \(id)", to: .bus) { [bus, id] in bus.open(id) }
            epoch.withLock { $0 = opened }
        } catch {
            throw .passing("the transactional id could not be taken: \(error)")
        }
    }

    func publish(_ messages: [KafkaMessage]) async throws(TransactionFailure) -> [KafkaDelivery] {
        guard let epoch = epoch.withLock({ $0 }) else { throw .notStarted }
        let sent: [KafkaDelivery]?
        do throws(LinkFailure) {
            sent = try await link.call("send verdicts", to: .bus) { [bus, id] in
                bus.send(messages, as: id, epoch: epoch)
            }
        } catch {
            // What was sent stands open until the successor undoes it, or this one does.
            try await undo(epoch)
            throw .aborted(.passing("the verdicts could not be sent: \(error)"), message: nil)
        }
        guard let sent else { throw fenced() }
        let isDone: Bool
        do throws(LinkFailure) {
            isDone = try await link.call("commit verdicts", to: .bus) { [bus, id] in
                bus.finish(id, epoch: epoch, commits: true)
            }
        } catch {
            self.epoch.withLock { $0 = nil }
            throw .unknown(.passing("the commit was not answered: \(error)"))
        }
        guard isDone else { throw fenced() }
        return sent
    }

    /// Takes a new epoch, as clients do after an abort, so that what was sent and arrives late is not taken for a part
    /// of the next transaction (KIP-360, KIP-890).
    private func undo(_ epoch: Int) async throws(TransactionFailure) {
        do throws(LinkFailure) {
            let next = try await link.call("undo verdicts", to: .bus) { [bus, id] in bus.reopen(id, epoch: epoch) }
            guard let next else { throw LinkFailure.unreachable }
            self.epoch.withLock { $0 = next }
        } catch {
            self.epoch.withLock { $0 = nil }
            var failure = KafkaError.passing("the transaction could not be undone: \(error)")
            failure.isFatal = true
            throw .aborted(failure, message: nil)
        }
    }

    private func fenced() -> TransactionFailure {
        epoch.withLock { $0 = nil }
        return .fenced(KafkaError(code: .fatal, message: "\(id) was taken over", isFatal: true))
    }

    func close() async {
        let open = epoch.withLock { epoch in
            defer { epoch = nil }
            return epoch
        }
        guard let epoch = open else { return }
        _ = try? await link.call("close \(id)", to: .bus) { [bus, id] in bus.finish(id, epoch: epoch, commits: false) }
    }
}

extension KafkaError {
    static func passing(_ message: String) -> KafkaError {
        KafkaError(code: .timedOut, message: message, isRetriable: true)
    }
}
