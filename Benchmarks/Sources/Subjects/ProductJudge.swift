package import Judging

/// `NetflixACAJudge-v1.0` as the product runs it: the one place where benchmarks call it for pairs and for looks.
package final class ProductJudge {
    /// Metrics of a look that `looks` makes: as many as a plan of usual size has.
    package static let metricsOfALook = 8

    private let judge = NetflixACAJudge()
    private let rules = ScoringRules()
    private var workspace: JudgingWorkspace

    /// A judge that computes with an instruction set that this processor has.
    package init(instructionSet: InstructionSet = .best) {
        workspace = JudgingWorkspace(instructionSet: instructionSet)
    }

    /// Judges each of them, without a score, and gives every judgement to `take`.
    package func judge(_ pairs: [MetricPair], take: (MetricJudgement) -> Void) {
        for pair in pairs { take(judge.judge(pair, in: &workspace)) }
    }

    /// Judges each look as the service does: its metrics, the scores of its groups, and its result.
    package func judge(looks: [[MetricPair]], take: (Judgement) -> Void) {
        for look in looks { take(judge.judge(look, by: rules, in: &workspace)) }
    }

    /// Pairs as looks of `metricsOfALook`.
    package static func looks(of pairs: [MetricPair]) -> [[MetricPair]] {
        stride(from: 0, to: pairs.count, by: metricsOfALook).map {
            Array(pairs[$0..<min($0 + metricsOfALook, pairs.count)])
        }
    }
}
