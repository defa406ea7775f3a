import Testing

@testable import HTTPTransport

@Suite struct TransferQueueTests {
    static let start = ContinuousClock.now

    static func entry(_ id: UInt64, _ host: String, seconds: Int = 10) -> TransferQueue.Entry {
        .init(id: id, host: host, deadline: start.advanced(by: .seconds(seconds)))
    }

    @Test func boundsInTotalAndPerHost() {
        var queue = TransferQueue(maximumRunning: 3, maximumRunningPerHost: 2)
        for (id, host) in [(1, "a"), (2, "a"), (3, "a"), (4, "b"), (5, "c")] {
            queue.enqueue(Self.entry(UInt64(id), host))
        }
        var started: [UInt64] = []
        while let next = queue.next() { started.append(next.id) }
        #expect(started == [1, 2, 4])
        queue.finish(4)
        #expect(queue.next()?.id == 5)
        #expect(queue.next() == nil)
        queue.finish(1)
        #expect(queue.next()?.id == 3)
        #expect(queue.waiting.isEmpty)
    }

    @Test func forgetsCancelledAndUnknown() {
        var queue = TransferQueue(maximumRunning: 0, maximumRunningPerHost: -1)
        queue.enqueue(Self.entry(1, "a"))
        queue.enqueue(Self.entry(2, "a"))
        queue.finish(99)
        #expect(queue.next()?.id == 1)
        queue.finish(2)
        queue.finish(1)
        #expect(queue.next() == nil)
    }

    @Test func expiresThoseThatWait() {
        var queue = TransferQueue(maximumRunning: 1, maximumRunningPerHost: 1)
        queue.enqueue(Self.entry(1, "a", seconds: 5))
        queue.enqueue(Self.entry(2, "a", seconds: 3))
        queue.enqueue(Self.entry(3, "a", seconds: 9))
        #expect(queue.nextDeadline == Self.start.advanced(by: .seconds(3)))
        #expect(queue.expire(at: Self.start).isEmpty)
        #expect(queue.expire(at: Self.start.advanced(by: .seconds(5))).map(\.id) == [1, 2])
        #expect(queue.next()?.id == 3)
    }
}
