import Judging
import Subjects

/// Judges the same a number of times and ends, for a tool that counts the instructions of a whole process: what a
/// pass takes is the difference between a run of two passes and one of a single pass.
@main
enum JudgeInstructions {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst().map { $0 }
        guard arguments.count >= 3, let size = Int(arguments[1]), let passes = Int(arguments.last ?? "") else {
            throw WrongArguments()
        }
        if arguments.count == 4, let kind = SampleKind(rawValue: arguments[0]), let number = Int(arguments[2]) {
            try judge(kind.pairs(number, samples: size), passes: passes)
        } else if arguments.count == 3, let kind = LookKind(rawValue: arguments[0]) {
            try look(SequentialLooks(kind, age: size), passes: passes)
        } else {
            throw WrongArguments()
        }
    }

    private static func judge(_ pairs: [MetricPair], passes: Int) throws {
        let judge = ProductJudge()
        var errors = 0
        for _ in 0..<passes {
            judge.judge(pairs) { errors += $0.classification == .error ? 1 : 0 }
        }
        if errors > 0 { throw WrongArguments() }
    }

    private static func look(_ looks: SequentialLooks, passes: Int) throws {
        var errors = 0
        for _ in 0..<passes {
            try looks.take { errors += $0.metrics.first?.evidence == nil ? 1 : 0 }
        }
        if errors > 0 { throw WrongArguments() }
    }
}

struct WrongArguments: Error, CustomStringConvertible {
    let description = """
        usage: judge-instructions normal|tied SAMPLES PAIRS PASSES, with pairs that can be judged, or
               judge-instructions counts|latency|gauge|past AGE PASSES
        """
}
