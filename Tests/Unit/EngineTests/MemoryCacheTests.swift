import Analysis
import Store
import Testing

@testable import Engine

@Suite struct MemoryCacheTests {
    private let now = Timestamp(milliseconds: 1_772_359_200_000)

    private func memory(_ count: Int) -> SessionMemory {
        var history = SampleHistory(start: now, step: .seconds(1))
        history.merge(
            SampleBlock(
                session: "s",
                metric: 0,
                side: .control,
                first: now + .seconds(1),
                step: .seconds(1),
                values: Array(repeating: 1, count: count)
            )
        )
        return .samples(history)
    }

    @Test func aHistoryCountsOnlyForTheVersionItWasKeptAt() {
        var cache = MemoryCache()
        cache.insert(memory(3), of: "a", version: 5, wakeAt: now)
        #expect(cache.removeMemory(of: "a", version: 6) == nil)
        #expect(cache.removeMemory(of: "a", version: 5) == nil)
        cache.insert(memory(3), of: "a", version: 5, wakeAt: now)
        #expect(cache.removeMemory(of: "a", version: 5)?.size == 3)
    }

    @Test func itHoldsNoMoreThanItsCapacity() {
        var cache = MemoryCache(capacity: 10)
        cache.insert(memory(6), of: "a", version: 1, wakeAt: now)
        cache.insert(memory(6), of: "b", version: 1, wakeAt: now)
        #expect(cache.removeMemory(of: "b", version: 1) == nil)
        #expect(cache.removeMemory(of: "a", version: 1) != nil)
        cache.insert(memory(6), of: "b", version: 1, wakeAt: now)
        #expect(cache.removeMemory(of: "b", version: 1) != nil)
    }

    @Test func whatOthersWentOnWithIsDropped() {
        var cache = MemoryCache(capacity: 10)
        cache.insert(memory(6), of: "a", version: 1, wakeAt: now)
        cache.sweep(at: now + .seconds(30))
        cache.sweep(at: now + .seconds(61))
        cache.insert(memory(6), of: "b", version: 1, wakeAt: now)
        #expect(cache.removeMemory(of: "b", version: 1) != nil)
    }
}
