import Text

/// Events and requests of one side, step by step; NaN where there are none.
package struct CountColumn: Sendable, Equatable {
    /// Of all together.
    package var events: [Double]
    package var requests: [Double]
    /// What it is made of, where the counts are asked for by a label: in the order of the names, each once.
    package var groups: [CountGroup]
    /// Some of it is in no group: there were too many of them, or series without a name that can be kept.
    package var isCut: Bool

    /// Groups beyond this many are only in the sums.
    package static let largestGroupCount = 200
    /// A longer value of a label names nothing.
    package static let longestName = 256

    package init(events: [Double], requests: [Double], groups: [CountGroup] = [], isCut: Bool = false) {
        self.events = events
        self.requests = requests
        self.groups = groups
        self.isCut = isCut
    }

    /// The groups, and their sums. Series of one name are added up; a series without the label has the empty name.
    ///
    /// - Parameter count: steps of each series.
    package init(
        events: [(name: String, values: [Double])],
        requests: [(name: String, values: [Double])],
        count: Int
    ) {
        var parts: [String: (events: [Double]?, requests: [Double]?)] = [:]
        for (name, values) in events { Self.add(values, to: &parts[name, default: (nil, nil)].events) }
        for (name, values) in requests { Self.add(values, to: &parts[name, default: (nil, nil)].requests) }
        let none = [Double](repeating: .nan, count: count)
        var allEvents: [Double]?
        var allRequests: [Double]?
        groups = []
        isCut = false
        for (name, part) in parts.sorted(by: { $0.key < $1.key }) {
            if let events = part.events { Self.add(events, to: &allEvents) }
            if let requests = part.requests { Self.add(requests, to: &allRequests) }
            let shown = name.holdsUnprintable ? name.excerpt(Self.longestName) : name
            guard !name.isEmpty, shown.utf8.count <= Self.longestName, groups.count < Self.largestGroupCount else {
                // What only fills in zeros, as `or vector(0)` does, is no group that is missed.
                let counts = [part.events, part.requests].compactMap(\.self)
                isCut = isCut || !name.isEmpty || counts.contains { $0.contains { $0 > 0 } }
                continue
            }
            groups.append(CountGroup(name: shown, events: part.events ?? none, requests: part.requests ?? none))
        }
        self.events = allEvents ?? none
        self.requests = allRequests ?? none
    }

    /// Step by step; what is missing on one side of the sum is left out.
    private static func add(_ values: [Double], to sum: inout [Double]?) {
        guard let known = sum else {
            sum = values
            return
        }
        sum = zip(known, values).map { $0.isNaN ? $1 : $1.isNaN ? $0 : $0 + $1 }
    }

    /// With each of its series replaced, all in the same way.
    func mapSeries(_ transform: ([Double]) -> [Double]) -> CountColumn {
        CountColumn(
            events: transform(events),
            requests: transform(requests),
            groups: groups.map {
                CountGroup(name: $0.name, events: transform($0.events), requests: transform($0.requests))
            },
            isCut: isCut
        )
    }
}

extension MetricIncrement.Column {
    /// Nil where nothing is counted.
    var counts: CountColumn? {
        if case .counts(let counts) = self { counts } else { nil }
    }
}

/// The part of a side that has one value of a label.
package struct CountGroup: Sendable, Equatable {
    /// The value: text from outside, at most 256 bytes, fit to be shown.
    package let name: String
    package let events: [Double]
    package let requests: [Double]

    package init(name: String, events: [Double], requests: [Double]) {
        self.name = name
        self.events = events
        self.requests = requests
    }

    /// What is counted at a step. Without requests the group says nothing; without a series of events it had none.
    package func counts(at step: Int) -> (events: Double, requests: Double)? {
        let requests = CountsComparison.value(requests, step)
        guard OpenUnit.isCount(requests) else { return nil }
        let events = CountsComparison.value(events, step)
        guard !events.isNaN else { return (0, requests) }
        return OpenUnit.isCount(events) ? (events, requests) : nil
    }
}
