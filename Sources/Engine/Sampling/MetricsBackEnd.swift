package import Analysis
package import Prometheus

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
    /// What tells the series apart, in their order, as a person reads it. May be empty.
    package var names: [String]
    /// The labels of the series, in their order; empty where the back end tells none.
    package var labels: [Labels]
    /// The upper bounds of a histogram's buckets (`le`), in the order of the series; empty unless each has one.
    package var bounds: [Double]
    /// Reasons why the data may be incomplete.
    package var warnings: [String]
    /// Remarks on the query; they say nothing about the data.
    package var infos: [String]
    package var isPartial: Bool
    /// Samples that were moved to the nearest instant.
    package var movedCount: Int
    /// Samples that lay too far from any instant and were left out.
    package var ignoredCount: Int

    package init(
        series: [[Double]],
        names: [String] = [],
        labels: [Labels] = [],
        bounds: [Double] = [],
        warnings: [String] = [],
        infos: [String] = [],
        isPartial: Bool = false,
        movedCount: Int = 0,
        ignoredCount: Int = 0
    ) {
        self.series = series
        self.names = names
        self.labels = labels
        self.bounds = bounds
        self.warnings = warnings
        self.infos = infos
        self.isPartial = isPartial
        self.movedCount = movedCount
        self.ignoredCount = ignoredCount
    }

    /// The series by the value of a label; those that do not have it, by an empty one.
    func series(by label: String) -> [(name: String, values: [Double])] {
        series.enumerated().map { index, values in
            (labels.indices.contains(index) ? labels[index][label] ?? "" : "", values)
        }
    }
}
