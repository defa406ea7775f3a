/// Why the demo could not be carried out: one sentence, and the log lines that say more.
package struct DemoFailure: Error, Sendable, Equatable, CustomStringConvertible {
    package var description: String
    package var log: [String]

    package init(_ description: String, log: [String] = []) {
        self.description = description
        self.log = log
    }
}
