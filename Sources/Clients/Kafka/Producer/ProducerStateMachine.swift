import DequeModule

/// Which messages wait, which are with the library, and when a producer is done. No I/O, no clock, no lock.
///
/// Messages go to the library in the order of their `send`. When its queue is full they wait here, each with its
/// suspended sender, until deliveries make room.
struct ProducerStateMachine {
    typealias Instant = ContinuousClock.Instant

    enum Phase: Equatable {
        case running
        case closing(until: Instant)
        case closed
    }

    enum Reply {
        case delivered(ticket: UInt, Result<KafkaDelivery, KafkaError>)
        case cancelled(ticket: UInt)
        case flushed(ticket: UInt)
    }

    private(set) var phase = Phase.running
    private var order: Deque<UInt> = []
    private var waiting: [UInt: KafkaMessage] = [:]
    private var inFlight: Set<UInt> = []
    private var flushes: [UInt: Instant] = [:]
    private var lastTicket: UInt = 0
    private let maximumWaiting: Int

    init(maximumWaiting: Int) {
        self.maximumWaiting = max(1, maximumWaiting)
    }

    /// Messages not handed to the library yet.
    var waitingCount: Int { self.waiting.count }
    /// Messages accepted by the library and not reported on.
    var inFlightCount: Int { self.inFlight.count }
    private var isIdle: Bool { self.waiting.isEmpty && self.inFlight.isEmpty }

    // MARK: Asked by tasks

    mutating func send(_ message: KafkaMessage) -> Result<UInt, KafkaError> {
        guard self.phase == .running else { return .failure(.closed("producer")) }
        guard self.waiting.count < self.maximumWaiting else {
            return .failure(
                KafkaError(
                    code: .queueFull,
                    message: "\(self.waiting.count) messages wait to be sent to Kafka already.",
                    isRetriable: true
                )
            )
        }
        let ticket = self.nextTicket()
        self.waiting[ticket] = message
        self.order.append(ticket)
        return .success(ticket)
    }

    /// A message that still waits is dropped; one that the library has may still be stored.
    mutating func cancel(_ ticket: UInt) -> [Reply] {
        if self.waiting.removeValue(forKey: ticket) != nil {
            // The order keeps the ticket until its turn comes; with many cancellations it is swept.
            if self.order.count > 2 * self.waiting.count + 64 {
                self.order.removeAll { self.waiting[$0] == nil }
            }
            return [.cancelled(ticket: ticket)]
        }
        return self.inFlight.contains(ticket) ? [.cancelled(ticket: ticket)] : []
    }

    mutating func flush(until deadline: Instant) -> (ticket: UInt, replies: [Reply]) {
        let ticket = self.nextTicket()
        if self.isIdle { return (ticket, [.flushed(ticket: ticket)]) }
        self.flushes[ticket] = deadline
        return (ticket, [])
    }

    mutating func close(until deadline: Instant) {
        if self.phase == .running { self.phase = .closing(until: deadline) }
    }

    private mutating func nextTicket() -> UInt {
        self.lastTicket &+= 1
        return self.lastTicket
    }

    // MARK: Asked and reported by the thread

    /// Takes the next message to hand to the library.
    mutating func next() -> (ticket: UInt, message: KafkaMessage)? {
        while let ticket = self.order.popFirst() {
            guard let message = self.waiting.removeValue(forKey: ticket) else { continue }
            self.inFlight.insert(ticket)
            return (ticket, message)
        }
        return nil
    }

    /// The library had no room: the message is the first to be tried again.
    mutating func putBack(_ ticket: UInt, _ message: KafkaMessage) {
        guard self.inFlight.remove(ticket) != nil else { return }
        self.waiting[ticket] = message
        self.order.prepend(ticket)
    }

    mutating func settled(_ ticket: UInt, _ outcome: Result<KafkaDelivery, KafkaError>) -> [Reply] {
        guard self.inFlight.remove(ticket) != nil else { return [] }
        return [.delivered(ticket: ticket, outcome)]
    }

    /// The handle is of no more use: everything it had is settled with its error. What still waits goes to the next.
    mutating func abandonInFlight(_ error: KafkaError) -> [Reply] {
        defer { self.inFlight = [] }
        return self.inFlight.sorted().map { .delivered(ticket: $0, .failure(error)) }
    }

    struct Step {
        var replies: [Reply] = []
        var isFinished = false
        /// When the next step is due although nothing happened.
        var deadline: Instant?
    }

    mutating func step(now: Instant) -> Step {
        var step = Step()
        for (ticket, deadline) in self.flushes {
            if self.isIdle || deadline <= now {
                self.flushes[ticket] = nil
                step.replies.append(.flushed(ticket: ticket))
            } else {
                step.deadline = min(step.deadline ?? deadline, deadline)
            }
        }
        guard case .closing(let deadline) = self.phase else { return step }
        guard self.isIdle || deadline <= now else {
            step.deadline = min(step.deadline ?? deadline, deadline)
            return step
        }
        let abandoned = self.inFlight.union(self.waiting.keys).sorted()
        step.replies += abandoned.map { .delivered(ticket: $0, .failure(.closed("producer"))) }
        step.replies += self.flushes.keys.map { .flushed(ticket: $0) }
        self.inFlight = []
        self.waiting = [:]
        self.order = []
        self.flushes = [:]
        self.phase = .closed
        step.isFinished = true
        return step
    }
}
