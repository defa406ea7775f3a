import Foundation
import Processes

/// What a program printed on both outputs, and its exit code.
struct ProgramRun {
    var output: String
    var status: Int32

    /// The program built beside these tests.
    static var assay: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("assay")
    }

    static func assay(_ arguments: [String], input: URL? = nil, in directory: URL) async throws -> ProgramRun {
        try await run(assay, arguments, input: input, in: directory)
    }

    static func bash(_ arguments: [String]) async throws -> ProgramRun {
        try await run(URL(fileURLWithPath: "/bin/bash"), arguments, in: MarkdownPage.root)
    }

    static func run(
        _ program: URL,
        _ arguments: [String],
        input: URL? = nil,
        environment: [String: String]? = nil,
        in directory: URL
    ) async throws -> ProgramRun {
        let outcome = try await Program.run(
            program.path,
            arguments,
            input: try input.map { try Data(contentsOf: $0) },
            environment: environment,
            in: directory,
            errorsAreOutput: true
        )
        return ProgramRun(output: outcome.output, status: outcome.status)
    }
}
