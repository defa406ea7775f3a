/// A run of samples of one side of one metric, on the plan's grid.
package struct SampleBlock: Sendable, Equatable {
    package var session: String
    /// Index into the plan's metrics.
    package var metric: Int
    package var side: Side
    /// Grid instant of the first value; control samples of a `before` comparison stand at the experiment's instants.
    package var first: Timestamp
    package var step: Duration
    /// NaN marks a missing sample.
    package var values: [Double]

    package init(session: String, metric: Int, side: Side, first: Timestamp, step: Duration, values: [Double]) {
        self.session = session
        self.metric = metric
        self.side = side
        self.first = first
        self.step = step
        self.values = values
    }
}
