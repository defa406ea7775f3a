package import Analysis

/// The samples of both sides of a metric on the plan's grid.
package struct SideSeries: Sendable, Equatable {
    /// The instant of the first sample.
    package var first: Timestamp
    package var step: Duration
    /// NaN marks a missing sample. Both sides have as many.
    package var control: [Double]
    package var experiment: [Double]

    package func time(_ index: Int) -> Timestamp { first + step * index }

    /// More steps than any plan has are a mistake in what was stored, and are not shown.
    static let maximumSteps = 20_000
    static let longestStep = Duration.seconds(366 * 86_400)

    /// Nil without samples.
    ///
    /// - Parameter blocks: of the metric; a later one replaces the instants that it shares with an earlier one.
    init?(_ blocks: [SampleBlock]) {
        guard let first = blocks.map(\.first).min(), let step = blocks.first?.step, step.milliseconds > 0 else {
            return nil
        }
        let end = blocks.map { $0.first + $0.step * max(0, $0.values.count - 1) }.max() ?? first
        let count = end.since(first).milliseconds / step.milliseconds + 1
        guard (1...Int64(Self.maximumSteps)).contains(count) else { return nil }
        var sides: [Side: [Double]] = [:]
        for block in blocks where block.step == step {
            var values = sides[block.side] ?? Array(repeating: .nan, count: Int(count))
            let start = Int(block.first.since(first).milliseconds / step.milliseconds)
            for (index, value) in block.values.enumerated() where values.indices.contains(start + index) {
                values[start + index] = value
            }
            sides[block.side] = values
        }
        let missing = Array(repeating: Double.nan, count: Int(count))
        self.first = first
        self.step = step
        control = sides[.control] ?? missing
        experiment = sides[.experiment] ?? missing
    }
}
