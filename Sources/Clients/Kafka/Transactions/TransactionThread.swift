import Concurrency
import Logging

/// The loop of a transactional producer's thread: perform what the state machine decided, report what came of it.
struct TransactionThread: Sendable {
    private typealias Action = TransactionStateMachine.Action

    let native: NativeProducer
    let storage: TransactionStorage
    let id: String
    let logger: Logger

    func run(_ heartbeat: Heartbeat) {
        var known: Set<String> = []
        loop: while true {
            heartbeat.beat()
            self.native.client.clients.settle(logger: self.logger)
            let action = self.storage.next(now: .now)
            switch action {
            case .finish: break loop
            case .begin(let topics): self.begin(topics, known: &known)
            default: self.perform(action)
            }
        }
        if case .over(let failure) = self.storage.phase { self.report(failure) }
        self.storage.finish {
            self.native.purge()
            self.native.client.destroy()
        }
    }

    /// A producer that is fenced was taken over, as it should be; everything else troubles Kafka.
    private func report(_ failure: TransactionFailure) {
        switch failure {
        case .closed, .notStarted: break
        case .fenced(let error):
            self.logger.warning(
                "Another Kafka producer has taken over the transactional id",
                metadata: ["error": "\(error)", "kafka.transactional_id": "\(self.id)"]
            )
        case .aborted(let error, _), .unknown(let error): self.native.client.report(error)
        }
    }

    private func perform(_ action: Action) {
        switch action {
        case .initialise(let limit):
            let answer = self.native.initialiseTransactions(milliseconds: self.milliseconds(limit))
            if answer == .done { self.native.client.worked(KafkaRight(.write, .transactionalID(self.id))) }
            if case .retriable(let error) = answer, error.code != .timedOut { self.native.client.report(error) }
            self.storage.report { $0.initialised(answer, now: .now) }
        case .produce(let ticket, let message):
            switch self.native.produce(message, ticket: ticket) {
            case .accepted: break
            case .queueFull: self.storage.report { $0.putBack(ticket) }
            case .refused(let error): self.storage.report { $0.refused(ticket, error) }
            }
        case .commit(let limit):
            let answer = self.native.commitTransaction(milliseconds: self.milliseconds(limit))
            self.storage.report { $0.committed(answer, now: .now) }
        case .explain:
            let reason = self.native.transactionTrouble()
            self.storage.report { $0.explained(reason) }
        case .abort(let limit):
            let answer = self.native.abortTransaction(milliseconds: self.milliseconds(limit))
            self.storage.report { $0.aborted(answer, now: .now) }
        case .poll(let limit): self.poll(limit)
        case .begin, .finish: break
        }
    }

    /// Topics are looked up before their first message: librdkafka asks for those it meets in a message only once a
    /// second.
    private func begin(_ topics: Set<String>, known: inout Set<String>) {
        for topic in topics.subtracting(known) {
            let found = NativeMetadata.partitionCount(of: topic, client: self.native.client, milliseconds: 250)
            if case .success(_?) = found { known.insert(topic) }
        }
        let answer = self.native.beginTransaction()
        self.storage.report { $0.began(answer) }
    }

    private func poll(_ limit: Duration) {
        var event = self.native.poll(milliseconds: self.milliseconds(limit))
        while let current = event {
            switch current {
            case .ignored: break
            // A fatal one is reported with the end of this producer.
            case .trouble(let error): if !error.isFatal { self.native.client.report(error) }
            case .delivered(let reports):
                _ = self.native.record(reports)
                self.storage.report { machine in
                    for report in reports { machine.delivered(report.ticket, report.outcome) }
                }
            }
            event = self.native.poll(milliseconds: 0)
        }
        if let fatal = self.native.client.fatalError() { self.storage.report { $0.broke(fatal) } }
    }

    /// Rounded up: a call that returns just before its deadline would be made again at once.
    private func milliseconds(_ limit: Duration) -> Int32 {
        Int32(clamping: min(limit, .seconds(1)).wholeMilliseconds + 1)
    }
}
