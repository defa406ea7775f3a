/// A program to start, and where its output goes.
package struct ChildCommand: Sendable, Equatable {
    /// The name under which messages speak of it.
    package var name: String
    /// An absolute path.
    package var executable: String
    package var arguments: [String]
    package var environment: [String: String]
    /// Standard output and standard error are appended to this file.
    package var logPath: String

    /// One whose output is not kept.
    init(_ executable: String, _ arguments: [String]) {
        self.init(
            name: executable,
            executable: executable,
            arguments: arguments,
            environment: [:],
            logPath: "/dev/null"
        )
    }

    package init(
        name: String,
        executable: String,
        arguments: [String],
        environment: [String: String],
        logPath: String
    ) {
        self.name = name
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.logPath = logPath
    }
}

/// How a process ended.
package enum ChildExit: Sendable, Equatable, CustomStringConvertible {
    case code(Int32)
    case signal(Int32)

    package var description: String {
        switch self {
        case .code(let code): "ended with exit code \(code)"
        case .signal(let signal): "was ended by signal \(signal)"
        }
    }
}

/// Why a process could not be started, in one sentence.
package struct ChildError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
