import Benchmark
import Harness
import Measuring
import Subjects

/// The judges: against others, what a pair costs, and a look of many sessions.
let benchmarks: @Sendable () -> Void = {
    for kind in SampleKind.allCases {
        for samples in SampleKind.sizes {
            Comparison.benchmark(kind, samples: samples)
            PairCost.benchmark(kind, samples: samples)
        }
    }
    for samples in SampleKind.sizes { ConditionsBenchmarks.benchmark(samples: samples) }
    for threads in [1, 2] { LookBenchmarks.benchmark(threads: threads) }
}
