package import Analysis
package import Concurrency

extension WakeSignal {
    /// Returns at the next signal, when `time` comes, or when the task is cancelled.
    package func wait(until time: Timestamp, clock: any EngineClock) async {
        await wait { try await clock.sleep(until: time) }
    }
}
