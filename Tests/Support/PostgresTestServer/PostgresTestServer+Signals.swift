import Glibc

extension PostgresTestServer {
    package enum Signal: Sendable {
        /// Stops the process until `go`.
        case stop
        case go
        /// Ends it without a word. When it is one connection's, the server takes all others down with it.
        case kill
    }

    /// Sends a signal to the server (``processID``) or to the process of one connection (`pg_backend_pid()`).
    package func send(signal: Signal, to process: Int32) throws {
        let number =
            switch signal {
            case .stop: SIGSTOP
            case .go: SIGCONT
            case .kill: SIGKILL
            }
        guard process > 1, Glibc.kill(process, number) == 0 else {
            throw PostgresTestServerError(description: "No signal could be sent to process \(process).")
        }
    }
}
