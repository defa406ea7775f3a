package import Judging

extension SequentialEvidence {
    /// The instant since when the evidence points to harm; nil where it does not.
    ///
    /// - Parameters:
    ///   - start: of the analysis; its first sample comes one step later.
    ///   - step: the distance of two samples.
    package func since(start: Timestamp, step: Duration) -> Timestamp? {
        guard let since, since >= 0 else { return nil }
        let (length, isTooLong) = step.milliseconds.multipliedReportingOverflow(by: Int64(since))
        return isTooLong ? nil : start + .milliseconds(length)
    }
}
