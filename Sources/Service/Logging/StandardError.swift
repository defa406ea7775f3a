/// What a process says on standard error: the lines of its log, and the sentences of a command.
package enum StandardError {
    /// Started by the commands that log.
    package static let writer = LogWriter(descriptor: 2)

    /// A sentence for the person at the terminal; the last that a command says, as a rule.
    package static func write(_ text: String) {
        writer.write(text)
        flush()
    }

    /// Gives what is still to be written a second.
    package static func flush() {
        writer.flush(within: .seconds(1))
    }
}
