import Foundation
import Measuring
import Subjects

/// Instructions counted in a simulated processor: slow, and the same every time.
enum Callgrind {
    /// Instructions a pair; nil when valgrind is not installed.
    static func instructions(_ kind: SampleKind, samples: Int, pairs: Int) throws -> Int? {
        try ofAPass(["\(kind)", "\(samples)", "\(pairs)"]).map { $0 / pairs }
    }

    /// Instructions a look of the judge `sequential`; nil when valgrind is not installed.
    static func instructions(_ kind: LookKind, age: Int) throws -> Int? {
        try ofAPass(["\(kind)", "\(age)"]).map { $0 / SequentialLooks.number }
    }

    private static func ofAPass(_ arguments: [String]) throws -> Int? {
        guard let one = try count(arguments + ["1"]), let two = try count(arguments + ["2"]) else { return nil }
        return two - one
    }

    /// Of a whole run of `judge-instructions`.
    private static func count(_ arguments: [String]) throws -> Int? {
        let ended = try Program.run(
            "valgrind",
            ["--tool=callgrind", "--callgrind-out-file=/dev/null", Program.built("judge-instructions")] + arguments,
            // Hashes seeded at random would take different ways through a table.
            environment: ["SWIFT_DETERMINISTIC_HASHING": "1"]
        )
        if ended.status == 127 { return nil }
        try check(ended.status == 0, "valgrind failed: \(ended.errors)")
        // ==1== Collected : 123456
        for line in ended.errors.split(separator: "\n") where line.contains(" Collected : ") {
            if let count = line.split(separator: " ").last.flatMap({ Int($0) }) { return count }
        }
        throw WrongResult("valgrind counted nothing: \(ended.errors)")
    }
}
