import Benchmark
import CProcessorClock
import Harness
import Judging
import JudgingKernels
import Measuring
import Subjects

/// What each kernel costs on each instruction set of this processor, and beside it a cycle of the processor's clock.
enum KernelBenchmarks {
    private static let number = 16
    /// Shifts in turn: with the pairs more than the prediction of branches learns by heart. A prime number.
    private static let shifts = 1021
    private static let cycles = 1_000_000

    static func benchmark(_ kernel: Kernel, samples: Int) {
        let sets = InstructionSet.available
        Benchmark.race(
            "kernel-\(kernel.rawValue)-\(samples)",
            between: sets.map(\.rawValue) + ["cycle"],
            sampleTime: 0.05
        ) {
            let pairs = SampleKind.normal.pairs(number, samples: samples)
            let tables = try sets.map { try table($0) }
            let series = try pairs.map { try KernelSeries($0, tables[0]) }
            try compare(kernel, tables, series)
            var numbers = RandomNumbers(seed: 2)
            let offsets = numbers.normals(shifts, mean: 0, deviation: 2)
            var contenders = zip(sets, tables).map { set, table in
                Contender(set.rawValue, unitsPerCall: number) { calls in
                    let start = ProcessorTime.now()
                    var next = 0
                    for _ in 0..<calls {
                        for one in series {
                            // A call through a pointer cannot be left out.
                            _ = kernel.call(table, one, offset: offsets[next])
                            next = next + 1 < shifts ? next + 1 : 0
                        }
                    }
                    return ProcessorTime.now() - start
                }
            }
            contenders.append(
                .here("cycle", unitsPerCall: cycles) { CProcessorClock_pass(UInt(cycles)) }
            )
            return contenders
        }
    }

    /// Every instruction set has to find and write the same bits.
    private static func compare(_ kernel: Kernel, _ tables: [JudgingKernels], _ series: [KernelSeries]) throws {
        for one in series {
            let found = tables.map { table in
                let (first, second) = kernel.call(table, one, offset: 0)
                return [first.bitPattern, second.bitPattern] + one.written
            }
            try check(found.allSatisfy { $0 == found[0] }, "the instruction sets differ in \(kernel.rawValue)")
        }
    }

    private static func table(_ set: InstructionSet) throws -> JudgingKernels {
        let identifier =
            switch set {
            case .baseline: JudgingInstructionSetBaseline
            case .avx2: JudgingInstructionSetAVX2
            case .avx512: JudgingInstructionSetAVX512
            case .neon: JudgingInstructionSetNEON
            }
        guard let kernels = JudgingKernelsFor(identifier) else { throw WrongResult("there is no \(set.rawValue)") }
        return kernels.pointee
    }
}
