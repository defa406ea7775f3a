import Glibc

/// Whether both sides are in trouble, by the control's own past: then a comparison of the two says nothing about the release.
///
/// The control's events of the latest units are compared with those of its whole history as two Poisson samples (J.
/// Przyborowski and H. Wilenski, "Homogeneity of Results in Testing Samples from Poisson Series", Biometrika 31, 1940), with
/// the noise that the history has taught. Only the latest units count: trouble that has ended holds nothing.
struct SharedFate: Sendable, Equatable {
    /// The control's units before the release.
    let history: PastTotals
    /// The latest units that have ended, oldest first.
    private(set) var recent: [SidesTotals] = []
    /// The unit under way.
    private var open = SidesTotals()

    /// Units that are looked at.
    static let recentUnits = 8
    /// How far a side may leave the past, in the direction of harm.
    static let tolerance = 1.5
    /// ln of the evidence from which on a side has left it.
    static let warning = log(20.0)

    /// What the control had before the release.
    struct PastTotals: Sendable, Equatable {
        var events: Double
        var requests: Double
        var units: Int

        func expected(_ requests: Double) -> Double { events / self.requests * requests }
    }

    /// What both sides had in a unit.
    struct SidesTotals: Sendable, Equatable {
        var control = ExposureTotals(events: 0, requests: 0)
        var experiment = ExposureTotals(events: 0, requests: 0)
    }

    /// Nothing seen yet; nil without a past that teaches how much the control varies by itself.
    init?(_ rule: SequentialRule, history: MetricHistory) {
        guard case .counts = rule.measure, case .counts(let events, let requests)? = history.control else { return nil }
        let units = HistoryUnits.counts(events: events, requests: requests, stepsPerUnit: rule.stepsPerUnit).filter {
            OpenUnit.isCount($0.events) && OpenUnit.isCount($0.exposure)
        }
        let total = units.reduce(0.0) { $0 + $1.exposure }
        guard units.count >= LearnedNoise.fewestUnits, total > 0 else { return nil }
        self.history = PastTotals(
            events: units.reduce(0) { $0 + $1.events },
            requests: total,
            units: units.count
        )
    }

    /// Takes in a step. A side without requests, or with numbers that count nothing, adds nothing.
    mutating func fold(_ step: Int, control: MetricIncrement.Column, experiment: MetricIncrement.Column) {
        Self.add(step, control, to: &open.control)
        Self.add(step, experiment, to: &open.experiment)
    }

    private static func add(_ step: Int, _ column: MetricIncrement.Column, to totals: inout ExposureTotals) {
        guard case .counts(let events, let requests) = column else { return }
        let seen = CountsComparison.value(events, step)
        let part = (events: seen.isNaN ? 0 : seen, requests: CountsComparison.value(requests, step))
        guard OpenUnit.isCount(part.events), OpenUnit.isCount(part.requests) else { return }
        totals.events += part.events
        totals.requests += part.requests
    }

    mutating func endUnit() {
        defer { open = SidesTotals() }
        guard open.control.requests > 0 else { return }
        recent.append(open)
        if recent.count > Self.recentUnits { recent.removeFirst() }
    }

    /// What the latest units say; nil before the first.
    func evidence(_ direction: Direction, _ noise: CountNoise) -> EnvironmentEvidence? {
        let control = recent.reduce(ExposureTotals(events: 0, requests: 0)) { $0 + $1.control }
        let experiment = recent.reduce(ExposureTotals(events: 0, requests: 0)) { $0 + $1.experiment }
        guard let ratio = ratio(control) else { return nil }
        let noise = noise.variance(units: recent.count)
        let isDegraded =
            (direction != .decrease && isShared(.above, control, experiment, noise))
            || (direction != .increase && isShared(.below, control, experiment, noise))
        return EnvironmentEvidence(
            ratio: ratio,
            experimentRatio: self.ratio(experiment),
            isDegraded: isDegraded
        )
    }

    /// A side's rate in multiples of the past; nil where nothing has happened, now or then.
    private func ratio(_ side: ExposureTotals) -> Double? {
        let expected = history.expected(side.requests)
        guard side.requests > 0, expected + side.events > 0 else { return nil }
        return expected > 0 ? min(side.events / expected, EnvironmentEvidence.largestRatio) : EnvironmentEvidence.largestRatio
    }

    /// The control has left its past on a side that is harm, and the experiment is not plainly spared.
    ///
    /// A release that mends what ails the control is spared: it is as the past was, and shown to be better than the control.
    private func isShared(
        _ side: RatioMixture.Side,
        _ control: ExposureTotals,
        _ experiment: ExposureTotals,
        _ noise: Double
    ) -> Bool {
        let bound = side == .above ? Self.tolerance : 1 / Self.tolerance
        guard isBeyond(side, bound, control) else { return false }
        // The history's own mean is known as well as its length allows.
        let variance = noise * (1 / Double(recent.count) + 1 / Double(history.units))
        let past = ExposureTotals(events: history.events, requests: history.requests)
        let atBound = bound * history.expected(control.requests)
        let spread = 1 + variance * max(control.events, atBound)
        guard Self.shows(side, bound, control, past, spread) else { return false }
        guard experiment.requests > 0, !isBeyond(side, bound, experiment) else { return true }
        let other: RatioMixture.Side = side == .above ? .below : .above
        let share = experiment.requests / (experiment.requests + control.requests)
        let total = (experiment.events + control.events) * share * (1 - share)
        let isSpared = Self.shows(other, 1, experiment, control, 1 + 2 * noise / Double(recent.count) * total)
        return !isSpared
    }

    private func isBeyond(_ side: RatioMixture.Side, _ bound: Double, _ totals: ExposureTotals) -> Bool {
        let limit = bound * history.expected(totals.requests)
        return side == .above ? totals.events > limit : totals.events < limit
    }

    /// The first rate lies beyond a multiple of the second.
    private static func shows(
        _ side: RatioMixture.Side,
        _ bound: Double,
        _ first: ExposureTotals,
        _ second: ExposureTotals,
        _ dispersion: Double
    ) -> Bool {
        guard let test = RatioMixture(side, bound, .counts) else { return false }
        var engine = LikelihoodRatioEngine(fail: test, pass: test)
        engine.add(
            first.events,
            of: first.events + second.events,
            share: first.requests / (first.requests + second.requests)
        )
        return engine.logFail(dispersion: dispersion.isFinite ? dispersion : .greatestFiniteMagnitude) >= warning
    }
}

extension ExposureTotals {
    fileprivate static func + (left: ExposureTotals, right: ExposureTotals) -> ExposureTotals {
        ExposureTotals(events: left.events + right.events, requests: left.requests + right.requests)
    }
}

extension CountNoise {
    /// The long-run variance of one side's relative rate per unit, in a number of units.
    func variance(units: Int) -> Double {
        switch source {
        case .learned(let learned): learned.variance(units: units)
        case .assumed(let variance): variance
        case .none, .pairs: Self.assumedVariance
        }
    }
}

extension SharedFate {
    func write(to writer: inout StateWriter) {
        writer.write(history.events)
        writer.write(history.requests)
        writer.write(history.units)
        writer.write(recent.count)
        for unit in recent + [open] {
            for side in [unit.control, unit.experiment] {
                writer.write(side.events)
                writer.write(side.requests)
            }
        }
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let events = try reader.amount("events of the past")
        let requests = try reader.amount("requests of the past")
        guard requests > 0 else { throw .impossible("requests of the past") }
        history = PastTotals(events: events, requests: requests, units: try reader.count("units of history"))
        guard history.units > 0 else { throw .impossible("units of history") }
        let count = try reader.count("latest units", upTo: Self.recentUnits)
        for _ in 0..<count { recent.append(try Self.totals(from: &reader)) }
        open = try Self.totals(from: &reader)
    }

    private static func totals(from reader: inout StateReader) throws(SequentialStateError) -> SidesTotals {
        SidesTotals(control: try side(from: &reader), experiment: try side(from: &reader))
    }

    private static func side(from reader: inout StateReader) throws(SequentialStateError) -> ExposureTotals {
        ExposureTotals(events: try reader.amount("events"), requests: try reader.amount("requests"))
    }
}
