import Text

/// Events of one side by the value of a label, step by step; NaN where there are none.
package struct LabelledEvents: Sendable, Equatable {
    package struct Value: Sendable, Equatable {
        package let name: String
        package let events: [Double]
    }

    /// In the order of the names, each once.
    package let values: [Value]
    /// There were more, or such as cannot be kept.
    package let isCut: Bool

    /// Values beyond this many are not told apart.
    package static let largestCount = 100
    /// A longer value is not kept.
    package static let longestName = 128

    /// Series of one value are added up. One without the label has no value.
    package init(_ series: [(name: String, events: [Double])]) {
        var sums: [String: [Double]] = [:]
        for (name, events) in series where !name.isEmpty {
            guard let known = sums[name] else {
                sums[name] = events
                continue
            }
            sums[name] = zip(known, events).map { $0.isNaN ? $1 : $1.isNaN ? $0 : $0 + $1 }
        }
        let kept = sums.filter { name, _ in name.utf8.count <= Self.longestName && !name.holdsUnprintable }
        values = kept.sorted { $0.key < $1.key }.prefix(Self.largestCount).map { Value(name: $0.key, events: $0.value) }
        isCut = values.count < sums.count
    }

    private init(values: [Value], isCut: Bool) {
        self.values = values
        self.isCut = isCut
    }

    /// Without its first steps.
    package func dropFirst(_ steps: Int) -> LabelledEvents {
        LabelledEvents(
            values: values.map { Value(name: $0.name, events: Array($0.events.dropFirst(steps))) },
            isCut: isCut
        )
    }
}

/// Both sides of it.
package struct LabelledSides: Sendable, Equatable {
    package var control: LabelledEvents
    package var experiment: LabelledEvents

    package init(control: LabelledEvents, experiment: LabelledEvents) {
        self.control = control
        self.experiment = experiment
    }
}
