import Benchmark
import Harness
import Measuring
import Subjects

/// The judges: against others, what a pair costs, on each instruction set, their kernels, and a look of many sessions.
let benchmarks: @Sendable () -> Void = {
    for kind in SampleKind.allCases {
        for samples in SampleKind.sizes {
            Comparison.benchmark(kind, samples: samples)
            PairCost.benchmark(kind, samples: samples)
        }
    }
    for kind in LookKind.allCases {
        for age in LookKind.ages {
            SequentialBenchmarks.cost(kind, age: age)
            SequentialBenchmarks.race(kind, age: age)
        }
    }
    for samples in SampleKind.sizes { ConditionsBenchmarks.benchmark(samples: samples) }
    for samples in SampleKind.sizes { InstructionSetBenchmarks.benchmark(samples: samples) }
    for kernel in Kernel.allCases {
        for samples in Kernel.sizes { KernelBenchmarks.benchmark(kernel, samples: samples) }
    }
    for threads in [1, 2] { LookBenchmarks.benchmark(threads: threads) }
}
