import Analysis
import Judging
import Text

/// By which exit code a command ends that shows a verdict.
enum VerdictExit {
    static func code(of verdict: Verdict) -> Int32 { code(verdict.status, verdict.result) }

    static func code(_ status: VerdictStatus, _ result: JudgementResult) -> Int32 {
        switch (status, result) {
        case (.completed, .pass): 0
        case (.completed, .fail): 1
        // A newer version says something that this one does not understand: that is no answer.
        case (.unknown, _), (_, .unknown): ExitReport.failure
        default: 2
        }
    }

    /// Why a verdict does not count for a caller who takes none by a plan of an event, in one sentence; nil when it does.
    static func refusal(of verdict: Verdict, on name: String) -> String? {
        guard verdict.isByPlanOfEvent else { return nil }
        return "the verdict on \(name) does not count: its plan came with the deploy event"
            + " \(verdict.deployEvent.id.excerpt()) of \(verdict.deployEvent.source.excerpt()), whose sender decides what"
            + " passes (--plans-from-events takes it)"
    }
}
