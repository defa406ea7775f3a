import Analysis
import LoadRig
import SeededRandom
import SyntheticBackEnd

/// Finds series by what a query asks for.
struct SeriesIndex: Sendable {
    let series: [SyntheticSeries]
    private let places: [String: Int]

    /// - Parameter series: those that can be asked for, each with `__name__` and labels of its own.
    init(_ series: [SyntheticSeries]) {
        self.series = series
        places = Dictionary(series.indices.map { (Self.key(series[$0].labels), $0) }) { first, _ in first }
    }

    /// Both tracks of every metric of every application, each known since an hour before the run and for ever after.
    init(_ workload: LoadWorkload) {
        let from = workload.start.milliseconds / 1000 - 3600
        var series: [SyntheticSeries] = []
        for story in workload.stories {
            let bad = workload.badSample(of: story).map { $0.milliseconds / 1000 }
            for metric in 0..<workload.plan.metrics {
                for (track, name) in ["canary", "stable"].enumerated() where track == 0 || story.kind != .withoutControl
                {
                    series.append(
                        SyntheticSeries(
                            labels: [
                                ("__name__", LoadPlan.metricName(metric)), ("app", story.application), ("track", name),
                            ],
                            seed: SeededGenerator.mix(story.seed &+ UInt64(metric * 2 + track)),
                            seconds: from...Int64.max / 1000,
                            badFrom: track == 0 ? bad : nil
                        )
                    )
                }
            }
        }
        self.init(series)
    }

    /// The places of all series that a selector matches, in the order of Prometheus' answer.
    func matches(_ selector: Selector) -> [Int] {
        // Most selectors name every label: one look-up.
        if let place = places[Self.key(selector.sorted)] { return [place] }
        let found = series.indices.filter { index in
            selector.labels.allSatisfy { wanted in
                (series[index].labels.first { $0.name == wanted.name }?.value ?? "") == wanted.value
            }
        }
        return found.sorted { Self.order(series[$0].labels, series[$1].labels) }
    }

    private static func key(_ labels: [(name: String, value: String)]) -> String {
        var key = ""
        for label in labels { key += "\(label.name)\u{1}\(label.value)\u{2}" }
        return key
    }

    private static func order(
        _ left: [(name: String, value: String)],
        _ right: [(name: String, value: String)]
    ) -> Bool {
        left.lexicographicallyPrecedes(right) { ($0.name, $0.value) < ($1.name, $1.value) }
    }
}
