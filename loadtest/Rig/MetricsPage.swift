/// A page of metrics in Prometheus' text format.
package struct MetricsPage: Sendable {
    private let lines: [Substring]

    package init(_ text: String) {
        lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    }

    /// The sum of a metric over its labels.
    ///
    /// - Parameter label: counts only lines with this in their labels, such as `outcome="accepted"`.
    package func total(_ metric: String, where label: String? = nil) -> Double {
        lines.reduce(0) { sum, line in
            guard line.hasPrefix("\(metric){") || line.hasPrefix("\(metric) "), label.map(line.contains) ?? true,
                let value = line.split(separator: " ").last.flatMap({ Double($0) })
            else { return sum }
            return sum + value
        }
    }
}
