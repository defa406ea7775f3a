package import Analysis

/// Where samples come from.
package protocol MetricsBackEnd: Sendable {
    /// The series of `query` at the grid instants of `window`: those after its start, up to and including its end.
    func series(of query: String, in window: TimeWindow, step: Duration) async throws(SamplingFailure)
        -> BackEndAnswer
}

/// What a back end answered.
package struct BackEndAnswer: Sendable, Equatable {
    /// One column per series, one value per grid instant, NaN where there is none.
    package var series: [[Double]]
    package var warnings: [String]
    package var isPartial: Bool

    package init(series: [[Double]], warnings: [String] = [], isPartial: Bool = false) {
        self.series = series
        self.warnings = warnings
        self.isPartial = isPartial
    }
}
