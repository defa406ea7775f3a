/// Evidence that the experiment's own rate of events lies below a rate that is no harm, whatever the control's is.
///
/// A healthy service without any events never shows that they have not doubled; that they are rare, it shows. The
/// likelihood ratio of lower rates against the tolerable one, averaged: under any rate that is not below it, its
/// expectation is at most 1 at any look (the binomial family has monotone likelihood ratios; A. Wald, "Sequential
/// Analysis", 1947). Evidence against harm that needs both, a higher ratio and a rate that is not tolerable, is the mean of
/// this and of the evidence about the ratio.
enum AbsoluteSafety {
    /// The lower rates, as parts of the tolerable one.
    private static let parts = [0.5, 0.25, 0.0625, 1e-6]

    /// ln of the evidence; 0 without requests, or with a rate that is none.
    ///
    /// - Parameters:
    ///   - events: of the experiment, not more than its requests.
    ///   - tolerable: above 0, below 1.
    ///   - dispersion: what log likelihoods are divided by; at least 1.
    static func logEvidence(events: Double, requests: Double, tolerable: Double, dispersion: Double) -> Double {
        guard tolerable > 0, tolerable < 1, requests > 0, events >= 0, events <= requests else { return 0 }
        let logs = parts.map { part in
            let rate = tolerable * part
            let ratio =
                events * Elementary.log(part) + (requests - events)
                * (Elementary.log1p(-rate) - Elementary.log1p(-tolerable))
            return ratio / max(1, dispersion)
        }
        return LogSum.ofMean(logs)
    }
}
