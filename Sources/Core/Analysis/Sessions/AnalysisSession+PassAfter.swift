import Judging

extension AnalysisSession {
    /// The end of the first window by which the release may pass: a plan may ask for time, whatever the evidence.
    package var earliestPass: Timestamp { schedule.start + plan.sequential.passAfter }

    /// Why an analysis goes on whose evidence would pass the release; empty where it would not.
    func passNote(_ judgement: Judgement) -> String {
        guard judgement.decision == .passNow else { return "" }
        return "; the plan lets it pass from \(earliestPass) on (passAfter)"
    }
}
