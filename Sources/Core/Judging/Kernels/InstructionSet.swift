import JudgingKernels

/// The instruction sets that the vector kernels exist for. All give the same bits; they differ in speed only.
package enum InstructionSet: String, Sendable, CaseIterable {
    /// What every x86-64 processor has.
    case baseline
    case avx2
    case avx512
    /// What every arm64 processor has.
    case neon

    /// Those that this processor has.
    package static let available = allCases.filter(VectorKernels.exist(for:))

    /// The one to use. AVX2 goes before AVX-512: the kernels compare and count, and the processors measured spend more on
    /// moving 512-bit masks into vectors than they save (docs/performance.md).
    package static let best = [.neon, .avx2, .avx512].first(where: available.contains) ?? .baseline

    var identifier: JudgingInstructionSet {
        switch self {
        case .baseline: JudgingInstructionSetBaseline
        case .avx2: JudgingInstructionSetAVX2
        case .avx512: JudgingInstructionSetAVX512
        case .neon: JudgingInstructionSetNEON
        }
    }
}
