import Glibc
package import SeededRandom
import Synchronization

package import struct Analysis.Timestamp

/// Runs the tasks of a simulation on one thread, one job at a time, and moves time on when none can run.
///
/// Which of the runnable jobs comes next is drawn from the seed: other seeds give other interleavings, the same seed
/// gives the same one again.
package final class SimulatedScheduler: Sendable {
    package enum End: Sendable, Equatable {
        /// What was waited for has come.
        case done
        /// Nothing can ever happen any more.
        case stuck
        /// More steps than a run may take: something goes round without time moving on.
        case tooManySteps
    }

    private struct Runnable: Sendable {
        var job: UnownedJob
        var process: SimulatedProcess
    }

    private struct State: Sendable {
        var now: Int64
        var runnable: [Runnable] = []
        var timers = TimerQueue()
        var generator: SeededGenerator
        var steps = 0
        var hash: UInt64 = 0
        var thread: pthread_t?
        var escapes: [String] = []
    }

    private enum Step {
        case run(Runnable)
        case act(@Sendable () -> Void)
        case end(End)
    }

    private let state: Mutex<State>
    private let start: Int64
    private let maximumSteps: Int

    package init(generator: SeededGenerator, start: Timestamp, maximumSteps: Int = 2_000_000) {
        state = Mutex(State(now: start.milliseconds, generator: generator))
        self.start = start.milliseconds
        self.maximumSteps = maximumSteps
    }

    package var now: Timestamp { Timestamp(milliseconds: state.withLock { $0.now }) }
    package var elapsed: Duration { .milliseconds(state.withLock { $0.now } - start) }
    package var steps: Int { state.withLock { $0.steps } }
    /// Stands for everything that was decided so far: equal runs have equal ones.
    package var hash: UInt64 { state.withLock { $0.hash } }
    /// What ran outside of the scheduler, and so outside of the simulation.
    package var escapes: [String] { state.withLock { $0.escapes } }

    /// Mixes what was observed into the hash.
    package func observe(_ number: UInt64) {
        state.withLock { $0.hash = SeededGenerator.mix($0.hash &+ number) }
    }

    /// Says that this is reached; a caller outside of the scheduler's thread is put on record.
    package func enter(_ place: @autoclosure () -> String) {
        let thread = pthread_self()
        guard state.withLock({ $0.thread != thread }) else { return }
        let place = place()
        state.withLock { $0.escapes.append(place) }
    }

    // MARK: - Time

    @discardableResult
    package func after(_ delay: Duration, _ action: @escaping @Sendable () -> Void) -> UInt64 {
        let milliseconds = max(0, delay.wholeMilliseconds)
        return state.withLock { $0.timers.add(at: $0.now + milliseconds, action) }
    }

    package func cancel(_ timer: UInt64) {
        state.withLock { $0.timers.cancel(timer) }
    }

    /// Returns after `delay`, or throws at once when the task is cancelled.
    package func sleep(_ delay: Duration) async throws(CancellationError) {
        let sleeper = Sleeper()
        let isOver = await withTaskCancellationHandler {
            await withUnsafeContinuation { (continuation: UnsafeContinuation<Bool, Never>) in
                sleeper.begin(continuation, on: self, for: delay)
            }
        } onCancel: {
            sleeper.cancel(on: self)
        }
        if !isOver { throw CancellationError() }
    }

    // MARK: - Running

    func enqueue(_ job: UnownedJob, of process: SimulatedProcess) {
        let thread = pthread_self()
        state.withLock { state in
            state.runnable.append(Runnable(job: job, process: process))
            if let own = state.thread, own != thread { state.escapes.append("a job of \(process.name)") }
        }
    }

    /// Runs until `isDone`, which is asked after every move of time.
    package func run(until isDone: () -> Bool) -> End {
        let thread = pthread_self()
        state.withLock { $0.thread = thread }
        defer { state.withLock { $0.thread = nil } }
        while true {
            switch state.withLock({ nextStep(&$0) }) {
            case .run(let next):
                next.job.runSynchronously(on: next.process.asUnownedTaskExecutor())
            case .act(let action):
                action()
                if isDone() { return .done }
            case .end(let end):
                return isDone() ? .done : end
            }
        }
    }

    /// Forgets what has not come yet; the scheduler is of no more use.
    package func clear() {
        let (timers, runnable) = state.withLock { state in
            defer { (state.timers, state.runnable) = (TimerQueue(), []) }
            return (state.timers, state.runnable)
        }
        // What they hold on to is let go of here, outside of the lock.
        _ = (timers, runnable)
    }

    private func nextStep(_ state: inout State) -> Step {
        state.steps += 1
        guard state.steps < maximumSteps else { return .end(.tooManySteps) }
        if !state.runnable.isEmpty {
            let count = state.runnable.count
            let index = count == 1 ? 0 : state.generator.index(below: count)
            state.hash = (state.hash &* 0x0000_0100_0000_01B3) ^ UInt64(truncatingIfNeeded: count << 16 | index)
            let next = state.runnable[index]
            state.runnable[index] = state.runnable[count - 1]
            state.runnable.removeLast()
            if next.process.park(next.job) { return .act({}) }
            return .run(next)
        }
        guard let timer = state.timers.popFirst() else { return .end(.stuck) }
        state.now = max(state.now, timer.at)
        state.hash = SeededGenerator.mix(state.hash ^ UInt64(bitPattern: state.now))
        return .act(timer.action)
    }
}

/// One task that sleeps.
private final class Sleeper: Sendable {
    private enum State {
        case idle
        case sleeping(UnsafeContinuation<Bool, Never>, timer: UInt64)
        case over
    }

    private let state = Mutex(State.idle)

    func begin(_ continuation: UnsafeContinuation<Bool, Never>, on scheduler: SimulatedScheduler, for delay: Duration) {
        let isCancelled = state.withLock { state in
            if case .over = state { return true }
            state = .sleeping(continuation, timer: scheduler.after(delay) { self.end(true) })
            return false
        }
        if isCancelled { continuation.resume(returning: false) }
    }

    func cancel(on scheduler: SimulatedScheduler) {
        let timer = state.withLock { state in
            if case .sleeping(_, let timer) = state { return UInt64?.some(timer) }
            return nil
        }
        if let timer { scheduler.cancel(timer) }
        end(false)
    }

    private func end(_ isOver: Bool) {
        let continuation = state.withLock { state in
            defer { state = .over }
            if case .sleeping(let continuation, _) = state {
                return UnsafeContinuation<Bool, Never>?.some(continuation)
            }
            return nil
        }
        continuation?.resume(returning: isOver)
    }
}
