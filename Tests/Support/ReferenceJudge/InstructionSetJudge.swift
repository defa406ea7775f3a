package import Judging
import Synchronization

/// The product's judge on one instruction set, with a workspace that is kept from pair to pair: what a pair leaves behind
/// would show in the next.
package final class InstructionSetJudge: Sendable {
    package let instructionSet: InstructionSet
    private let workspace: Mutex<JudgingWorkspace>

    package init(_ instructionSet: InstructionSet) {
        self.instructionSet = instructionSet
        workspace = Mutex(JudgingWorkspace(instructionSet: instructionSet))
    }

    /// One for each instruction set of this processor.
    package static var all: [InstructionSetJudge] { InstructionSet.available.map { InstructionSetJudge($0) } }

    package func judge(_ pair: MetricPair) -> MetricJudgement {
        workspace.withLock { NetflixACAJudge().judge(pair, in: &$0) }
    }
}
