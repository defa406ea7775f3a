import Analysis
package import JSON

/// The samples of one series of a metric for one side: Kayenta's `MetricSet`.
package struct CanaryMetricSet: Sendable, Equatable {
    var name: String
    var tags: [String: String]
    var start: Timestamp
    var end: Timestamp
    var step: Duration
    var values: [Double]
    var query: String

    /// Those of an answer, or one that holds the place of an empty answer.
    package static func all(
        of series: [CanarySeries],
        metric name: String,
        query: String,
        scope: CanaryScope
    ) -> [CanaryMetricSet] {
        guard !series.isEmpty else {
            let step = Duration.seconds(scope.step)
            return [
                Self(name: name, tags: [:], start: scope.start, end: scope.end, step: step, values: [], query: query)
            ]
        }
        return series.map { series in
            // The step is what lies between the first two samples, in whole seconds.
            let start = series.times.first ?? scope.start
            let step = series.times.count > 1 ? series.times[1].since(start).milliseconds / 1000 : 0
            return Self(
                name: name,
                tags: series.tags,
                start: start,
                end: start + .seconds(Int64(series.values.count) * step),
                step: .seconds(step),
                values: series.values,
                query: query
            )
        }
    }

    /// How many samples its window has room for.
    var expectedCount: Int {
        step > .zero ? Int(end.since(start).milliseconds / step.milliseconds) : 0
    }

    /// The same window with other tags, and nothing but gaps.
    func empty(tags: [String: String]) -> CanaryMetricSet {
        var empty = self
        empty.tags = tags
        empty.values = [Double](repeating: .nan, count: max(0, expectedCount))
        return empty
    }

    /// With gaps at the end, up to the count that is expected.
    var padded: [Double] {
        values + [Double](repeating: .nan, count: max(0, expectedCount - values.count))
    }

    package var json: JSONValue {
        .object([
            "name": .string(name), "tags": .object(JSONObject(Self.sorted(tags))),
            "startTimeMillis": .integer(Int(start.milliseconds)), "startTimeIso": .string(start.javaText),
            "endTimeMillis": .integer(Int(end.milliseconds)), "endTimeIso": .string(end.javaText),
            "stepMillis": .integer(Int(step.milliseconds)), "values": .array(values.map { .java($0) }),
            "attributes": .object(["query": .string(query)]),
        ])
    }

    static func sorted(_ tags: [String: String]) -> [(name: String, value: String)] {
        tags.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
