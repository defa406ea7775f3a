/// How a transaction ended that is not known to be committed: what a caller may conclude, and what it has to do.
package enum TransactionFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// `start()` has not succeeded yet. Nothing was sent.
    case notStarted
    /// Certainly nothing became visible to readers with `read_committed`.
    ///
    /// `message` is the index of the one message that was the cause, such as one that is too large; `nil` where it was
    /// not one alone. With `isRetriable` the same messages may go through later. With `isFatal` this producer cannot be used again.
    case aborted(KafkaError, message: Int?)
    /// The commit was asked for and its outcome is not known. This producer cannot be used again.
    ///
    /// Only the topic tells, and only after another producer with the same id has started: until then the commit may
    /// still take effect.
    case unknown(KafkaError)
    /// A newer producer has the id, or the broker took the transaction for abandoned. This producer cannot be used again;
    /// whether the messages became visible is for the one that has the id now to find out.
    case fenced(KafkaError)
    /// The producer was closed, or an earlier failure ended it. Nothing was sent.
    case closed

    /// Whether the producer is of no more use: close it, and make another.
    package var endsProducer: Bool {
        switch self {
        case .notStarted: false
        case .aborted(let error, _): error.isFatal
        case .unknown, .fenced, .closed: true
        }
    }

    package var description: String {
        switch self {
        case .notStarted: "The transactional Kafka producer is not started."
        case .aborted(let error, nil): "The Kafka transaction was aborted. \(error)"
        case .aborted(let error, let index?): "The Kafka transaction was aborted because of message \(index). \(error)"
        case .unknown(let error): "Whether the Kafka transaction was committed is not known. \(error)"
        case .fenced(let error): "Another Kafka producer has taken over the transactional id. \(error)"
        case .closed: "The transactional Kafka producer is closed."
        }
    }
}
