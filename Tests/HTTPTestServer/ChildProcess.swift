package import Foundation

/// A program started for a test, ended with it.
package final class ChildProcess: @unchecked Sendable {
    // `Process` is not Sendable; it is only started here and ended in `deinit`.
    private let process: Process

    /// The full path of an installed program, or nil.
    package static func find(_ name: String) -> String? {
        ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin"].map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Starts a program that goes on running; its output is dropped.
    package init(_ path: String, _ arguments: [String], in folder: URL) throws {
        process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    deinit {
        if process.isRunning {
            process.interrupt()
            process.terminate()
        }
    }

    /// Ends the program, and returns when it has ended.
    package func stop() async {
        await withCheckedContinuation { continuation in
            TestThread.start {
                if self.process.isRunning { self.process.terminate() }
                self.process.waitUntilExit()
                continuation.resume()
            }
        }
    }

    /// Runs a program to its end on a thread of its own and answers its exit status.
    package static func run(_ path: String, _ arguments: [String], in folder: URL) async throws -> Int32 {
        try await withCheckedThrowingContinuation { continuation in
            TestThread.start {
                do {
                    let child = try ChildProcess(path, arguments, in: folder)
                    child.process.waitUntilExit()
                    continuation.resume(returning: child.process.terminationStatus)
                } catch {
                    continuation.resume(throwing: error)
                }
            }
        }
    }
}
