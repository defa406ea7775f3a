import Foundation
import Measuring

/// Another program, run to its end.
enum Program {
    struct End {
        /// 127 when there is no such program.
        let status: Int32
        let output: String
        let errors: String
    }

    /// The path of a program of this package, which is built beside this one.
    static func built(_ name: String) throws -> String {
        let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: name).path
        try check(
            FileManager.default.isExecutableFile(atPath: path),
            "\(path) is not built: run `swift build --configuration release` first"
        )
        return path
    }

    static func run(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> End {
        let process = Process()
        let output = Pipe()
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        // Nothing else of the caller's, so that what is counted does not depend on it.
        process.environment = environment.merging(
            ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        ) { given, _ in given }
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // What these programs write fits into a pipe, so one may be read after the other.
        let written = try output.fileHandleForReading.readToEnd() ?? Data()
        let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return End(
            status: process.terminationStatus,
            output: String(decoding: written, as: UTF8.self),
            errors: String(decoding: complaints, as: UTF8.self)
        )
    }
}
