import UnixSignals

/// The wish of a person or a supervisor that this process ends.
package enum ShutdownSignal {
    /// Returns at SIGINT or SIGTERM, which no longer end the process by themselves, or when the task is cancelled.
    package static func wait() async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { return }
    }
}
