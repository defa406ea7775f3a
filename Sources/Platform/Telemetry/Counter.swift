/// Counts what happened since the process began; never goes down.
package struct Counter<Labels: MetricLabels>: Sendable {
    package let family: MetricFamily

    init(_ family: MetricFamily) {
        self.family = family
    }
}

extension Counter<NoLabels> {
    /// Counts that something happened, `amount` times.
    package func add(_ amount: Double = 1) { family.add(amount, []) }

    /// Takes over the count of a source that counts by itself.
    package func set(total: Double) { family.set(total, []) }

    /// The current value of one series; 0 when there is none.
    package func value() -> Double { family.value([]) }
}

extension Counter<OneLabel> {
    package func add(_ amount: Double = 1, _ first: String) { family.add(amount, [first]) }

    package func set(total: Double, _ first: String) { family.set(total, [first]) }

    package func value(_ first: String) -> Double { family.value([first]) }
}

extension Counter<TwoLabels> {
    package func add(_ amount: Double = 1, _ first: String, _ second: String) { family.add(amount, [first, second]) }

    package func set(total: Double, _ first: String, _ second: String) { family.set(total, [first, second]) }

    package func value(_ first: String, _ second: String) -> Double { family.value([first, second]) }
}

extension Counter<ThreeLabels> {
    package func add(_ amount: Double = 1, _ first: String, _ second: String, _ third: String) {
        family.add(amount, [first, second, third])
    }

    package func set(total: Double, _ first: String, _ second: String, _ third: String) {
        family.set(total, [first, second, third])
    }

    package func value(_ first: String, _ second: String, _ third: String) -> Double {
        family.value([first, second, third])
    }
}
