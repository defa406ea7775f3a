/// Runs work to its end although the task that asks for it has been cancelled.
package enum CancellationShield {
    /// The executor for shielded work. A simulation sets it, so that no task escapes simulated time.
    @TaskLocal package static var executor: (any TaskExecutor)?

    package static func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        await Task(executorPreference: executor) { await body() }.value
    }
}
