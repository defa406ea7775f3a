import Foundation
import Processes

/// A program of the server, run to its end.
enum Command {
    /// Returns what it wrote to standard output; throws what it wrote to standard error when it failed.
    static func run(_ command: [String]) async throws -> String {
        // No locale of the caller's: messages and sort order are the same everywhere.
        let outcome = try await Program.run(
            command.first ?? "",
            Array(command.dropFirst()),
            environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C"]
        )
        guard outcome.status == 0 else {
            throw PostgresTestServerError(
                description:
                    "\(command.joined(separator: " ")) failed (\(outcome.status)): \(outcome.errors)\(outcome.output)"
            )
        }
        return outcome.output.trimmingCharacters(in: .newlines)
    }
}
