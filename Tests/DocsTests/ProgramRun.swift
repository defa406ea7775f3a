import Foundation

/// What a program printed on both outputs, and its exit code.
struct ProgramRun {
    var output: String
    var status: Int32

    /// The program built beside these tests.
    static var assay: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("assay")
    }

    static func assay(_ arguments: [String], input: URL? = nil, in directory: URL) throws -> ProgramRun {
        try run(assay, arguments, input: input, in: directory)
    }

    static func bash(_ arguments: [String]) throws -> ProgramRun {
        try run(URL(fileURLWithPath: "/bin/bash"), arguments, in: MarkdownPage.root)
    }

    static func run(
        _ program: URL,
        _ arguments: [String],
        input: URL? = nil,
        environment: [String: String]? = nil,
        in directory: URL
    ) throws -> ProgramRun {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = environment ?? process.environment
        process.currentDirectoryURL = directory
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return ProgramRun(output: String(decoding: output, as: UTF8.self), status: process.terminationStatus)
    }
}
