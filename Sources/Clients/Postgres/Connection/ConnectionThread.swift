import Concurrency
import Logging

/// A connection and the thread that it lives on.
final class ConnectionThread: Sendable {
    private let configuration: PostgresConfiguration
    private let logger: Logger
    private let control: ConnectionControl

    init(configuration: PostgresConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        self.control = ConnectionControl(silenceLimit: configuration.silenceLimit)
    }

    /// Connects, and calls `ready` with nil or why not; after nil, `ended` once the connection is closed.
    func start(
        ready: @escaping @Sendable (PostgresError?) -> Void,
        ended: @escaping @Sendable () -> Void
    ) {
        let isStarted =
            self.control.isUsable
            && OSThread.start { [self] in
                if self.serve(ready: ready) { ended() }
            }
        guard !isStarted else { return }
        ready(
            PostgresError(
                code: .outOfMemory,
                message: "The system had no thread or no pipe to give for a Postgres connection."
            )
        )
    }

    var isReusable: Bool { self.control.isReusable }

    /// Ends the connection when the jobs that wait are done.
    func close() {
        self.control.close()
    }

    /// Does something on the connection's thread. Cancelling the task cancels the statement that runs.
    ///
    /// What was done in time is not thrown away by a cancellation: its result comes back.
    func run<Value: Sendable>(
        _ body: @escaping @Sendable (NativeConnection) throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        let (promise, job) = self.job(body)
        return try await withTaskCancellationHandler {
            self.control.submit(job)
            return await promise.value()
        } onCancel: {
            self.control.cancel(job)
        }.get()
    }

    /// The same for what must be ended in order, such as a transaction: the task's cancellation does not reach it.
    func runToEnd<Value: Sendable>(
        _ body: @escaping @Sendable (NativeConnection) throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        let (promise, job) = self.job(body)
        self.control.submit(job)
        return try await promise.value().get()
    }

    private func job<Value: Sendable>(
        _ body: @escaping @Sendable (NativeConnection) throws(PostgresError) -> Value
    ) -> (Promise<Result<Value, PostgresError>>, ConnectionJob) {
        let promise = Promise<Result<Value, PostgresError>>()
        let job = ConnectionJob { native in
            let result = Result { () throws(PostgresError) in try body(native) }
            return { promise.set(result) }
        } fail: { error in
            promise.set(.failure(error))
        }
        return (promise, job)
    }

    // MARK: On the thread

    /// - Returns: whether there was a connection.
    private func serve(ready: @Sendable (PostgresError?) -> Void) -> Bool {
        do {
            let native = try NativeConnection(
                configuration: self.configuration,
                control: self.control,
                logger: self.logger
            )
            self.control.begin(cancel: native.makeCancel())
            ready(nil)
            self.serve(native)
        } catch {
            self.control.ended(error)
            ready(error)
            return false
        }
        return true
    }

    private func serve(_ native: NativeConnection) {
        defer { self.control.ended(.connectionClosed) }
        while true {
            switch self.control.next() {
            case .close:
                return
            case .wait:
                // The server may close the connection, or have something to say, at any time.
                let isReady = self.control.wait(socket: native.socket, writing: false, until: nil)
                if isReady == true, !native.takeUnasked() { return }
            case .job(let job):
                if job.isCancelled {
                    self.control.finished(isReusable: native.isReusable)
                    job.fail(.cancelled)
                    continue
                }
                let complete = job.perform(native)
                self.settleCancellation(native)
                self.control.finished(isReusable: native.isReusable)
                if !native.isAlive { self.control.ended(native.lost()) }
                complete()
                if !native.isAlive { return }
            }
        }
    }

    /// A cancellation may arrive when its statement has ended: it must not hit the next one.
    private func settleCancellation(_ native: NativeConnection) {
        guard self.control.isCancelled, native.isAlive else { return }
        while !self.control.isCancelSent {
            guard self.control.wait(socket: -1, writing: false, until: self.control.cancellationDeadline) != nil else {
                _ = native.lost()
                return
            }
        }
        // The server looks for it when it reads a command, and forgets it when it then is between two.
        for _ in 0..<2 {
            do {
                return try native.ping()
            } catch {
                guard error.sqlState == "57014" else { return }
            }
        }
    }
}
