import Testing

@testable import Kafka

@Suite("Producer state machine")
struct ProducerStateMachineTests {
    private let start = ContinuousClock.now
    private let message = KafkaMessage(topic: "t", value: [1])

    private func outcomes(_ replies: [ProducerStateMachine.Reply]) -> [UInt] {
        replies.compactMap { if case .delivered(let ticket, _) = $0 { ticket } else { nil } }
    }

    private func cancelled(_ replies: [ProducerStateMachine.Reply]) -> [UInt] {
        replies.compactMap { if case .cancelled(let ticket) = $0 { ticket } else { nil } }
    }

    @Test("Messages go out in order, also after the queue was full")
    func order() throws {
        var machine = ProducerStateMachine(maximumWaiting: 10)
        let tickets = try (0..<3).map { _ in try machine.send(self.message).get() }
        let taken = machine.next()
        let first = try #require(taken)
        machine.putBack(first.ticket, first.message)
        #expect(machine.waitingCount == 3 && machine.inFlightCount == 0)
        var order: [UInt] = []
        while let next = machine.next() { order.append(next.ticket) }
        #expect(order == tickets)
        #expect(self.outcomes(machine.settled(tickets[1], .failure(.timedOut("It")))) == [tickets[1]])
        #expect(machine.settled(tickets[1], .failure(.timedOut("It"))).isEmpty)
    }

    @Test("A cancelled message that waits is dropped, one in flight is only no longer waited for")
    func cancel() throws {
        var machine = ProducerStateMachine(maximumWaiting: 1000)
        let sent = try machine.send(self.message).get()
        _ = machine.next()
        let waiting = try machine.send(self.message).get()
        #expect(self.cancelled(machine.cancel(sent)) == [sent])
        #expect(self.cancelled(machine.cancel(waiting)) == [waiting])
        #expect(machine.cancel(waiting).isEmpty)
        #expect(machine.next() == nil)
        #expect(machine.inFlightCount == 1)
        // Many cancellations behind a full queue leave nothing behind.
        let kept = try machine.send(self.message).get()
        for _ in 0..<500 { _ = machine.cancel(try machine.send(self.message).get()) }
        #expect(machine.next()?.ticket == kept)
        #expect(machine.next() == nil)
    }

    @Test("The waiting room is bounded")
    func bound() throws {
        var machine = ProducerStateMachine(maximumWaiting: 2)
        _ = try machine.send(self.message).get()
        _ = try machine.send(self.message).get()
        #expect(throws: KafkaError.self) { try machine.send(self.message).get() }
        _ = machine.next()
        _ = try machine.send(self.message).get()
    }

    @Test("A flush ends when all is settled or its time has passed")
    func flush() throws {
        var machine = ProducerStateMachine(maximumWaiting: 2)
        #expect(machine.flush(until: self.start).replies.count == 1)
        let ticket = try machine.send(self.message).get()
        _ = machine.next()
        #expect(machine.flush(until: self.start + .seconds(1)).replies.isEmpty)
        let waiting = machine.step(now: self.start)
        #expect(waiting.replies.isEmpty && waiting.deadline == self.start + .seconds(1))
        #expect(machine.step(now: self.start + .seconds(1)).replies.count == 1)
        #expect(machine.flush(until: self.start + .seconds(9)).replies.isEmpty)
        _ = machine.settled(ticket, .failure(.closed("producer")))
        #expect(machine.step(now: self.start + .seconds(2)).replies.count == 1)
    }

    @Test("Closing waits for what is under way, then fails the rest")
    func closing() throws {
        var machine = ProducerStateMachine(maximumWaiting: 5)
        let tickets = try (0..<3).map { _ in try machine.send(self.message).get() }
        _ = machine.next()
        machine.close(until: self.start + .seconds(1))
        #expect(throws: KafkaError.closed("producer")) { try machine.send(self.message).get() }
        #expect(!machine.step(now: self.start).isFinished)
        let last = machine.step(now: self.start + .seconds(1))
        #expect(last.isFinished)
        #expect(self.outcomes(last.replies) == tickets)
        #expect(machine.phase == .closed)
    }

    @Test("A broken handle fails what it had; what waits goes to the next")
    func abandon() throws {
        var machine = ProducerStateMachine(maximumWaiting: 5)
        let first = try machine.send(self.message).get()
        _ = machine.next()
        let second = try machine.send(self.message).get()
        let error = KafkaError(code: .fatal, message: "Broken.", isFatal: true)
        #expect(self.outcomes(machine.abandonInFlight(error)) == [first])
        #expect(machine.next()?.ticket == second)
    }
}
