import Concurrency
import Testing

@Suite(.timeLimit(.minutes(5))) struct AsyncSemaphoreTests {
    @Test func letsThroughAsManyAsItHasPermits() async {
        let gate = AsyncSemaphore(permits: 2)
        #expect(await gate.enter())
        #expect(await gate.enter())
        let third = Task { await gate.enter() }
        gate.leave()
        #expect(await third.value)
    }

    @Test func closingTurnsEverybodyAway() async {
        let gate = AsyncSemaphore(permits: 0)
        let waiting = (0..<5).map { _ in Task { await gate.enter() } }
        gate.close()
        for task in waiting { #expect(await !task.value) }
        #expect(await !gate.enter())
        #expect(gate.isClosed)
    }

    @Test func cancellingGivesUpThePlaceOnly() async {
        let gate = AsyncSemaphore(permits: 0)
        let cancelled = Task { await gate.enter() }
        let patient = Task { await gate.enter() }
        cancelled.cancel()
        #expect(await !cancelled.value)
        gate.leave()
        #expect(await patient.value)
    }

    @Test func noPermitIsLostUnderContention() async {
        let gate = AsyncSemaphore(permits: 3)
        let entered = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<2000 {
                group.addTask {
                    if index % 7 == 0 { withUnsafeCurrentTask { $0?.cancel() } }
                    guard await gate.enter() else { return false }
                    await Task.yield()
                    gate.leave()
                    return true
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(entered == (0..<2000).filter { $0 % 7 != 0 }.count)
        for _ in 0..<3 { #expect(await gate.enter()) }
    }
}
