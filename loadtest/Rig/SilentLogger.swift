package import Logging

/// For clients of this process: what they would complain about is part of the run.
package enum SilentLogger {
    package static func make() -> Logger {
        Logger(label: "rig") { _ in SwiftLogNoOpLogHandler() }
    }
}
