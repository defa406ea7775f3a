/// Shows a state that goes up and down.
package struct Gauge<Labels: MetricLabels>: Sendable {
    package let family: MetricFamily

    init(_ family: MetricFamily) {
        self.family = family
    }
}

extension Gauge<NoLabels> {
    package func set(_ value: Double) { family.set(value, []) }

    package func add(_ amount: Double = 1) { family.add(amount, []) }

    /// The current value of one series; 0 when there is none.
    package func value() -> Double { family.value([]) }
}

extension Gauge<OneLabel> {
    package func set(_ value: Double, _ first: String) { family.set(value, [first]) }

    package func add(_ amount: Double = 1, _ first: String) { family.add(amount, [first]) }

    package func value(_ first: String) -> Double { family.value([first]) }
}

extension Gauge<TwoLabels> {
    package func set(_ value: Double, _ first: String, _ second: String) { family.set(value, [first, second]) }

    package func add(_ amount: Double = 1, _ first: String, _ second: String) { family.add(amount, [first, second]) }

    package func value(_ first: String, _ second: String) -> Double { family.value([first, second]) }
}

extension Gauge<ThreeLabels> {
    package func set(_ value: Double, _ first: String, _ second: String, _ third: String) {
        family.set(value, [first, second, third])
    }

    package func add(_ amount: Double = 1, _ first: String, _ second: String, _ third: String) {
        family.add(amount, [first, second, third])
    }

    package func value(_ first: String, _ second: String, _ third: String) -> Double {
        family.value([first, second, third])
    }
}
