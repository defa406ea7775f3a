package import Analysis

/// The samples of one session so far: per metric and side a column on the session's grid.
package struct SampleHistory: Sendable {
    private struct Column: Sendable {
        var values: [Double] = []
        /// The number of leading instants that an answer has covered.
        var covered = 0
    }

    /// The instant before the first sample.
    package let start: Timestamp
    private let step: Duration
    private var columns: [Key: Column] = [:]

    private struct Key: Hashable, Sendable {
        var metric: Int
        var side: Side
    }

    package init(start: Timestamp, step: Duration) {
        self.start = start
        self.step = step
    }

    /// Samples of all columns.
    var count: Int { columns.values.reduce(0) { $0 + $1.values.count } }

    /// Up to where the samples of one side need not be asked for again: what is missing at the end may still arrive.
    ///
    /// - Parameter limit: the most instants at the end that count as missing.
    package func settledEnd(metric: Int, side: Side, atMost limit: Int) -> Timestamp {
        guard let column = columns[Key(metric: metric, side: side)] else { return start }
        let missing = column.values.prefix(column.covered).reversed().prefix(limit).prefix { $0.isNaN }.count
        return start + step * (column.covered - missing)
    }

    /// Takes samples in; they replace those of the same instants.
    package mutating func merge(_ block: SampleBlock) {
        let offset = index(of: block.first)
        guard offset >= 0, offset + block.values.count <= AnalysisPlan.maximumSamplesPerWindow * 16 else { return }
        let end = offset + block.values.count
        var column = columns[Key(metric: block.metric, side: block.side)] ?? Column()
        if column.values.count < end {
            column.values.append(contentsOf: repeatElement(.nan, count: end - column.values.count))
        }
        column.values.replaceSubrange(offset..<end, with: block.values)
        column.covered = max(column.covered, end)
        columns[Key(metric: block.metric, side: block.side)] = column
    }

    /// The samples of a window, NaN where there is none.
    package func values(metric: Int, side: Side, in window: TimeWindow) -> [Double] {
        let count = window.sampleCount(step: step)
        let offset = index(of: window.start + step)
        let values = columns[Key(metric: metric, side: side)]?.values ?? []
        if offset >= 0, offset + count <= values.count { return Array(values[offset..<offset + count]) }
        return (offset..<offset + count).map { values.indices.contains($0) ? values[$0] : .nan }
    }

    /// Index of a grid instant: 0 is the first after `start`.
    private func index(of instant: Timestamp) -> Int {
        let distance = instant.since(start).milliseconds.flooredDivision(by: max(1, step.milliseconds))
        return Int(clamping: distance) - 1
    }
}
