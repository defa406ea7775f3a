/// Whether both sides are in trouble, by the control's own past: then a comparison of the two says nothing about the release.
///
/// The control's events of the latest units are compared with those of its whole history as two Poisson samples (J.
/// Przyborowski and H. Wilenski, "Homogeneity of Results in Testing Samples from Poisson Series", Biometrika 31, 1940), with
/// the noise that the history has taught. Only the latest units count: trouble that has ended holds nothing. It begins with
/// evidence of it, and ends when there is none any more.
struct SharedFate: Sendable, Equatable {
    /// The control's units before the release.
    let history: PastTotals
    /// The latest units that have ended, oldest first.
    private(set) var recent: [SidesTotals] = []
    /// The unit under way.
    private var open = SidesTotals()
    /// While the control is in trouble.
    private var trouble: Trouble?
    /// Both sides are in trouble, as of the last unit.
    private(set) var isDegraded = false

    /// Units that are looked at.
    static let recentUnits = 8
    /// How far a side may leave the past, in the direction of harm.
    static let tolerance = 1.5
    /// ln of the evidence from which on a side has left it.
    static let warning = Elementary.log(20)
    /// ln of the evidence below which it is back.
    static let clear = 0.0
    /// ln of the evidence from which on the experiment is spared what the control suffers.
    static let spared = Elementary.log(100)

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

    /// What both sides had since the control is in trouble.
    struct Trouble: Sendable, Equatable {
        var totals: SidesTotals
        var units: Int
    }

    /// Nothing seen yet; nil without a past that teaches how much the control varies by itself.
    init?(_ rule: SequentialRule, history: MetricHistory) {
        guard case .counts = rule.measure, case .counts(let known)? = history.control else { return nil }
        let units = HistoryUnits.counts(
            events: known.events,
            requests: known.requests,
            stepsPerUnit: rule.stepsPerUnit,
            absentAreNone: rule.absentEventsAreNone
        ).filter { OpenUnit.isCount($0.events) && OpenUnit.isCount($0.exposure) }
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
        guard case .counts(let counts) = column else { return }
        let part = (
            events: CountsComparison.value(counts.events, step), requests: CountsComparison.value(counts.requests, step)
        )
        guard OpenUnit.isCount(part.events), OpenUnit.isCount(part.requests) else { return }
        totals.events += part.events
        totals.requests += part.requests
    }

    /// Ends the unit. Without requests of the control it says nothing.
    mutating func endUnit(_ direction: Direction, _ noise: CountNoise) {
        defer { open = SidesTotals() }
        guard open.control.requests > 0 else { return }
        recent.append(open)
        if recent.count > Self.recentUnits { recent.removeFirst() }
        let sides: [RatioMixture.Side] =
            switch direction {
            case .increase: [.above]
            case .decrease: [.below]
            case .either: [.above, .below]
            }
        let found = sides.filter { isInTrouble($0, noise.variance(units: recent.count)) }
        guard !found.isEmpty else {
            trouble = nil
            isDegraded = false
            return
        }
        if let known = trouble {
            trouble = Trouble(totals: known.totals + open, units: known.units + 1)
        } else {
            trouble = Trouble(totals: latest, units: recent.count)
        }
        isDegraded = found.contains { !isSpared($0, noise) }
    }

    /// What the latest units say; nil before the first.
    var evidence: EnvironmentEvidence? {
        let latest = latest
        guard let ratio = ratio(latest.control) else { return nil }
        return EnvironmentEvidence(
            ratio: ratio,
            experimentRatio: self.ratio(latest.experiment),
            isDegraded: isDegraded
        )
    }

    /// In all of its history the control had none.
    var hasNoPastEvents: Bool { history.events == 0 }

    /// The sums of the latest units.
    private var latest: SidesTotals { recent.reduce(SidesTotals(), +) }

    /// A side's rate in multiples of the past; nil where nothing has happened, now or then.
    private func ratio(_ side: ExposureTotals) -> Double? {
        let expected = history.expected(side.requests)
        guard side.requests > 0, expected + side.events > 0 else { return nil }
        return expected > 0
            ? min(side.events / expected, EnvironmentEvidence.largestRatio) : EnvironmentEvidence.largestRatio
    }

    /// The control has left its past, on a side that is harm.
    private func isInTrouble(_ side: RatioMixture.Side, _ noise: Double) -> Bool {
        let control = latest.control
        guard isBeyond(side, control) else { return false }
        // The history's own mean is known as well as its length allows.
        let evidence = Self.logEvidence(
            side,
            Self.bound(side),
            control,
            ExposureTotals(events: history.events, requests: history.requests),
            noise * (1 / Double(recent.count) + 1 / Double(history.units))
        )
        return trouble == nil ? evidence >= Self.warning : evidence > Self.clear
    }

    /// The experiment is as the past was, and shown to be better than the control: a release that mends what ails it.
    private func isSpared(_ side: RatioMixture.Side, _ noise: CountNoise) -> Bool {
        guard let trouble, trouble.totals.experiment.requests > 0, !isBeyond(side, trouble.totals.experiment) else {
            return false
        }
        let better: RatioMixture.Side = side == .above ? .below : .above
        let variance = 2 * noise.variance(units: trouble.units) / Double(trouble.units)
        return Self.logEvidence(better, 1, trouble.totals.experiment, trouble.totals.control, variance) >= Self.spared
    }

    private static func bound(_ side: RatioMixture.Side) -> Double { side == .above ? tolerance : 1 / tolerance }

    private func isBeyond(_ side: RatioMixture.Side, _ totals: ExposureTotals) -> Bool {
        let limit = Self.bound(side) * history.expected(totals.requests)
        return side == .above ? totals.events > limit : totals.events < limit
    }

    /// ln of the evidence that the first rate lies beyond a multiple of the second.
    ///
    /// - Parameter variance: of the ratio of the two, relative, beyond chance.
    private static func logEvidence(
        _ side: RatioMixture.Side,
        _ bound: Double,
        _ first: ExposureTotals,
        _ second: ExposureTotals,
        _ variance: Double
    ) -> Double {
        guard let test = RatioMixture(side, bound, .counts) else { return 0 }
        var engine = LikelihoodRatioEngine(fail: test, pass: test)
        let total = first.events + second.events
        let share = first.requests / (first.requests + second.requests)
        engine.add(first.events, of: total, share: share)
        // The variance of the first's events at the bound, given all of them.
        let expected = bound * share / (1 - share + bound * share)
        let dispersion = 1 + variance * total * expected * (1 - expected)
        return engine.logFail(dispersion: dispersion.isFinite ? dispersion : .greatestFiniteMagnitude)
    }
}

extension SharedFate.SidesTotals {
    fileprivate static func + (left: Self, right: Self) -> Self {
        Self(control: left.control + right.control, experiment: left.experiment + right.experiment)
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
        for unit in recent + [open] { unit.write(to: &writer) }
        writer.write(trouble != nil)
        if let trouble {
            trouble.write(to: &writer)
            writer.write(isDegraded)
        }
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let events = try reader.amount("events of the past")
        let requests = try reader.amount("requests of the past")
        guard requests > 0 else { throw .impossible("requests of the past") }
        history = PastTotals(events: events, requests: requests, units: try reader.count("units of history"))
        guard history.units > 0 else { throw .impossible("units of history") }
        let count = try reader.count("latest units", upTo: Self.recentUnits)
        for _ in 0..<count { recent.append(try SidesTotals(from: &reader)) }
        open = try SidesTotals(from: &reader)
        guard try reader.flag("trouble of the control") else { return }
        trouble = try Trouble(from: &reader)
        isDegraded = try reader.flag("trouble of both sides")
    }
}

extension SharedFate.Trouble {
    fileprivate func write(to writer: inout StateWriter) {
        totals.write(to: &writer)
        writer.write(units)
    }

    fileprivate init(from reader: inout StateReader) throws(SequentialStateError) {
        totals = try SharedFate.SidesTotals(from: &reader)
        units = try reader.count("units of trouble")
        guard units > 0 else { throw .impossible("units of trouble") }
    }
}

extension SharedFate.SidesTotals {
    fileprivate func write(to writer: inout StateWriter) {
        for side in [control, experiment] {
            writer.write(side.events)
            writer.write(side.requests)
        }
    }

    fileprivate init(from reader: inout StateReader) throws(SequentialStateError) {
        control = ExposureTotals(events: try reader.amount("events"), requests: try reader.amount("requests"))
        experiment = ExposureTotals(events: try reader.amount("events"), requests: try reader.amount("requests"))
    }
}
