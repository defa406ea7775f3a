import DequeModule

/// What a transactional producer does next, and what its callers may conclude. No I/O, no clock, no lock.
///
/// The one rule all else serves: `.aborted` is only said where the broker was never asked to commit. From the first
/// commit call on, anything but success is `.unknown` or `.fenced`.
struct TransactionStateMachine {
    typealias Instant = ContinuousClock.Instant

    enum Phase: Equatable {
        case created
        case starting(until: Instant)
        case ready
        case producing
        case committing
        case aborting(until: Instant)
        case over(TransactionFailure)
    }

    enum Action: Equatable {
        case initialise(limit: Duration)
        /// With the topics that will be written to.
        case begin(topics: Set<String>)
        case produce(ticket: UInt, KafkaMessage)
        case commit(limit: Duration)
        /// Ask the library why it failed the transaction, then abort.
        case explain
        case abort(limit: Duration)
        case poll(limit: Duration)
        case finish
    }

    /// What a blocking call came to.
    enum Answer: Sendable, Equatable {
        case done
        /// The same call may be repeated, and goes on from where it was.
        case retriable(KafkaError)
        /// The transaction has failed and must be aborted.
        case abortable(KafkaError)
        /// The handle is of no more use.
        case fatal(KafkaError)
    }

    enum Reply {
        case started(ticket: UInt, Result<Void, KafkaError>)
        case published(ticket: UInt, Result<[KafkaDelivery], TransactionFailure>)
    }

    private(set) var phase = Phase.created
    private let limits: TransactionLimits
    private var starters: Set<UInt> = []
    private var waiting: Deque<(ticket: UInt, messages: [KafkaMessage])> = []
    private var current: OpenTransaction?
    private var replies: [Reply] = []
    private var lastTicket: UInt = 0
    private var closeDeadline: Instant?
    /// Nothing is called again before; events are polled meanwhile.
    private var pausedUntil: Instant?
    private var lastTrouble: KafkaError?

    init(limits: TransactionLimits) {
        self.limits = limits
    }

    /// Gives out what is to be told, once.
    mutating func takeReplies() -> [Reply] {
        defer { self.replies = [] }
        return self.replies
    }

    private mutating func nextTicket() -> UInt {
        self.lastTicket &+= 1
        return self.lastTicket
    }

    // MARK: Asked by tasks

    mutating func start(now: Instant) -> UInt {
        let ticket = self.nextTicket()
        switch self.phase {
        case .over(let failure):
            self.replies.append(.started(ticket: ticket, .failure(TransactionStateMachine.error(of: failure))))
        case _ where self.closeDeadline != nil:
            self.replies.append(.started(ticket: ticket, .failure(.closed("producer"))))
        case .created:
            self.phase = .starting(until: now + self.limits.transaction)
            self.lastTrouble = nil
            self.starters = [ticket]
        case .starting: self.starters.insert(ticket)
        case .ready, .producing, .committing, .aborting: self.replies.append(.started(ticket: ticket, .success(())))
        }
        return ticket
    }

    /// The start goes on in the library; who starts again finds it further on.
    mutating func cancelStart(_ ticket: UInt) {
        guard self.starters.remove(ticket) != nil else { return }
        self.replies.append(.started(ticket: ticket, .failure(.closed("producer"))))
        if self.starters.isEmpty, case .starting = self.phase { self.phase = .created }
    }

    mutating func publish(_ messages: [KafkaMessage]) -> UInt {
        let ticket = self.nextTicket()
        let refusal: TransactionFailure? =
            switch self.phase {
            case .over(.fenced(let error)): .fenced(error)
            case .over: .closed
            case _ where self.closeDeadline != nil: .closed
            case .created, .starting: .notStarted
            case _ where self.waiting.count >= self.limits.maximumWaiting:
                .aborted(
                    KafkaError(
                        code: .queueFull,
                        message: "\(self.waiting.count) Kafka transactions wait for their turn already.",
                        isRetriable: true
                    ),
                    message: nil
                )
            default: nil
            }
        if let refusal {
            self.replies.append(.published(ticket: ticket, .failure(refusal)))
        } else if messages.isEmpty {
            self.replies.append(.published(ticket: ticket, .success([])))
        } else {
            self.waiting.append((ticket, messages))
        }
        return ticket
    }

    mutating func cancelPublish(_ ticket: UInt, now: Instant) {
        let cancelled = KafkaError(code: .closed, message: "Publishing was cancelled.")
        if let index = self.waiting.firstIndex(where: { $0.ticket == ticket }) {
            self.waiting.remove(at: index)
            self.replies.append(.published(ticket: ticket, .failure(.aborted(cancelled, message: nil))))
        } else if self.current?.ticket == ticket {
            self.hurry(until: now + self.limits.grace, because: cancelled)
        }
    }

    mutating func close(now: Instant) {
        guard self.closeDeadline == nil else { return }
        let deadline = now + self.limits.grace
        self.closeDeadline = deadline
        self.hurry(until: deadline, because: .closed("producer"))
    }

    private mutating func hurry(until deadline: Instant, because cause: KafkaError) {
        guard var transaction = self.current else { return }
        transaction.deadline = min(transaction.deadline, deadline)
        switch self.phase {
        case .ready, .producing: transaction.interruption = transaction.interruption ?? cause
        case .aborting(let until): self.phase = .aborting(until: min(until, deadline))
        case .created, .starting, .committing, .over: break
        }
        self.current = transaction
    }

    // MARK: Asked by the thread

    mutating func next(now: Instant) -> Action {
        if let pausedUntil = self.pausedUntil, pausedUntil > now {
            return .poll(limit: now.duration(to: pausedUntil))
        }
        self.pausedUntil = nil
        switch self.phase {
        case .over: return .finish
        case .created, .ready: return self.nextIdle(now: now)
        case .starting(let until):
            if self.closeDeadline != nil { return self.endIdle() }
            guard until > now else {
                self.giveUpStart()
                return self.nextIdle(now: now)
            }
            return .initialise(limit: min(self.limits.call, now.duration(to: until)))
        case .producing: return self.nextProducing(now: now)
        case .committing:
            guard let deadline = self.current?.deadline, deadline > now else {
                let what = "The commit of a Kafka transaction"
                self.end(.unknown(self.lastTrouble ?? .timedOut(what)))
                return .finish
            }
            return .commit(limit: min(self.limits.call, now.duration(to: deadline)))
        case .aborting(let until): return self.nextAborting(until: until, now: now)
        }
    }

    private mutating func nextIdle(now: Instant) -> Action {
        if self.closeDeadline != nil { return self.endIdle() }
        guard case .ready = self.phase, let (ticket, messages) = self.waiting.popFirst() else {
            return .poll(limit: .seconds(1))
        }
        self.current = OpenTransaction(
            ticket: ticket,
            messages: messages,
            firstMessage: self.lastTicket &+ 1,
            deadline: now + self.limits.transaction
        )
        self.lastTicket &+= UInt(messages.count)
        self.lastTrouble = nil
        return .begin(topics: Set(messages.map(\.topic)))
    }

    private mutating func endIdle() -> Action {
        self.end(.closed)
        return .finish
    }

    private mutating func nextProducing(now: Instant) -> Action {
        guard let transaction = self.current else { return .finish }
        if transaction.deadline <= now {
            self.current?.interruption = transaction.interruption ?? .timedOut("A Kafka transaction")
        }
        if self.current?.isFailed ?? true {
            self.beginAbort(now: now)
            return .explain
        }
        if let (ticket, message) = self.current?.takeNext() { return .produce(ticket: ticket, message) }
        guard transaction.isDelivered else { return .poll(limit: now.duration(to: transaction.deadline)) }
        self.phase = .committing
        return .commit(limit: min(self.limits.call, now.duration(to: transaction.deadline)))
    }

    private mutating func beginAbort(now: Instant) {
        let until = max(now + self.limits.abort, self.current?.deadline ?? now)
        self.phase = .aborting(until: min(until, self.closeDeadline ?? until))
    }

    private mutating func nextAborting(until: Instant, now: Instant) -> Action {
        guard until > now else {
            self.endAborted(isOver: true)
            return .finish
        }
        let call = self.current?.isSettled ?? true ? self.limits.call : self.limits.drainingAbort
        return .abort(limit: min(call, now.duration(to: until)))
    }

    // MARK: Reported by the thread

    mutating func initialised(_ answer: Answer, now: Instant) {
        switch answer {
        case .done:
            self.phase = .ready
            for ticket in self.starters { self.replies.append(.started(ticket: ticket, .success(()))) }
            self.starters = []
        case .retriable(let error): self.pause(error, now: now)
        case .abortable(let error), .fatal(let error): self.broke(error)
        }
    }

    mutating func began(_ answer: Answer) {
        switch answer {
        case .done: self.phase = .producing
        case .retriable(let error), .abortable(let error), .fatal(let error): self.broke(error)
        }
    }

    mutating func refused(_ ticket: UInt, _ error: KafkaError) {
        self.current?.refused(ticket, error)
    }

    /// The library had no room: the message is the first to be tried again.
    mutating func putBack(_ ticket: UInt) {
        self.current?.putBack(ticket)
    }

    mutating func delivered(_ ticket: UInt, _ outcome: Result<KafkaDelivery, KafkaError>) {
        self.current?.settled(ticket, outcome)
    }

    mutating func committed(_ answer: Answer, now: Instant) {
        guard case .committing = self.phase, let transaction = self.current else { return }
        switch answer {
        case .done:
            self.replies.append(.published(ticket: transaction.ticket, .success(transaction.deliveries)))
            self.current = nil
            self.phase = .ready
        case .retriable(let error): self.pause(error, now: now)
        case .abortable(let error):
            // The broker refused this request, but an earlier one whose answer was lost may have been carried out.
            self.end(.unknown(error))
        case .fatal(let error): self.broke(error)
        }
    }

    mutating func explained(_ reason: KafkaError?) {
        self.current?.explanation = reason
    }

    mutating func aborted(_ answer: Answer, now: Instant) {
        guard case .aborting = self.phase else { return }
        switch answer {
        case .done: self.endAborted(isOver: false)
        case .retriable(let error): self.pause(error, now: now)
        case .abortable: self.endAborted(isOver: true)
        case .fatal(let error): self.broke(error)
        }
    }

    /// The library raised a fatal error.
    mutating func broke(_ error: KafkaError) {
        if case .over = self.phase { return }
        if error.isFencing { return self.end(.fenced(error)) }
        if case .committing = self.phase { return self.end(.unknown(error)) }
        self.endAborted(isOver: true, error)
    }

    /// A call that blocked until its limit was pause enough; others would be repeated at once.
    private mutating func pause(_ error: KafkaError, now: Instant) {
        self.lastTrouble = error
        self.pausedUntil = now + (error.code == .timedOut ? self.limits.breath : self.limits.pause)
    }

    // MARK: Endings

    private mutating func giveUpStart() {
        let error = self.lastTrouble ?? .timedOut("Taking over a Kafka transactional id")
        for ticket in self.starters { self.replies.append(.started(ticket: ticket, .failure(error))) }
        self.starters = []
        self.phase = .created
    }

    /// The open transaction was never asked to commit, so it is void whether or not the broker heard of the abort.
    private mutating func endAborted(isOver: Bool, _ fatal: KafkaError? = nil) {
        let transaction = self.current
        var (cause, index) = transaction?.cause ?? (fatal ?? .closed("producer"), nil)
        if let fatal, transaction?.interruption == nil { cause = fatal }
        if isOver {
            cause.isFatal = true
            cause.isRetriable = false
            return self.end(.aborted(cause, message: index))
        }
        guard let transaction else { return }
        self.replies.append(.published(ticket: transaction.ticket, .failure(.aborted(cause, message: index))))
        self.current = nil
        self.phase = .ready
    }

    private mutating func end(_ failure: TransactionFailure) {
        self.phase = .over(failure)
        self.pausedUntil = nil
        let error = TransactionStateMachine.error(of: failure)
        for ticket in self.starters { self.replies.append(.started(ticket: ticket, .failure(error))) }
        self.starters = []
        if let current = self.current {
            self.replies.append(.published(ticket: current.ticket, .failure(failure)))
            self.current = nil
        }
        var others = TransactionFailure.closed
        if case .fenced = failure { others = failure }
        for (ticket, _) in self.waiting { self.replies.append(.published(ticket: ticket, .failure(others))) }
        self.waiting = []
    }

    private static func error(of failure: TransactionFailure) -> KafkaError {
        switch failure {
        case .aborted(let error, _), .unknown(let error), .fenced(let error): error
        case .notStarted, .closed: .closed("producer")
        }
    }
}
