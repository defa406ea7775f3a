import Testing

@testable import HTTPTransport

@Suite struct TransferQueueTests {
    static let start = ContinuousClock.now

    static func entry(_ id: UInt64, _ host: String, seconds: Int = 10) -> TransferQueue.Entry {
        .init(id: id, host: host, waitsUntil: start.advanced(by: .seconds(seconds)))
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
        #expect(queue.waitingCount == 0)
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
        #expect(queue.nextLimit == nil)
        #expect(queue.keptCount == 0)
    }

    @Test func takesOutThoseThatWaitedForLongEnough() {
        var queue = TransferQueue(maximumRunning: 1, maximumRunningPerHost: 1)
        queue.enqueue(Self.entry(1, "a", seconds: 5))
        queue.enqueue(Self.entry(2, "a", seconds: 3))
        queue.enqueue(Self.entry(3, "a", seconds: 9))
        #expect(queue.nextLimit == Self.start.advanced(by: .seconds(3)))
        #expect(queue.expire(at: Self.start).isEmpty)
        #expect(queue.expire(at: Self.start.advanced(by: .seconds(5))).map(\.id) == [2, 1])
        #expect(queue.nextLimit == Self.start.advanced(by: .seconds(9)))
        #expect(queue.next()?.id == 3)
        // What has been sent does not wait any more.
        #expect(queue.nextLimit == nil)
        #expect(queue.expire(at: Self.start.advanced(by: .seconds(99))).isEmpty)
    }

    @Test func thoseInTheMiddleMayLeave() {
        var queue = TransferQueue(maximumRunning: 1, maximumRunningPerHost: 1)
        for id in 1...5 { queue.enqueue(Self.entry(UInt64(id), "a")) }
        for id in [1, 3, 4] { queue.finish(UInt64(id)) }
        #expect(queue.next()?.id == 2)
        queue.finish(2)
        #expect(queue.next()?.id == 5)
    }

    /// One host is stuck: entries that come and go there leave nothing behind.
    @Test func thoseThatLeftAreNotKept() {
        var queue = TransferQueue(maximumRunning: 1, maximumRunningPerHost: 1)
        queue.enqueue(Self.entry(1, "a"))
        #expect(queue.next()?.id == 1)
        queue.enqueue(Self.entry(2, "a"))
        for id in 3...10_000 {
            queue.enqueue(Self.entry(UInt64(id), "a"))
            if id > 10 { queue.finish(UInt64(id - 5)) }
        }
        #expect(queue.waitingCount <= 11)
        #expect(queue.keptCount < 400)
    }

    /// The same order as a plain list would give, whatever comes.
    @Test func agreesWithAPlainList() {
        var generator = Numbers(state: 11)
        var queue = TransferQueue(maximumRunning: 4, maximumRunningPerHost: 2)
        var waiting: [TransferQueue.Entry] = []
        var running: [TransferQueue.Entry] = []
        var now = 0
        for id in 1...5000 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<4:
                let host = ["a", "b", "c"].randomElement(using: &generator) ?? "a"
                let entry = Self.entry(UInt64(id), host, seconds: now + Int.random(in: 1...30, using: &generator))
                queue.enqueue(entry)
                waiting.append(entry)
            case 4..<7:
                let index = waiting.firstIndex { entry in running.count { $0.host == entry.host } < 2 }
                let expected = running.count < 4 ? index.map { waiting.remove(at: $0) } : nil
                #expect(queue.next() == expected)
                if let expected { running.append(expected) }
            case 7:
                guard let entry = (waiting + running).randomElement(using: &generator) else { continue }
                queue.finish(entry.id)
                waiting.removeAll { $0 == entry }
                running.removeAll { $0 == entry }
            default:
                now += 1
                let instant = Self.start.advanced(by: .seconds(now))
                let expired = waiting.filter { $0.waitsUntil <= instant }.sorted {
                    ($0.waitsUntil, $0.id) < ($1.waitsUntil, $1.id)
                }
                #expect(queue.expire(at: instant) == expired)
                waiting.removeAll { $0.waitsUntil <= instant }
            }
            #expect(queue.waitingCount == waiting.count)
            #expect(queue.nextLimit == waiting.map(\.waitsUntil).min())
        }
    }

    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 29
        }
    }
}
