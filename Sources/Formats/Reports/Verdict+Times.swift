import Analysis

extension Verdict {
    /// When the samples of the look begin, and their distance; nil without a look.
    var times: (start: Timestamp, step: Duration)? { window.map { ($0.start, step) } }
}
