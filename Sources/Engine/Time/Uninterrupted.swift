/// Runs work to its end although the task that asks for it has been cancelled.
package enum Uninterrupted {
    /// Where such work runs: whoever simulates time needs all of it on an executor of his own.
    @TaskLocal package static var executor: (any TaskExecutor)?

    package static func run<Value: Sendable>(_ body: @escaping @Sendable () async -> Value) async -> Value {
        await Task(executorPreference: executor) { await body() }.value
    }
}
