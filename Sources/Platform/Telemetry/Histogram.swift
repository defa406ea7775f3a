/// Counts observations by size, in the metric's base unit.
package struct Histogram<Labels: MetricLabels>: Sendable {
    package let family: MetricFamily

    init(_ family: MetricFamily) {
        self.family = family
    }
}

extension Histogram<NoLabels> {
    package func observe(_ value: Double) { family.observe(value, []) }

    /// The number of observations of one series.
    package func value() -> Double { family.value([]) }
}

extension Histogram<OneLabel> {
    package func observe(_ value: Double, _ first: String) { family.observe(value, [first]) }

    package func value(_ first: String) -> Double { family.value([first]) }
}

extension Histogram<TwoLabels> {
    package func observe(_ value: Double, _ first: String, _ second: String) { family.observe(value, [first, second]) }

    package func value(_ first: String, _ second: String) -> Double { family.value([first, second]) }
}

extension Histogram<ThreeLabels> {
    package func observe(_ value: Double, _ first: String, _ second: String, _ third: String) {
        family.observe(value, [first, second, third])
    }

    package func value(_ first: String, _ second: String, _ third: String) -> Double {
        family.value([first, second, third])
    }
}
