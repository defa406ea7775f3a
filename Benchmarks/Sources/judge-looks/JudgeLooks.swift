import Foundation
import Judging
import Measuring
import Subjects

/// Judges a look of every session of a large service, with as many threads as told, and prints what that took.
///
/// A program of its own: the harness of the benchmarks blocks one of the threads that tasks run on, and its memory is
/// not the judge's.
@main
enum JudgeLooks {
    private static let sessions = 10_000
    private static let metrics = 10
    private static let samples = 60
    private static let rounds = 3

    static func main() async throws {
        guard CommandLine.arguments.count == 2, let threads = Int(CommandLine.arguments[1]), threads > 0 else {
            throw WrongResult("usage: judge-looks THREADS")
        }
        let pairs = SampleKind.normal.pairs(sessions * metrics, samples: samples)
        let looks = stride(from: 0, to: pairs.count, by: metrics).map {
            JudgeableLook(pairs: Array(pairs[$0..<$0 + metrics]), rules: ScoringRules())
        }
        print("held\t\(try kibibytes("VmRSS"))")
        for round in 0...rounds {
            let start = (clock: ContinuousClock.now, processor: ProcessorTime.now())
            let judgements = await NetflixACAJudge().judge(looks, threads: threads)
            let clock = (ContinuousClock.now - start.clock) / .seconds(1)
            let processor = ProcessorTime.now() - start.processor
            let judged = judgements.reduce(0) { $0 + $1.metrics.count { $0.classification != .error } }
            try check(judged == sessions * metrics, "\(judged) pairs were judged")
            // The first one warms up.
            if round > 0 { print("clock\t\(clock)\nprocessor\t\(processor)") }
        }
        print("peak\t\(try kibibytes("VmHWM"))")
    }

    /// A line of what the kernel says about this process's memory.
    private static func kibibytes(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        for line in status.split(separator: "\n") where line.hasPrefix("\(name):") {
            let words = line.split { $0 == " " || $0 == "\t" }
            if words.count > 1, let number = Int(words[1]) { return number }
        }
        throw WrongResult("/proc/self/status has no \(name)")
    }
}
