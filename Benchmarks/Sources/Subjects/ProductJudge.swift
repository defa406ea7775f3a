package import Judging

/// `NetflixACAJudge-v1.0` as the product runs it: the one place where benchmarks call it for single pairs.
package final class ProductJudge {
    private let judge = NetflixACAJudge()
    private var workspace: JudgingWorkspace

    /// A judge that computes with an instruction set that this processor has.
    package init(instructionSet: InstructionSet = .best) {
        workspace = JudgingWorkspace(instructionSet: instructionSet)
    }

    /// Judges each of them and gives every judgement to `take`.
    package func judge(_ pairs: [MetricPair], take: (MetricJudgement) -> Void) {
        for pair in pairs { take(judge.judge(pair, in: &workspace)) }
    }
}
