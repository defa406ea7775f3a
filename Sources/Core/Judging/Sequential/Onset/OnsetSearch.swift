/// When a ratio of rates began to lie above a bound: the unit from which on the likelihood of a higher ratio is largest.
///
/// It can only be one at a corner of the lower hull of the sums until each unit, of which there are few: about the logarithm
/// of the units (G. Romano, I. A. Eckley, P. Fearnhead and G. Rigaill, "Fast Online Changepoint Detection via Functional
/// Pruning CUSUM Statistics", Journal of Machine Learning Research 24, 2023). So every unit is searched, and few are kept.
struct OnsetSearch: Sendable, Equatable {
    /// A unit that may be the first, and what had been counted before it.
    struct Candidate: Sendable, Equatable {
        var unit: Int
        var events: Double
        var expected: Double
    }

    private(set) var candidates: [Candidate] = []
    /// The experiment's events, and those of the control that are as many where the rates are equal: weighed by the other
    /// side's share.
    private(set) var events = 0.0
    private(set) var expected = 0.0

    static let largestCount = 32

    init() {}

    /// Adds a unit, or what it consists of.
    ///
    /// - Parameter index: its number.
    mutating func add(_ strata: [CountsUnit], unit index: Int) {
        var more = (events: 0.0, expected: 0.0)
        for stratum in strata where stratum.isCountable {
            guard let share = stratum.share else { continue }
            more.events += stratum.experimentEvents * (1 - share)
            more.expected += stratum.controlEvents * share
        }
        keep(Candidate(unit: index, events: events, expected: expected))
        events += more.events
        expected += more.expected
    }

    func adding(_ pieces: [CountsUnit], unit index: Int) -> OnsetSearch {
        var search = self
        search.add(pieces, unit: index)
        return search
    }

    private mutating func keep(_ new: Candidate) {
        while let last = candidates.last, candidates.count >= 2,
            Self.turn(candidates[candidates.count - 2], last, new) <= 0
        {
            candidates.removeLast()
        }
        candidates.append(new)
        guard candidates.count > Self.largestCount else { return }
        // The one at which the hull turns least is missed least.
        let inner = 1..<candidates.count - 1
        let flattest = inner.min { turn(at: $0) < turn(at: $1) } ?? 1
        candidates.remove(at: flattest)
    }

    private func turn(at index: Int) -> Double {
        Self.turn(candidates[index - 1], candidates[index], candidates[index + 1])
    }

    /// Above 0 where the path of the sums turns upwards.
    private static func turn(_ first: Candidate, _ middle: Candidate, _ last: Candidate) -> Double {
        (middle.expected - first.expected) * (last.events - middle.events)
            - (middle.events - first.events) * (last.expected - middle.expected)
    }

    /// The unit since when the ratio is above a bound; nil where it is not, or nothing has been added.
    func onset(above bound: Double) -> Int? {
        var best: (unit: Int, likelihood: Double)?
        for candidate in candidates {
            let seen = events - candidate.events
            // Half an event is what a control without any may have had.
            let usual = bound * (expected - candidate.expected + 0.5)
            guard seen > usual, usual > 0 else { continue }
            let likelihood = seen * Elementary.log(seen / usual) - (seen - usual)
            if likelihood > best?.likelihood ?? 0 { best = (candidate.unit, likelihood) }
        }
        return best?.unit
    }
}

extension OnsetSearch {
    func write(to writer: inout StateWriter) {
        writer.write(events)
        writer.write(expected)
        writer.write(candidates.count)
        for candidate in candidates {
            writer.write(candidate.unit)
            writer.write(candidate.events)
            writer.write(candidate.expected)
        }
    }

    init(from reader: inout StateReader, upTo units: Int) throws(SequentialStateError) {
        events = try reader.amount("events")
        expected = try reader.amount("events")
        var last = -1
        for _ in 0..<(try reader.count("units that harm may be from", upTo: Self.largestCount)) {
            let unit = try reader.count("a unit", upTo: units)
            guard unit > last else { throw .impossible("a unit") }
            last = unit
            candidates.append(
                Candidate(
                    unit: unit,
                    events: try reader.amount("events"),
                    expected: try reader.amount("events")
                )
            )
        }
    }
}
