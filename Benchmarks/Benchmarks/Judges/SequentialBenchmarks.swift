import Benchmark
import CAllocationCounter
import Harness
import Judging
import Measuring
import Subjects

/// What a look of the judge `sequential` at one metric costs, from stored bytes to stored bytes, when the analysis is young
/// and when it is old.
enum SequentialBenchmarks {
    private static let allocations = BenchmarkMetric.custom("allocations", useScalingFactor: false)
    private static let instructions = BenchmarkMetric.custom("callgrind", useScalingFactor: false)
    private static let bytes = BenchmarkMetric.custom("bytes", useScalingFactor: false)

    /// Counts that do not depend on what else the machine does. All have thresholds in `Thresholds/`.
    static func cost(_ kind: LookKind, age: Int) {
        let name = "cost-sequential-\(kind)-\(age)"
        _ = Benchmark(
            name,
            configuration: .init(
                metrics: [allocations, instructions, bytes],
                warmupIterations: 0,
                maxDuration: .seconds(600),
                maxIterations: 1,
                thresholds: [
                    allocations: BenchmarkThresholds(absolute: [.p90: 0]),
                    instructions: BenchmarkThresholds(relative: [.p90: 3]),
                    bytes: BenchmarkThresholds(absolute: [.p90: 0]),
                ]
            )
        ) { (benchmark: Benchmark) throws in
            let looks = SequentialLooks(kind, age: age)
            for _ in 0..<4 { try looks.take { keep($0) } }
            let before = CAllocationCounter_count()
            let state = try looks.take { keep($0) }
            let counted = Int(CAllocationCounter_count() - before)
            benchmark.measurement(allocations, (counted + SequentialLooks.number - 1) / SequentialLooks.number)
            Results.record(name, "allocations", Double(counted) / Double(SequentialLooks.number))
            benchmark.measurement(bytes, state.count)
            Results.record(name, "bytes", state.count)
            if let counted = try Callgrind.instructions(kind, age: age) {
                benchmark.measurement(instructions, counted)
                Results.record(name, "instructions", counted)
            }
        }
    }

    /// Beside Kayenta's judge, which sees the same samples as a whole window.
    static func race(_ kind: LookKind, age: Int) {
        Benchmark.race("sequential-\(kind)-\(age)", between: ["sequential", "kayenta"]) {
            let looks = SequentialLooks(kind, age: age)
            let windows = [looks.wholeWindow]
            let judge = ProductJudge()
            try looks.take { keep($0) }
            try check(looks.wholeWindow.experiment.count == age + SequentialLooks.number + 1, "a window is too short")
            return [
                .here("sequential", unitsPerCall: SequentialLooks.number) { try looks.take { keep($0) } },
                .here("kayenta") { judge.judge(looks: [windows]) { keep($0) } },
            ]
        }
    }
}
