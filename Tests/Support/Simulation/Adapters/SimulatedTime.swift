import Analysis
import Concurrency
import Engine

/// A process's monotonic clock: it counts from the process's start.
struct SimulatedTime: MonotonicClock {
    let process: SimulatedProcess
    let origin: Duration

    init(of process: SimulatedProcess) {
        self.process = process
        origin = process.scheduler.elapsed
    }

    func uptime() -> Duration { process.scheduler.elapsed - origin }

    func sleep(for duration: Duration) async throws {
        // The dead don't wait, so that their tasks come to an end.
        guard process.isAlive else { throw CancellationError() }
        try await process.scheduler.sleep(duration)
        guard process.isAlive else { throw CancellationError() }
    }
}

/// A node's wall clock, which is wrong and is set now and then.
struct WallClock: EngineClock {
    let process: SimulatedProcess
    /// How far it is ahead of the store's time.
    let offset: Shared<Duration>

    func now() -> Timestamp { process.scheduler.now + offset.value }

    func sleep(until time: Timestamp) async throws {
        let duration = time.since(now())
        if duration > .zero { try await SimulatedTime(of: process).sleep(for: duration) }
    }
}
