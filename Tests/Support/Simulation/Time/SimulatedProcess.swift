import Synchronization

/// One incarnation of a node, and the executor of all its tasks: it can be stopped and go on, and it can die.
///
/// A dead process runs on, so that its tasks come to an end, but nothing that it does reaches the world.
package final class SimulatedProcess: TaskExecutor {
    private struct State {
        var isFrozen = false
        var isAlive = true
        var parked: [UnownedJob] = []
        var onDeath: [@Sendable () -> Void] = []
    }

    package let name: String
    package let scheduler: SimulatedScheduler
    private let state = Mutex(State())

    package init(name: String, on scheduler: SimulatedScheduler) {
        self.name = name
        self.scheduler = scheduler
    }

    package var isAlive: Bool { state.withLock { $0.isAlive } }
    package var isFrozen: Bool { state.withLock { $0.isFrozen } }

    package func enqueue(_ job: consuming ExecutorJob) {
        scheduler.enqueue(UnownedJob(job), of: self)
    }

    /// Keeps the job when the process is stopped.
    func park(_ job: UnownedJob) -> Bool {
        state.withLock { state in
            guard state.isFrozen else { return false }
            state.parked.append(job)
            return true
        }
    }

    /// Stops the process where it stands (SIGSTOP); its clocks go on.
    package func freeze() {
        state.withLock { $0.isFrozen = true }
    }

    package func thaw() {
        let parked = state.withLock { state in
            state.isFrozen = false
            defer { state.parked = [] }
            return state.parked
        }
        for job in parked { scheduler.enqueue(job, of: self) }
    }

    /// Called once the process has died, for what would wait for ever.
    func onDeath(_ action: @escaping @Sendable () -> Void) {
        state.withLock { $0.onDeath.append(action) }
    }

    /// Ends the process (SIGKILL).
    package func kill() {
        let actions = state.withLock { state in
            state.isAlive = false
            defer { state.onDeath = [] }
            return state.onDeath
        }
        for action in actions { action() }
        thaw()
    }
}
