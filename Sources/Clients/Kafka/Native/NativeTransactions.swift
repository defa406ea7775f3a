internal import CRDKafka

/// The raw calls of transactions. All but the last block for up to their limit, on the producer's own thread.
extension NativeProducer {
    typealias Answer = TransactionStateMachine.Answer

    func initialiseTransactions(milliseconds: Int32) -> Answer {
        self.answer(
            rd_kafka_init_transactions(self.client.handle, milliseconds),
            "The Kafka transactional id could not be taken over"
        )
    }

    func beginTransaction() -> Answer {
        self.answer(rd_kafka_begin_transaction(self.client.handle), "A Kafka transaction could not be begun")
    }

    /// To be called when all messages have been reported on: librdkafka doesn't poll our queue while it waits for them.
    func commitTransaction(milliseconds: Int32) -> Answer {
        self.answer(
            rd_kafka_commit_transaction(self.client.handle, milliseconds),
            "The Kafka transaction could not be committed"
        )
    }

    func abortTransaction(milliseconds: Int32) -> Answer {
        self.answer(
            rd_kafka_abort_transaction(self.client.handle, milliseconds),
            "The Kafka transaction could not be aborted"
        )
    }

    /// Why the library has failed the open transaction, `nil` if it has not: the refusal of a second one says so, and
    /// has no effect.
    ///
    /// Retriable where no message and no permission is at fault, as with a sequence that the abort sets right.
    func transactionTrouble() -> KafkaError? {
        let refusal = self.answer(rd_kafka_begin_transaction(self.client.handle), "The Kafka transaction failed")
        guard case .abortable(var error) = refusal else { return nil }
        if error.code == .other { error.isRetriable = true }
        return error
    }

    private func answer(_ error: OpaquePointer?, _ what: String) -> Answer {
        guard let error else { return .done }
        defer { rd_kafka_error_destroy(error) }
        let code = rd_kafka_error_code(error)
        let text = rd_kafka_error_string(error).map { String(cString: $0) }
        var failure = self.client.error(code, what: what, detail: text)
        if rd_kafka_error_is_fatal(error) != 0 {
            return .fatal(
                self.client.fatalError() ?? self.client.error(code, what: what, detail: text, isFatal: true)
            )
        }
        if rd_kafka_error_txn_requires_abort(error) != 0 { return .abortable(failure) }
        if rd_kafka_error_is_retriable(error) != 0 {
            failure.isRetriable = true
            return .retriable(failure)
        }
        // Neither: librdkafka's documentation has all others treated as fatal.
        return .fatal(self.client.error(code, what: what, detail: text, isFatal: true))
    }
}

extension KafkaError {
    /// A newer producer has the transactional id, or the broker took the transaction for abandoned.
    var isFencing: Bool {
        let codes = [
            RD_KAFKA_RESP_ERR__FENCED, RD_KAFKA_RESP_ERR_PRODUCER_FENCED, RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH,
        ]
        return codes.contains { $0.rawValue == self.rdKafkaCode }
    }

    /// The message itself is at fault: it is too large, not valid, or for a topic that is not there or not allowed.
    var isOfMessage: Bool {
        let codes = [
            RD_KAFKA_RESP_ERR_INVALID_MSG, RD_KAFKA_RESP_ERR_INVALID_MSG_SIZE, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
            RD_KAFKA_RESP_ERR_INVALID_RECORD,
        ]
        return switch self.code {
        case .messageTooLarge, .topic, .configuration: true
        case .authorization: self.rdKafkaCode == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED.rawValue
        case .other: codes.contains { $0.rawValue == self.rdKafkaCode }
        default: false
        }
    }
}
