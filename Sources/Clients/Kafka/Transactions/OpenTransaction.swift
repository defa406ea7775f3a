/// The messages of one transaction: which are handed over, which are stored, and what went wrong with which.
struct OpenTransaction {
    let ticket: UInt
    /// The ticket of the first message; the others follow.
    let firstMessage: UInt
    private let messages: [KafkaMessage]
    private var handedOver = 0
    private var settledCount = 0
    private var stored: [KafkaDelivery?]
    private var failures: [(index: Int, error: KafkaError)] = []
    private(set) var isBlocked = false

    /// When it must be committed or aborted.
    var deadline: ContinuousClock.Instant
    /// Why it is to be aborted although no message failed.
    var interruption: KafkaError?
    /// The library's reason for having failed it.
    var explanation: KafkaError?

    init(ticket: UInt, messages: [KafkaMessage], firstMessage: UInt, deadline: ContinuousClock.Instant) {
        self.ticket = ticket
        self.messages = messages
        self.firstMessage = firstMessage
        self.deadline = deadline
        self.stored = Array(repeating: nil, count: messages.count)
    }

    var isFailed: Bool { self.interruption != nil || !self.failures.isEmpty }

    /// Every message handed over has its report.
    var isSettled: Bool { self.handedOver == self.settledCount }

    /// Every message is stored.
    var isDelivered: Bool { self.settledCount == self.messages.count && !self.isFailed }

    var deliveries: [KafkaDelivery] { self.stored.compactMap { $0 } }

    /// The next message to hand to the library; none while it has no room.
    mutating func takeNext() -> (ticket: UInt, message: KafkaMessage)? {
        guard !self.isBlocked, self.handedOver < self.messages.count else { return nil }
        defer { self.handedOver += 1 }
        return (self.firstMessage &+ UInt(self.handedOver), self.messages[self.handedOver])
    }

    mutating func putBack(_ ticket: UInt) {
        guard let index = self.index(of: ticket), index == self.handedOver - 1 else { return }
        guard self.settledCount < index else {
            // The queue is empty, and still there is no room.
            let text = "The message for '\(self.messages[index].topic)' is larger than the producer's queue."
            return self.refused(ticket, KafkaError(code: .messageTooLarge, message: text))
        }
        self.handedOver = index
        self.isBlocked = true
    }

    mutating func refused(_ ticket: UInt, _ error: KafkaError) {
        guard let index = self.index(of: ticket) else { return }
        self.settledCount += 1
        self.failures.append((index, error))
    }

    mutating func settled(_ ticket: UInt, _ outcome: Result<KafkaDelivery, KafkaError>) {
        guard let index = self.index(of: ticket), self.stored[index] == nil else { return }
        self.isBlocked = false
        self.settledCount += 1
        switch outcome {
        case .success(let delivery): self.stored[index] = delivery
        case .failure(let error): self.failures.append((index, error))
        }
    }

    /// Reports of an earlier transaction have other tickets.
    private func index(of ticket: UInt) -> Int? {
        guard ticket >= self.firstMessage, ticket - self.firstMessage < UInt(self.messages.count) else { return nil }
        return Int(ticket - self.firstMessage)
    }

    /// Why it failed, with the index of the message that was the cause where one alone was.
    ///
    /// After the first failure librdkafka purges the remaining messages; those purges are not the cause. A broker refuses all messages of a
    /// request together, so of several with the same error none is known to be the one.
    var cause: (error: KafkaError, message: Int?) {
        if let interruption = self.interruption { return (interruption, nil) }
        let own = self.failures.filter { $0.error.code != .closed }
        guard let first = own.first else {
            let given = self.explanation ?? self.failures.first?.error
            return (given ?? KafkaError(code: .other, message: "The Kafka transaction failed."), nil)
        }
        guard first.error.isOfMessage else {
            var error = first.error
            // Nothing is wrong with the messages, so they may go through another time.
            if error.code == .other { error.isRetriable = true }
            return (error, nil)
        }
        return (first.error, own.count == 1 ? first.index : nil)
    }
}
