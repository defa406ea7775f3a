import Synchronization

/// One metric: its name, its meaning, and a series per combination of label values. ``Counter``, ``Gauge`` and
/// ``Histogram`` are what a metric is to the code that counts.
///
/// The number of series is bounded: past `maximumSeries` further combinations are counted in one series whose label
/// values are all `other`, so that nothing from outside can make the process or a Prometheus grow.
package final class MetricFamily: Sendable {
    package enum Kind: String, Sendable {
        case counter
        case gauge
        case histogram
    }

    package let name: String
    package let help: String
    package let kind: Kind
    package let labelNames: [String]
    /// Upper bounds of the buckets, ascending, without +Inf (histograms only).
    package let buckets: [Double]

    private let maximumSeries: Int
    private let series: Mutex<[[String]: Series]>

    private struct Series {
        var value = 0.0
        var sum = 0.0
        var bucketCounts: [UInt64]
    }

    /// Series are shown from the start for a metric without labels, and for `known` label values (in the order of
    /// `labelNames`): a rate over them has a beginning, and an alert on the first failure can see it.
    package init(
        name: String,
        help: String,
        kind: Kind,
        labelNames: [String],
        buckets: [Double] = [],
        startingWith known: [[String]] = [],
        maximumSeries: Int = 200
    ) {
        self.name = name
        self.help = help
        self.kind = kind
        self.labelNames = labelNames
        self.buckets = buckets
        self.maximumSeries = maximumSeries
        let first = labelNames.isEmpty ? [[]] : known
        precondition(first.allSatisfy { $0.count == labelNames.count }, "\(name) takes the labels \(labelNames)")
        let empty = Series(bucketCounts: Array(repeating: 0, count: buckets.count))
        series = Mutex(Dictionary(first.map { ($0, empty) }) { first, _ in first })
    }

    /// Adds to a counter or a gauge. `labels` are the values in the order of `labelNames`.
    func add(_ amount: Double, _ labels: [String]) {
        update(labels) { $0.value += amount }
    }

    /// Sets a gauge, or a counter to what its source has counted.
    package func set(_ value: Double, _ labels: [String]) {
        update(labels) { $0.value = value }
    }

    /// Counts one observation of a histogram, in the metric's base unit.
    func observe(_ value: Double, _ labels: [String]) {
        update(labels) { series in
            series.value += 1
            series.sum += value
            if let index = buckets.firstIndex(where: { value <= $0 }) { series.bucketCounts[index] += 1 }
        }
    }

    /// The current value of one series (the number of observations of a histogram); 0 when there is none.
    func value(_ labels: [String]) -> Double {
        series.withLock { $0[labels]?.value ?? 0 }
    }

    private func update(_ labels: [String], _ change: (inout Series) -> Void) {
        series.withLock { series in
            let isKnown = series[labels] != nil || series.count < maximumSeries
            let key = isKnown ? labels : Array(repeating: "other", count: labels.count)
            change(&series[key, default: Series(bucketCounts: Array(repeating: 0, count: buckets.count))])
        }
    }

    /// Appends the family in the Prometheus text format, version 0.0.4.
    package func render(into text: inout String) {
        let snapshot = series.withLock { $0 }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
        for (values, series) in snapshot {
            let labels = zip(labelNames, values).map { "\($0)=\"\(Self.escaped($1))\"" }
            guard kind == .histogram else {
                text += "\(name)\(Self.braced(labels)) \(Self.number(series.value))\n"
                continue
            }
            var cumulative: UInt64 = 0
            for (bound, count) in zip(buckets, series.bucketCounts) {
                cumulative += count
                text += "\(name)_bucket\(Self.braced(labels + ["le=\"\(Self.number(bound))\""])) \(cumulative)\n"
            }
            text += "\(name)_bucket\(Self.braced(labels + ["le=\"+Inf\""])) \(Self.number(series.value))\n"
            text += "\(name)_sum\(Self.braced(labels)) \(Self.number(series.sum))\n"
            text += "\(name)_count\(Self.braced(labels)) \(Self.number(series.value))\n"
        }
    }

    private static func braced(_ labels: [String]) -> String {
        labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        return value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "+Inf" : "-Inf") : "\(value)"
    }
}
