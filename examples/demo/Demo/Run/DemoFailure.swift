import Processes

/// Why the demo could not be carried out: one sentence, and the log lines that say more.
package struct DemoFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String
    package var log: [String]
    /// Another program has a port that one of the demo's should listen on.
    var foundPortTaken: Bool { FreePort.isTaken(accordingTo: log) }

    package init(_ description: String, log: [String] = []) {
        self.description = description
        self.log = log
    }
}
