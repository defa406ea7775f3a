import Glibc

/// An operating-system thread for code that blocks in C, so that no Swift task ever does.
enum PollThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Starts a detached thread that runs `body` once.
    ///
    /// - Throws: `KafkaError` when the system has no thread to give.
    static func start(_ body: @escaping @Sendable () -> Void) throws(KafkaError) {
        let work = Unmanaged.passRetained(Work(body))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 512 * 1024)
        var thread = pthread_t()
        let outcome = pthread_create(
            &thread,
            &attributes,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            },
            work.toOpaque()
        )
        guard outcome == 0 else {
            work.release()
            throw KafkaError(code: .other, message: "No thread could be started for Kafka (error \(outcome)).")
        }
    }

    /// Runs blocking work on a thread of its own and awaits its result.
    static func run<Value: Sendable>(
        _ body: @escaping @Sendable () -> Value
    ) async throws(KafkaError) -> Value {
        let promise = Promise<Value>()
        try self.start { promise.set(body()) }
        return await promise.value()
    }
}
