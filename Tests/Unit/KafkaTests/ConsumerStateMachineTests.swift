import Testing

@testable import Kafka

@Suite("Consumer state machine")
struct ConsumerStateMachineTests {
    private typealias Machine = ConsumerStateMachine

    private let start = ContinuousClock.now
    private let a = KafkaPartition(topic: "t", partition: 0)
    private let b = KafkaPartition(topic: "t", partition: 1)

    private func records(_ offsets: Range<Int64>, _ partition: KafkaPartition) -> [KafkaRecord] {
        offsets.map { KafkaRecord(topic: partition.topic, partition: partition.partition, offset: $0) }
    }

    private func batches(_ replies: [ConsumerStateMachine.Reply]) -> [KafkaBatch] {
        replies.compactMap { if case .batch(_, let batch) = $0 { batch } else { nil } }
    }

    private func silenced(_ replies: [ConsumerStateMachine.Reply]) -> [UInt64] {
        replies.compactMap { if case .nothing(let reader) = $0 { reader } else { nil } }
    }

    /// A machine with both partitions assigned and the assignment answered.
    private func joined(_ limits: ConsumerLimits = .init()) -> ConsumerStateMachine {
        var machine = ConsumerStateMachine(limits: limits)
        machine.assigned([self.a, self.b])
        #expect(machine.step(now: self.start).actions == [.assign([self.a, self.b])])
        return machine
    }

    @Test("A waiting reader gets what comes; what no reader waits for is kept for the next")
    func handOver() {
        var machine = self.joined()
        #expect(machine.read(1, deadline: nil).isEmpty)
        let first = self.batches(machine.received(self.records(0..<3, self.a)))
        #expect(first.map(\.records.count) == [3])
        #expect(machine.received(self.records(3..<5, self.a)).isEmpty)
        #expect(self.batches(machine.read(2, deadline: nil)).first?.records.map(\.offset) == [3, 4])
    }

    @Test("Offsets are stored once everything before them is done")
    func order() {
        var machine = self.joined()
        _ = machine.received(self.records(0..<2, self.a))
        let first = self.batches(machine.read(1, deadline: nil))[0]
        _ = machine.received(self.records(2..<4, self.a) + self.records(7..<8, self.b))
        let second = self.batches(machine.read(2, deadline: nil))[0]
        _ = machine.complete(second)
        #expect(machine.step(now: self.start).actions == [.store([self.b: KafkaPosition(offset: 8)])])
        _ = machine.complete(first)
        _ = machine.complete(first)
        #expect(machine.step(now: self.start).actions == [.store([self.a: KafkaPosition(offset: 4)])])
        #expect(machine.step(now: self.start).actions.isEmpty)
    }

    @Test("What can't be read is one record between its neighbours, and only what was searched for passes meanwhile")
    func unreadable() {
        var machine = self.joined()
        machine.readingBegins(at: [self.a: 3])
        let met = machine.metUnreadable(self.a, base: 3, end: 9, reason: "bad", now: self.start)
        #expect(met.seeks == [self.a: 3] && met.records.isEmpty)
        #expect(!machine.idlePartitions.contains(self.a) && machine.idlePartitions.contains(self.b))
        let again = machine.metUnreadable(self.a, base: 3, end: 9, reason: "bad", now: self.start)
        #expect(again.seeks == [self.a: 4])
        // A partition beside it is not concerned.
        let beside = machine.pass(self.records(0..<2, self.b), now: self.start)
        #expect(beside.records.map(\.offset) == [0, 1] && beside.seeks.isEmpty)
        let found = machine.pass(self.records(4..<6, self.a), now: self.start)
        #expect(found.records.map(\.offset) == [3, 4, 5] && found.seeks.isEmpty)
        #expect(found.records.first?.unreadable == .init(end: 4, reason: "bad"))
        #expect(machine.unreadableStretches == 1)
        // Its offset is stored like any other.
        _ = machine.received(Array(found.records.prefix(1)))
        for batch in self.batches(machine.read(1, deadline: nil)) { _ = machine.complete(batch) }
        #expect(machine.step(now: self.start).actions == [.store([self.a: KafkaPosition(offset: 4)])])
    }

    @Test("A search that waits goes on elsewhere, and one whose partition is given up ends")
    func searchEnds() {
        var machine = self.joined()
        for base in [0, 0] as [Int64] {
            _ = machine.metUnreadable(self.a, base: base, end: 100, reason: "bad", now: self.start)
        }
        for probe in [1, 3] as [Int64] {
            let next = machine.metUnreadable(self.a, base: 0, end: 100, reason: "bad", now: self.start)
            #expect(next.seeks == [self.a: probe * 2 + 1])
        }
        #expect(machine.hurrySearches(now: self.start + .seconds(4)).seeks.isEmpty)
        // It was known to fail up to 3, and nothing came from 7.
        #expect(machine.hurrySearches(now: self.start + .seconds(5)).seeks == [self.a: 5])
        machine.revoked([self.a], isLost: true, now: self.start)
        #expect(machine.searches.isEmpty)
        #expect(machine.metUnreadable(self.a, base: 0, end: 9, reason: "bad", now: self.start).seeks.isEmpty)
    }

    @Test("A full buffer pauses fetching, a half-empty one resumes it")
    func backPressure() {
        var limits = ConsumerLimits()
        limits.batchRecords = 2
        limits.bufferRecords = 4
        var machine = self.joined(limits)
        _ = machine.received(self.records(0..<4, self.a))
        #expect(machine.step(now: self.start).actions == [.pause([self.a, self.b])])
        #expect(machine.room == 1)
        // An assignment during the pause starts unpaused and is paused as well.
        let c = KafkaPartition(topic: "t", partition: 2)
        machine.assigned([c])
        #expect(machine.step(now: self.start).actions == [.assign([c]), .pause([c])])
        _ = machine.read(1, deadline: nil)
        #expect(machine.step(now: self.start).actions == [.resume([self.a, self.b, c])])
    }

    @Test("Readers wait beyond the batches that may be out")
    func outstanding() {
        var limits = ConsumerLimits()
        limits.batchRecords = 1
        limits.outstandingBatches = 1
        var machine = self.joined(limits)
        _ = machine.received(self.records(0..<2, self.a))
        let first = self.batches(machine.read(1, deadline: nil))[0]
        #expect(machine.read(2, deadline: nil).isEmpty)
        #expect(machine.outstandingRecords == 1)
        let second = self.batches(machine.complete(first))
        #expect(second.map { $0.records[0].offset } == [1])
        #expect(machine.outstandingRecords == 1)
        _ = machine.complete(second[0])
        _ = machine.complete(second[0])
        #expect(machine.outstandingRecords == 0)
    }

    @Test("A pause holds back batches too, and only what was paused is resumed")
    func pause() {
        var machine = self.joined()
        _ = machine.setPaused(false)
        #expect(machine.step(now: self.start).actions.isEmpty)
        _ = machine.setPaused(true)
        _ = machine.received(self.records(0..<1, self.a))
        #expect(machine.read(1, deadline: nil).isEmpty)
        #expect(machine.step(now: self.start).actions == [.pause([self.a, self.b])])
        #expect(machine.step(now: self.start).actions.isEmpty)
        #expect(self.batches(machine.setPaused(false)).count == 1)
        #expect(machine.step(now: self.start).actions == [.resume([self.a, self.b])])
    }

    @Test("On a revocation work in flight finishes, is stored and committed, and only then the partition goes")
    func revocation() {
        var machine = self.joined()
        _ = machine.received(self.records(0..<2, self.a))
        let batch = self.batches(machine.read(1, deadline: nil))[0]
        _ = machine.received(self.records(2..<9, self.a))
        machine.revoked([self.a], isLost: false, now: self.start)
        #expect(machine.bufferedRecords == 0)
        #expect(!machine.isJoined)
        #expect(machine.received(self.records(9..<10, self.a)).isEmpty && machine.bufferedRecords == 0)
        let waiting = machine.step(now: self.start)
        #expect(waiting.actions.isEmpty)
        #expect(waiting.deadline == self.start + .seconds(5))
        _ = machine.complete(batch)
        #expect(
            machine.step(now: self.start).actions == [.store([self.a: KafkaPosition(offset: 2)]), .commit(ticket: 1)]
        )
        #expect(machine.step(now: self.start).actions.isEmpty)
        machine.committed(1)
        #expect(machine.step(now: self.start).actions == [.unassign([self.a])])
        #expect(machine.assignment == [self.b])
    }

    @Test("A grace or a commit that takes too long does not hold the partition for ever")
    func revocationTimes() {
        var machine = self.joined()
        _ = machine.received(self.records(0..<2, self.a))
        let batch = self.batches(machine.read(1, deadline: nil))[0]
        machine.revoked([self.a, self.b], isLost: false, now: self.start)
        #expect(machine.step(now: self.start + .seconds(5)).actions == [.commit(ticket: 1)])
        #expect(machine.step(now: self.start + .seconds(14)).actions.isEmpty)
        #expect(machine.step(now: self.start + .seconds(15)).actions == [.unassign([self.a, self.b])])
        // Done too late: not ours any more.
        _ = machine.complete(batch)
        #expect(machine.step(now: self.start + .seconds(16)).actions.isEmpty)
    }

    @Test("For a lost assignment nothing is stored or committed", arguments: [false, true])
    func lost(later: Bool) {
        var machine = self.joined()
        _ = machine.received(self.records(0..<2, self.a))
        let batch = self.batches(machine.read(1, deadline: nil))[0]
        machine.revoked([self.a, self.b], isLost: !later, now: self.start)
        if later {
            #expect(machine.step(now: self.start).actions.isEmpty)
            machine.lost()
        }
        _ = machine.complete(batch)
        #expect(machine.step(now: self.start).actions == [.unassign([self.a, self.b])])
    }

    @Test("A paused partition is resumed as it goes: librdkafka would keep it paused for its next owner")
    func pausedRevocation() {
        var machine = self.joined()
        _ = machine.setPaused(true)
        _ = machine.step(now: self.start)
        machine.revoked([self.a], isLost: true, now: self.start)
        #expect(machine.step(now: self.start).actions == [.resume([self.a]), .unassign([self.a])])
    }

    @Test("Closing drains, commits, leaves and finishes, in this order")
    func closing() {
        var machine = self.joined()
        _ = machine.received(self.records(0..<2, self.a))
        let batch = self.batches(machine.read(1, deadline: nil))[0]
        _ = machine.read(2, deadline: nil)
        #expect(self.silenced(machine.close(now: self.start, drain: nil)) == [2])
        #expect(self.silenced(machine.read(3, deadline: nil)) == [3])
        #expect(machine.step(now: self.start).actions.isEmpty)
        _ = machine.complete(batch)
        #expect(
            machine.step(now: self.start).actions == [.store([self.a: KafkaPosition(offset: 2)]), .commit(ticket: 1)]
        )
        machine.committed(1)
        #expect(machine.step(now: self.start).actions == [.leave])
        machine.revoked([self.a, self.b], isLost: false, now: self.start)
        #expect(machine.step(now: self.start).actions == [.unassign([self.a, self.b])])
        machine.left(gracefully: true)
        #expect(machine.step(now: self.start).actions == [.finish(gracefully: true)])
        #expect(machine.phase == .finished)
    }

    @Test("Closing ends whatever the group does")
    func closingTimes() {
        var machine = self.joined()
        _ = machine.received(self.records(0..<2, self.a))
        _ = machine.read(1, deadline: nil)
        _ = machine.close(now: self.start, drain: .seconds(1))
        #expect(machine.step(now: self.start + .seconds(1)).actions == [.commit(ticket: 1)])
        #expect(machine.step(now: self.start + .seconds(11)).actions == [.leave])
        #expect(machine.step(now: self.start + .seconds(16)).actions == [.finish(gracefully: false)])
    }

    @Test("The time of a reader ends its waiting")
    func deadlines() {
        var machine = self.joined()
        _ = machine.read(1, deadline: self.start + .seconds(2))
        #expect(machine.step(now: self.start).deadline == self.start + .seconds(2))
        #expect(self.silenced(machine.step(now: self.start + .seconds(2)).replies) == [1])
    }

    @Test("Offsets that are passed over are found, from where the group stood on")
    func gaps() {
        var machine = self.joined()
        machine.readingBegins(at: [self.a: 2])
        let came = self.records(5..<7, self.a) + self.records(9..<10, self.a) + self.records(4..<5, self.b)
        let expected = [
            OffsetGap(partition: self.a, expected: 2, found: 5), OffsetGap(partition: self.a, expected: 7, found: 9),
        ]
        #expect(machine.gaps(before: came) == expected)
        // A partition that comes back begins anew.
        machine.revoked([self.a], isLost: true, now: self.start)
        machine.assigned([self.a])
        #expect(machine.gaps(before: self.records(20..<21, self.a)).isEmpty)
    }

    @Test("Of a gap only what lies before the oldest record kept is lost")
    func loss() {
        let gap = OffsetGap(partition: self.a, expected: 2, found: 5)
        #expect([0, 2, 3, 5, 9].map { gap.lost(oldest: $0) } == [0, 0, 1, 3, 3])
    }

    @Test("A fatal error reaches every reader that waits and every later one")
    func failure() {
        var machine = self.joined()
        _ = machine.read(1, deadline: nil)
        let error = KafkaError(code: .fatal, message: "Fenced.", isFatal: true)
        guard case .failed(1, error)? = machine.failed(error).first,
            case .failed(2, error)? = machine.read(2, deadline: nil).first
        else {
            Issue.record("A reader was not told.")
            return
        }
    }

    @Test("Cancelling takes a reader out once")
    func cancel() {
        var machine = self.joined()
        _ = machine.read(1, deadline: nil)
        #expect(self.silenced(machine.cancelRead(1)) == [1])
        #expect(machine.cancelRead(1).isEmpty)
        #expect(machine.received(self.records(0..<1, self.a)).isEmpty)
    }

    @Test("The last offset there is has no successor and does not trap")
    func lastOffset() {
        let record = KafkaRecord(topic: "t", partition: 0, offset: .max)
        #expect(KafkaBatch.ends(of: [record]).isEmpty)
    }

    @Test("Positions are idle only where nothing is fetched or in flight")
    func idle() {
        var machine = self.joined()
        #expect(machine.idlePartitions == [self.a, self.b])
        _ = machine.received(self.records(0..<1, self.a))
        #expect(machine.idlePartitions.isEmpty)
        let batch = self.batches(machine.read(1, deadline: nil))[0]
        #expect(machine.idlePartitions == [self.b])
        _ = machine.complete(batch)
        #expect(machine.idlePartitions == [self.a, self.b])
    }
}
