/// Successive metrics of successive looks: what one thread of a batch judges.
struct JudgingSlice: Equatable {
    /// Where a metric stands in a batch.
    struct Position: Equatable {
        var look: Int
        var metric: Int
    }

    var start: Position
    /// The position after the last metric.
    var end: Position

    /// Divides looks into slices of about equal work, at most `count`, and fewer where slices would have less than `least`
    /// work.
    /// Together they hold every metric once, in order.
    ///
    /// A slice may end inside a look, so that a single look of many metrics is divided as well.
    static func slices(of looks: [JudgeableLook], count most: Int, least: Int = 1) -> [JudgingSlice] {
        let total = looks.reduce(0) { $0 + work(of: $1) }
        let count = max(1, min(most, total / least))
        var slices: [JudgingSlice] = []
        var start = Position(look: 0, metric: 0)
        var done = 0
        for (number, look) in looks.enumerated() {
            for metric in look.pairs.indices {
                done += work(of: look.pairs[metric])
                guard slices.count + 1 < count, done * count >= total * (slices.count + 1) else { continue }
                let end = Position(look: number, metric: metric + 1)
                slices.append(JudgingSlice(start: start, end: end))
                start = end
            }
        }
        slices.append(JudgingSlice(start: start, end: Position(look: looks.count, metric: 0)))
        return slices
    }

    /// Proportional to the time that judging takes, about: what a pair costs at least, and its samples.
    static func work(of pair: MetricPair) -> Int { 60 + pair.control.count + pair.experiment.count }

    static func work(of look: JudgeableLook) -> Int { look.pairs.reduce(0) { $0 + work(of: $1) } }
}
