/// The answer to a range query: one column per series, all on the same grid.
package struct RangeQueryResult: Sendable {
    package struct Series: Sendable {
        package var labels: Labels
        /// One value per grid time; NaN where there is none. As the server told them, where that was asked for.
        package var values: [Double]
        /// The times of the values as the server told them, in milliseconds since 1970; empty on the grid.
        package var times: [Int64]

        package init(labels: Labels, values: [Double], times: [Int64] = []) {
            self.labels = labels
            self.values = values
            self.times = times
        }
    }

    package var grid: QueryGrid
    /// Sorted by labels.
    package var series: [Series]
    /// Reasons why the data may be incomplete.
    package var warnings: [String]
    /// Remarks on the query; they say nothing about the data.
    package var infos: [String]
    /// Whether some of the data may be missing: there are warnings, or the server said so.
    package var isPartial: Bool
    /// Samples that were moved to the nearest grid time.
    package var movedSamples: Int
    /// Samples further than half a step from any grid time, left out.
    package var ignoredSamples: Int

    package init(
        grid: QueryGrid,
        series: [Series],
        warnings: [String] = [],
        infos: [String] = [],
        isPartial: Bool = false,
        movedSamples: Int = 0,
        ignoredSamples: Int = 0
    ) {
        self.grid = grid
        self.series = series
        self.warnings = warnings
        self.infos = infos
        self.isPartial = isPartial
        self.movedSamples = movedSamples
        self.ignoredSamples = ignoredSamples
    }
}
