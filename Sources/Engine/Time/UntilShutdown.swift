import ServiceLifecycle

/// Runs work that goes on until the process is told to stop: it is cancelled then, and waited for.
enum UntilShutdown {
    /// Like ServiceLifecycle's `cancelWhenGracefulShutdown`, but on the executor of whoever simulates time from beginning
    /// to end: that one leaves it when the task is cancelled.
    static func run(_ body: @escaping @Sendable () async -> Void) async {
        let work = Task(executorPreference: Uninterrupted.executor) { await body() }
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
