import Foundation
import Measuring

/// A program in another language that judges the pairs of a series file when told to: a command a line on its standard
/// input, an answer a line on its output. It ends with its input.
final class Worker {
    /// What the program says it is.
    let version: String
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var unread: [UInt8] = []

    /// Nil when the program or what it needs is not installed; what is missing, it has written to standard error.
    init?(_ interpreter: String, _ script: String, _ path: String) throws {
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [interpreter, Repository.benchmarks.appending(path: "Others/\(script)").path, path]
        var environment = ProcessInfo.processInfo.environment
        // Libraries of linear algebra would start threads.
        environment["OMP_NUM_THREADS"] = "1"
        environment["OPENBLAS_NUM_THREADS"] = "1"
        process.environment = environment
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        unread = []
        guard let line = Self.line(from: output.fileHandleForReading, &unread), line.hasPrefix("ready ") else {
            return nil
        }
        version = String(line.dropFirst("ready ".count))
    }

    /// The seconds of processor time that the command took, without its reading and writing.
    func seconds(_ command: String) throws -> Double {
        let answer = try numbers(command)
        guard answer.count == 1 else { throw WrongResult("\(version) answers \(answer) to \(command)") }
        return answer[0]
    }

    func numbers(_ command: String) throws -> [Double] {
        try input.fileHandleForWriting.write(contentsOf: Data("\(command)\n".utf8))
        guard let line = Self.line(from: output.fileHandleForReading, &unread) else {
            throw WrongResult("\(version) ended at \(command)")
        }
        return line.split(separator: " ").compactMap { Double($0) }
    }

    /// The next line; nil at the end.
    private static func line(from handle: FileHandle, _ unread: inout [UInt8]) -> String? {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                defer { unread.removeSubrange(...end) }
                return String(decoding: unread[..<end], as: UTF8.self)
            }
            let data = handle.availableData
            if data.isEmpty { return nil }
            unread += data
        }
    }
}
