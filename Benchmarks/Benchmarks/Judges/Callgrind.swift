import Foundation
import Measuring
import Subjects

/// Instructions counted in a simulated processor: slow, and the same every time.
enum Callgrind {
    /// Instructions a pair; nil when valgrind is not installed.
    static func instructions(_ kind: SampleKind, samples: Int, pairs: Int) throws -> Int? {
        let arguments = ["\(kind)", "\(samples)", "\(pairs)"]
        guard let one = try count(arguments + ["1"]), let two = try count(arguments + ["2"]) else { return nil }
        return (two - one) / pairs
    }

    /// Of a whole run of `judge-instructions`, which is built beside this program.
    private static func count(_ arguments: [String]) throws -> Int? {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appending(path: "judge-instructions")
        try check(
            FileManager.default.isExecutableFile(atPath: program.path),
            "\(program.path) is not built: run `swift build -c release` first"
        )
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program.path] + arguments
        // Hashes seeded at random would take different ways through a table; nothing else of the caller's matters.
        process.environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
            "SWIFT_DETERMINISTIC_HASHING": "1",
        ]
        process.standardError = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationStatus == 127 { return nil }
        try check(process.terminationStatus == 0, "valgrind failed: \(text)")
        let counts = text.split(separator: "\n").compactMap { line in
            line.split(separator: "Collected : ", maxSplits: 1).dropFirst().first.flatMap { Int($0) }
        }
        guard let count = counts.first else { throw WrongResult("valgrind counted nothing: \(text)") }
        return count
    }
}
