import Judging
import Subjects

/// Judges the same pairs a number of times and ends, for a tool that counts the instructions of a whole process: what
/// a pair takes is the difference between a run of two passes and one of a single pass.
@main
enum JudgeInstructions {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst().map { $0 }
        guard arguments.count == 4, let kind = SampleKind(rawValue: arguments[0]), let samples = Int(arguments[1]),
            let number = Int(arguments[2]), let passes = Int(arguments[3])
        else {
            throw WrongArguments()
        }
        let pairs = kind.pairs(number, samples: samples)
        let judge = ProductJudge()
        var errors = 0
        for _ in 0..<passes {
            judge.judge(pairs) { errors += $0.classification == .error ? 1 : 0 }
        }
        if errors > 0 { throw WrongArguments() }
    }
}

struct WrongArguments: Error, CustomStringConvertible {
    let description = "usage: judge-instructions normal|tied SAMPLES PAIRS PASSES, with pairs that can be judged"
}
