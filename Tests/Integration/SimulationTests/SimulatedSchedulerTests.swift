import Analysis
import SeededRandom
import Simulation
import Testing

@Suite struct SimulatedSchedulerTests {
    private let start = Timestamp(milliseconds: 1_772_359_200_000)

    /// Ten tasks of two processes that sleep and say so.
    private func order(seed: UInt64) -> (lines: [String], hash: UInt64, end: SimulatedScheduler.End) {
        let scheduler = SimulatedScheduler(generator: SeededGenerator(seed: seed), start: start)
        let lines = Shared<[String]>([])
        let left = Shared(2)
        for name in ["one", "two"] {
            let process = SimulatedProcess(name: name, on: scheduler)
            Task(executorPreference: process) { [start] in
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<5 {
                        group.addTask {
                            scheduler.enter("task")
                            try? await scheduler.sleep(.milliseconds(number % 2))
                            await Task.yield()
                            lines.change { $0.append("\(name) \(number) \(scheduler.now.since(start))") }
                        }
                    }
                }
                left.change { $0 -= 1 }
            }
        }
        let end = scheduler.run { left.value == 0 }
        #expect(scheduler.escapes.isEmpty)
        return (lines.value, scheduler.hash, end)
    }

    @Test func theSameSeedGivesTheSameOrder() {
        for seed in 1...20 as ClosedRange<UInt64> {
            let (first, second) = (order(seed: seed), order(seed: seed))
            #expect(first.end == .done)
            #expect(first.lines == second.lines)
            #expect(first.hash == second.hash)
        }
        #expect(Set((1...20).map { order(seed: $0).lines }).count > 10)
    }

    @Test func aStoppedProcessGoesOnWhereItStood() {
        let scheduler = SimulatedScheduler(generator: SeededGenerator(seed: 1), start: start)
        let process = SimulatedProcess(name: "one", on: scheduler)
        let woken = Shared<Timestamp?>(nil)
        Task(executorPreference: process) {
            try? await scheduler.sleep(.seconds(5))
            woken.change { $0 = scheduler.now }
        }
        scheduler.after(.seconds(1)) { process.freeze() }
        scheduler.after(.seconds(60)) { process.thaw() }
        #expect(scheduler.run { woken.value != nil } == .done)
        #expect(woken.value == start + .seconds(60))
    }

    @Test func aCancelledSleepEndsAtOnce() {
        let scheduler = SimulatedScheduler(generator: SeededGenerator(seed: 1), start: start)
        let process = SimulatedProcess(name: "one", on: scheduler)
        let ended = Shared<Timestamp?>(nil)
        let task = Task(executorPreference: process) {
            do throws(CancellationError) { try await scheduler.sleep(.seconds(500)) } catch {
                ended.change { $0 = scheduler.now }
            }
        }
        scheduler.after(.seconds(1)) { task.cancel() }
        #expect(scheduler.run { ended.value != nil } == .done)
        #expect(ended.value == start + .seconds(1))
    }

    @Test func whatEscapesIsPutOnRecord() async {
        let scheduler = SimulatedScheduler(generator: SeededGenerator(seed: 1), start: start)
        await Task(executorPreference: nil) { scheduler.enter("here") }.value
        #expect(scheduler.escapes == ["here"])
    }
}
