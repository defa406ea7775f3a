import Testing

@testable import Kafka

@Suite("Transaction state machine")
struct TransactionStateMachineTests {
    private let start = ContinuousClock.now
    private let busy = KafkaError(code: .transport, message: "Busy.", isRetriable: true)
    private let broken = KafkaError(code: .other, message: "Broken.")
    private let fencing = KafkaError(code: .fatal, rdKafkaCode: 90, message: "Fenced.", isFatal: true)
    private let fatal = KafkaError(code: .fatal, message: "Fatal.", isFatal: true)

    private func message(_ text: String = "") -> KafkaMessage {
        KafkaMessage(topic: "t", value: [UInt8](text: text))
    }

    /// A machine that has started.
    private func ready(_ limits: TransactionLimits = TransactionLimits(transaction: .seconds(10)))
        -> TransactionStateMachine
    {
        var machine = TransactionStateMachine(limits: limits)
        _ = machine.start(now: self.start)
        _ = machine.next(now: self.start)
        machine.initialised(.done, now: self.start)
        _ = machine.takeReplies()
        return machine
    }

    /// A machine with an open transaction whose messages are all handed over.
    private func producing(_ count: Int = 2) -> (machine: TransactionStateMachine, publish: UInt, tickets: [UInt]) {
        var machine = self.ready()
        let publish = machine.publish((0..<count).map { self.message("\($0)") })
        #expect(machine.next(now: self.start) == .begin(topics: ["t"]))
        machine.began(.done)
        var tickets: [UInt] = []
        while case .produce(let ticket, _) = machine.next(now: self.start) { tickets.append(ticket) }
        #expect(tickets.count == count)
        return (machine, publish, tickets)
    }

    /// A machine whose commit was called once.
    private func committing() -> TransactionStateMachine {
        var (machine, _, tickets) = self.producing()
        for ticket in tickets { machine.delivered(ticket, .success(self.delivery(Int64(ticket)))) }
        guard case .commit = machine.next(now: self.start) else {
            Issue.record("All is delivered, and it is not committed.")
            return machine
        }
        return machine
    }

    private func delivery(_ offset: Int64) -> KafkaDelivery { KafkaDelivery(topic: "t", partition: 0, offset: offset) }

    private func outcomes(_ machine: inout TransactionStateMachine) -> [Result<[KafkaDelivery], TransactionFailure>] {
        machine.takeReplies().compactMap { if case .published(_, let outcome) = $0 { outcome } else { nil } }
    }

    private func starts(_ machine: inout TransactionStateMachine) -> [Result<Void, KafkaError>] {
        machine.takeReplies().compactMap { if case .started(_, let outcome) = $0 { outcome } else { nil } }
    }

    // MARK: Starting

    @Test("A start is tried again until its time has passed, and may be asked for again")
    func starting() throws {
        var machine = TransactionStateMachine(limits: TransactionLimits(transaction: .seconds(1)))
        #expect(machine.next(now: self.start) == .poll(limit: .seconds(1)))
        _ = machine.publish([self.message()])
        #expect(self.outcomes(&machine) == [.failure(.notStarted)])
        _ = machine.start(now: self.start)
        _ = machine.start(now: self.start)
        #expect(machine.next(now: self.start) == .initialise(limit: .milliseconds(250)))
        machine.initialised(.retriable(self.busy), now: self.start)
        #expect(machine.next(now: self.start) == .poll(limit: .milliseconds(50)))
        #expect(machine.next(now: self.start + .milliseconds(900)) == .initialise(limit: .milliseconds(100)))
        #expect(machine.next(now: self.start + .seconds(1)) == .poll(limit: .seconds(1)))
        let failed = self.starts(&machine)
        #expect(failed.count == 2)
        #expect(throws: self.busy) { try #require(failed.first).get() }
        _ = machine.start(now: self.start + .seconds(2))
        #expect(machine.next(now: self.start + .seconds(2)) == .initialise(limit: .milliseconds(250)))
        machine.initialised(.done, now: self.start + .seconds(2))
        _ = machine.start(now: self.start + .seconds(3))
        for outcome in self.starts(&machine) { try outcome.get() }
        #expect(machine.phase == .ready)
    }

    @Test("A producer that is fenced while starting has ended, and every later call says so")
    func fencedStart() throws {
        var machine = TransactionStateMachine(limits: TransactionLimits(transaction: .seconds(1)))
        _ = machine.start(now: self.start)
        _ = machine.next(now: self.start)
        machine.initialised(.fatal(self.fencing), now: self.start)
        #expect(machine.next(now: self.start) == .finish)
        _ = machine.start(now: self.start)
        let outcomes = self.starts(&machine)
        #expect(outcomes.count == 2)
        for outcome in outcomes { #expect(throws: self.fencing) { try outcome.get() } }
        _ = machine.publish([self.message()])
        #expect(self.outcomes(&machine) == [.failure(.fenced(self.fencing))])
    }

    @Test("A cancelled start is told, and the next goes on")
    func cancelledStart() {
        var machine = TransactionStateMachine(limits: TransactionLimits(transaction: .seconds(1)))
        let ticket = machine.start(now: self.start)
        machine.cancelStart(ticket)
        machine.cancelStart(ticket)
        #expect(self.starts(&machine).count == 1)
        #expect(machine.phase == .created)
        _ = machine.start(now: self.start)
        #expect(machine.next(now: self.start) == .initialise(limit: .milliseconds(250)))
    }

    // MARK: Publishing

    @Test("All messages are delivered before the commit, and the deliveries come in the order of the messages")
    func commit() {
        var (machine, _, tickets) = self.producing(3)
        #expect(machine.next(now: self.start) == .poll(limit: .seconds(10)))
        for ticket in tickets.reversed() {
            guard case .poll = machine.next(now: self.start) else { return #expect(Bool(false)) }
            machine.delivered(ticket, .success(self.delivery(Int64(ticket))))
        }
        #expect(machine.next(now: self.start) == .commit(limit: .milliseconds(250)))
        machine.committed(.retriable(self.busy), now: self.start)
        #expect(machine.next(now: self.start) == .poll(limit: .milliseconds(50)))
        #expect(machine.next(now: self.start + .milliseconds(50)) == .commit(limit: .milliseconds(250)))
        machine.committed(.done, now: self.start)
        #expect(self.outcomes(&machine) == [.success(tickets.map { self.delivery(Int64($0)) })])
        #expect(machine.phase == .ready)
    }

    @Test("One transaction after the other, in order, and no more waiting than allowed")
    func turns() {
        var limits = TransactionLimits(transaction: .seconds(10))
        limits.maximumWaiting = 2
        var machine = self.ready(limits)
        for text in ["a", "b", "c"] { _ = machine.publish([self.message(text)]) }
        _ = machine.publish([])
        guard case .failure(.aborted(let error, nil)) = self.outcomes(&machine).first else {
            return #expect(Bool(false))
        }
        #expect(error.code == .queueFull && error.isRetriable)
        var order: [[UInt8]?] = []
        while case .begin = machine.next(now: self.start) {
            machine.began(.done)
            guard case .produce(let ticket, let message) = machine.next(now: self.start) else { break }
            order.append(message.value)
            machine.delivered(ticket, .success(self.delivery(0)))
            _ = machine.next(now: self.start)
            machine.committed(.done, now: self.start)
        }
        #expect(order == [[UInt8](text: "a"), [UInt8](text: "b")])
    }

    @Test("A full queue is waited for; a message that is larger than the queue is at fault")
    func queueFull() {
        var machine = self.ready()
        _ = machine.publish([self.message("a"), self.message("b")])
        _ = machine.next(now: self.start)
        machine.began(.done)
        guard case .produce(let first, _) = machine.next(now: self.start),
            case .produce(let second, let message) = machine.next(now: self.start)
        else { return #expect(Bool(false)) }
        machine.putBack(second)
        #expect(machine.next(now: self.start) == .poll(limit: .seconds(10)))
        machine.delivered(first, .success(self.delivery(0)))
        #expect(machine.next(now: self.start) == .produce(ticket: second, message))
        machine.putBack(second)
        #expect(machine.next(now: self.start) == .explain)
        machine.explained(nil)
        _ = machine.next(now: self.start)
        machine.aborted(.done, now: self.start)
        guard case .failure(.aborted(let error, message: 1)) = self.outcomes(&machine).first else {
            return #expect(Bool(false))
        }
        #expect(error.code == .messageTooLarge)
    }

    // MARK: Aborting

    static let causes: [(failures: [(Int, KafkaError)], explanation: KafkaError?, code: KafkaError.Code, index: Int?)] =
        {
            let large = KafkaError(code: .messageTooLarge, rdKafkaCode: 10, message: "Large.")
            let invalid = KafkaError(code: .other, rdKafkaCode: 87, message: "Invalid record.")
            let purged = KafkaError(code: .closed, message: "Purged.")
            let late = KafkaError(code: .timedOut, message: "Late.", isRetriable: true)
            let reason = KafkaError(code: .topic, message: "Not allowed.")
            return [
                ([(1, large)], nil, .messageTooLarge, 1),
                ([(0, purged), (1, invalid), (2, purged)], reason, .other, 1),
                ([(0, large), (1, large)], nil, .messageTooLarge, nil),
                ([(0, purged), (1, purged)], reason, .topic, nil),
                ([(2, late)], nil, .timedOut, nil),
                ([(0, purged)], nil, .closed, nil),
            ]
        }()

    @Test(
        "The cause is the error that is a message's own, with its index where it is one alone",
        arguments: 0..<causes.count
    )
    func cause(row: Int) {
        let (failures, explanation, code, index) = TransactionStateMachineTests.causes[row]
        var (machine, _, tickets) = self.producing(3)
        for (index, error) in failures { machine.delivered(tickets[index], .failure(error)) }
        #expect(machine.next(now: self.start) == .explain)
        machine.explained(explanation)
        let isDraining = failures.count < 3
        #expect(machine.next(now: self.start) == .abort(limit: .milliseconds(isDraining ? 50 : 250)))
        machine.aborted(.retriable(self.busy), now: self.start)
        guard case .abort = machine.next(now: self.start + .seconds(1)) else { return #expect(Bool(false)) }
        machine.aborted(.done, now: self.start)
        let outcomes = self.outcomes(&machine)
        guard case .failure(.aborted(let error, let message)) = outcomes.first else { return #expect(Bool(false)) }
        #expect(outcomes.count == 1 && error.code == code && message == index)
        #expect(!error.isFatal)
        #expect(machine.phase == .ready)
    }

    @Test("An error that is no message's fault may be tried again")
    func retriable() {
        var (machine, _, tickets) = self.producing(1)
        machine.delivered(tickets[0], .failure(self.broken))
        _ = machine.next(now: self.start)
        machine.aborted(.done, now: self.start)
        var expected = self.broken
        expected.isRetriable = true
        #expect(self.outcomes(&machine) == [.failure(.aborted(expected, message: nil))])
    }

    @Test("A transaction that can't be aborted in time is void, and the producer has ended")
    func abortTimesOut() {
        var (machine, _, _) = self.producing()
        #expect(machine.next(now: self.start + .seconds(10)) == .explain)
        #expect(machine.next(now: self.start + .seconds(10)) == .abort(limit: .milliseconds(50)))
        machine.aborted(.retriable(self.busy), now: self.start + .seconds(10))
        #expect(machine.next(now: self.start + .seconds(11)) == .finish)
        guard case .failure(.aborted(let error, nil)) = self.outcomes(&machine).first else {
            return #expect(Bool(false))
        }
        #expect(error.code == .timedOut && error.isFatal && !error.isRetriable)
        #expect(TransactionFailure.aborted(error, message: nil).endsProducer)
        _ = machine.publish([self.message()])
        #expect(self.outcomes(&machine) == [.failure(.closed)])
    }

    @Test("A message that is stored late belongs to no transaction any more")
    func lateReport() {
        var (machine, _, tickets) = self.producing(1)
        machine.delivered(tickets[0], .failure(self.broken))
        _ = machine.next(now: self.start)
        machine.aborted(.done, now: self.start)
        _ = machine.publish([self.message()])
        _ = machine.next(now: self.start)
        machine.began(.done)
        guard case .produce = machine.next(now: self.start) else { return #expect(Bool(false)) }
        machine.delivered(tickets[0], .success(self.delivery(7)))
        guard case .poll = machine.next(now: self.start) else { return #expect(Bool(false)) }
    }

    // MARK: Unknown and fenced

    @Test("After a commit call only success is certain")
    func unknown() {
        let answers: [(TransactionStateMachine.Answer, TransactionFailure)] = [
            (.abortable(self.broken), .unknown(self.broken)),
            (.fatal(self.fatal), .unknown(self.fatal)),
            (.fatal(self.fencing), .fenced(self.fencing)),
        ]
        for (answer, failure) in answers {
            var machine = self.committing()
            machine.committed(answer, now: self.start)
            #expect(self.outcomes(&machine) == [.failure(failure)])
            #expect(failure.endsProducer)
            #expect(machine.next(now: self.start) == .finish)
        }
        var late = self.committing()
        late.committed(.retriable(self.busy), now: self.start)
        #expect(late.next(now: self.start + .seconds(10)) == .finish)
        #expect(self.outcomes(&late) == [.failure(.unknown(self.busy))])
    }

    @Test("A fatal error before the commit ends the producer, and nothing was committed")
    func broke() {
        var (machine, _, _) = self.producing()
        _ = machine.publish([self.message()])
        machine.broke(self.fatal)
        machine.broke(self.fatal)
        #expect(self.outcomes(&machine) == [.failure(.aborted(self.fatal, message: nil)), .failure(.closed)])
        var (fenced, _, _) = self.producing()
        _ = fenced.publish([self.message()])
        fenced.broke(self.fencing)
        #expect(self.outcomes(&fenced) == [.failure(.fenced(self.fencing)), .failure(.fenced(self.fencing))])
        var idle = self.ready()
        idle.broke(self.fencing)
        #expect(idle.next(now: self.start) == .finish)
        var unbegun = self.ready()
        _ = unbegun.publish([self.message()])
        _ = unbegun.next(now: self.start)
        unbegun.began(.fatal(self.fatal))
        #expect(self.outcomes(&unbegun) == [.failure(.aborted(self.fatal, message: nil))])
    }

    // MARK: Cancelling and closing

    @Test("A cancelled publisher's messages are taken back, aborted, or left two seconds to be committed")
    func cancel() {
        var (machine, publish, _) = self.producing()
        let waiting = machine.publish([self.message()])
        machine.cancelPublish(waiting, now: self.start)
        #expect(self.outcomes(&machine).count == 1)
        machine.cancelPublish(publish, now: self.start)
        #expect(machine.next(now: self.start) == .explain)
        #expect(machine.next(now: self.start) == .abort(limit: .milliseconds(50)))
        machine.aborted(.done, now: self.start)
        guard case .failure(.aborted(let error, nil)) = self.outcomes(&machine).first else {
            return #expect(Bool(false))
        }
        #expect(error.code == .closed)
        #expect(machine.phase == .ready)
        machine.cancelPublish(publish, now: self.start)
        #expect(machine.takeReplies().isEmpty)
    }

    @Test("A close aborts what is open and leaves a commit two seconds")
    func close() {
        var (machine, _, _) = self.producing()
        _ = machine.publish([self.message()])
        machine.close(now: self.start)
        _ = machine.publish([self.message()])
        #expect(self.outcomes(&machine) == [.failure(.closed)])
        #expect(machine.next(now: self.start) == .explain)
        _ = machine.next(now: self.start)
        machine.aborted(.done, now: self.start)
        #expect(machine.next(now: self.start) == .finish)
        let outcomes = self.outcomes(&machine)
        #expect(outcomes == [.failure(.aborted(.closed("producer"), message: nil)), .failure(.closed)])
        var late = self.committing()
        late.close(now: self.start)
        #expect(late.next(now: self.start) == .commit(limit: .milliseconds(250)))
        #expect(late.next(now: self.start + .seconds(2)) == .finish)
        guard case .failure(.unknown) = self.outcomes(&late).first else { return #expect(Bool(false)) }
        var starting = TransactionStateMachine(limits: TransactionLimits(transaction: .seconds(1)))
        _ = starting.start(now: self.start)
        starting.close(now: self.start)
        #expect(starting.next(now: self.start) == .finish)
        #expect(self.starts(&starting).count == 1)
    }
}
