import Concurrency
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(5))) struct SerialThreadTests {
    /// Counts the pieces of work that are under way.
    private final class Watch: Sendable {
        private let counts = Mutex((underWay: 0, most: 0))

        var most: Int { counts.withLock { $0.most } }

        func count<Value>(_ work: () -> Value) -> Value {
            counts.withLock { counts in
                counts.underWay += 1
                counts.most = max(counts.most, counts.underWay)
            }
            defer { counts.withLock { $0.underWay -= 1 } }
            return work()
        }
    }

    @Test("Work is done one piece at a time") func oneAtATime() async {
        let (thread, watch) = (SerialThread(), Watch())
        let values = await withTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask { await thread.run { watch.count { number } } }
            }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(values.sorted() == Array(0..<100))
        #expect(watch.most == 1)
    }

    @Test func itStartsAgainAfterItRanDry() async {
        let thread = SerialThread()
        for number in 0..<5 { #expect(await thread.run { number } == number) }
    }

    @Test("Its stack holds what a thread of the pool holds") func stack() async {
        @Sendable func descend(_ levels: Int) -> Int {
            withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 16) { bytes in
                bytes[0] = UInt8(truncatingIfNeeded: levels)
                return levels == 0 ? Int(bytes[0]) : descend(levels - 1) + (bytes[0] > 0 ? 1 : 0)
            }
        }
        let thread = SerialThread()
        #expect(await thread.run { descend(80) } == 80)
    }
}
