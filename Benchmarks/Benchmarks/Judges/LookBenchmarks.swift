import Benchmark
import Foundation
import Harness
import Measuring

/// One look of ten thousand sessions at once, as a service that watches a whole company's deployments has to judge
/// within a step. `judge-looks` does it.
enum LookBenchmarks {
    static func benchmark(threads: Int) {
        let name = "looks-\(threads)"
        // Times in picoseconds, memory in KiB.
        let metrics = ["clock", "processor", "peak", "held"]
        _ = Benchmark(
            name,
            configuration: .init(
                metrics: metrics.map { .custom($0, useScalingFactor: false) },
                warmupIterations: 0,
                maxDuration: .seconds(600),
                maxIterations: 1
            )
        ) { (benchmark: Benchmark) throws in
            let ended = try Program.run(Program.built("judge-looks"), ["\(threads)"])
            try check(ended.status == 0, "judge-looks failed: \(ended.errors)")
            for line in ended.output.split(separator: "\n") {
                let parts = line.split(separator: "\t").map { String($0) }
                guard parts.count == 2, let value = Double(parts[1]) else { continue }
                let isTime = parts[0] == "clock" || parts[0] == "processor"
                benchmark.measurement(.custom(parts[0]), Int(value * (isTime ? 1e12 : 1)))
                Results.record(name, parts[0], value)
            }
        }
    }
}
