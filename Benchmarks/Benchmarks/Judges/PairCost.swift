import Benchmark
import CAllocationCounter
import Harness
import Judging
import Measuring
import Subjects

/// What a pair costs whatever else the machine does: how often memory is asked for, and how many instructions it
/// takes. Both have thresholds in `Thresholds/`.
enum PairCost {
    private static let number = 16

    /// Calls of malloc and its relatives a pair, rounded up: a single one in all the pairs shows.
    private static let allocations = BenchmarkMetric.custom("allocations", useScalingFactor: false)
    /// Instructions a pair, counted by valgrind's callgrind. The same for the same program on any machine whose
    /// processor has what valgrind knows of (its release 3.19 knows AVX2, not AVX-512).
    private static let instructions = BenchmarkMetric.custom("callgrind", useScalingFactor: false)

    static func benchmark(_ kind: SampleKind, samples: Int) {
        let name = "cost-\(kind)-\(samples)"
        _ = Benchmark(
            name,
            configuration: .init(
                // The harness's own metric counts in hardware, of this whole benchmark, where the machine lets it.
                metrics: [allocations, instructions, .instructions],
                warmupIterations: 0,
                scalingFactor: .kilo,
                maxDuration: .seconds(600),
                maxIterations: 1,
                thresholds: [
                    allocations: BenchmarkThresholds(absolute: [.p90: 0]),
                    instructions: BenchmarkThresholds(relative: [.p90: 3]),
                    .instructions: BenchmarkThresholds(relative: [.p90: 3]),
                ]
            )
        ) { (benchmark: Benchmark) throws in
            let pairs = kind.pairs(number, samples: samples)
            let judge = ProductJudge()
            for _ in 0..<4 { judge.judge(pairs) { keep($0) } }

            let before = CAllocationCounter_count()
            judge.judge(pairs) { keep($0) }
            let counted = Int(CAllocationCounter_count() - before)
            benchmark.measurement(allocations, (counted + number - 1) / number)
            Results.record(name, "allocations", Double(counted) / Double(number))

            benchmark.startMeasurement()
            for _ in 0..<benchmark.configuration.scalingFactor.rawValue / number { judge.judge(pairs) { keep($0) } }
            benchmark.stopMeasurement()

            if let counted = try Callgrind.instructions(kind, samples: samples, pairs: number) {
                benchmark.measurement(instructions, counted)
                Results.record(name, "instructions", counted)
            }
        }
    }
}
