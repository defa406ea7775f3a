package import Analysis
import Judging

extension Verdict {
    /// The result, or why there is none: `cancelled`, `errored`.
    package var word: String { status == .completed ? result.rawValue : status.rawValue }
}
