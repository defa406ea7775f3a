import Benchmark
import Harness
import Judging
import Measuring
import Subjects

/// Whole pairs on each instruction set of this processor.
enum InstructionSetBenchmarks {
    private static let number = 64

    static func benchmark(samples: Int) {
        let sets = InstructionSet.available
        Benchmark.race("sets-\(samples)", between: sets.map(\.rawValue)) {
            let pairs = SampleKind.normal.pairs(number, samples: samples)
            var expected: [Double?] = []
            ProductJudge().judge(pairs) { expected.append($0.shift?.estimate) }
            return try sets.map { set in
                let judge = ProductJudge(instructionSet: set)
                var found: [Double?] = []
                judge.judge(pairs) { found.append($0.shift?.estimate) }
                try check(found == expected, "\(set.rawValue) finds other shifts")
                return .here(set.rawValue, unitsPerCall: number) { judge.judge(pairs) { keep($0) } }
            }
        }
    }
}
