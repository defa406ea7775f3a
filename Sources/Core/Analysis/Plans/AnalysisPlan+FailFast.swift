package import Judging

extension AnalysisPlan {
    /// A look may end the analysis when it is complete and fails, or when a critical metric has failed: that evidence
    /// stands on its own, whatever the metrics that are waited for would say.
    package func failsNow(_ judgement: Judgement, isComplete: Bool, isLast: Bool) -> Bool {
        let critical = judgement.hasFailedCritically
        guard judgement.result == .fail else { return false }
        // Harm that has been shown stays shown, whatever metrics would say that are waited for.
        let isComplete = isComplete || judgement.decision == .failNow
        if isLast { return isComplete || critical }
        switch failFast {
        case .onFail: return isComplete || critical
        case .onCritical: return critical
        case .never: return false
        }
    }
}
