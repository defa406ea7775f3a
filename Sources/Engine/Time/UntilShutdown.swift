import Concurrency
import ServiceLifecycle

/// Runs work that goes on until the process is told to stop: it is cancelled then, and waited for.
package enum UntilShutdown {
    /// Like ServiceLifecycle's `cancelWhenGracefulShutdown`, but keeps the simulation's executor after cancellation, which
    /// that does not.
    package static func run(_ body: @escaping @Sendable () async -> Void) async {
        let work = Task(executorPreference: CancellationShield.executor) { await body() }
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                await work.value
            } onGracefulShutdown: {
                work.cancel()
            }
        } onCancel: {
            work.cancel()
        }
    }
}
