/// Events against requests of both sides.
struct CountsComparison: Sendable, Equatable {
    /// Whether more events are harm.
    var increase: CountsState?
    /// Whether fewer are, with the sides exchanged.
    var decrease: CountsState?
    var noise: CountNoise
    /// Units that the noise was learned from.
    var historyUnits: Int
    /// The unit under way.
    var open = OpenUnit()
    /// What each pod has counted; nil where pods are not told apart.
    var pods: PodTallies?
    /// What each stratum has counted; nil where they are not told apart.
    var strata: StratumTallies?
    /// When more events, and when fewer, began.
    var onsets = CountOnsets()

    init(_ rule: SequentialRule, history: MetricHistory) {
        let states = CountsStates(rule, margin: rule.margin, harm: rule.harm)
        increase = states.increase
        decrease = states.decrease
        noise = .assumed
        historyUnits = 0
        if case .pods? = rule.breakdown {
            if case .counts(let known)? = history.control {
                pods = PodTallies(history: known)
            } else {
                pods = PodTallies(history: nil)
            }
        }
        if case .strata? = rule.breakdown { strata = StratumTallies(history: history.control?.counts) }
        guard case .counts(let known)? = history.control else { return }
        let units = HistoryUnits.counts(
            events: known.events,
            requests: known.requests,
            stepsPerUnit: rule.stepsPerUnit,
            absentAreNone: rule.absentEventsAreNone
        )
        guard let learned = LearnedNoise(history: units) else { return }
        noise = CountNoise(.learned(learned))
        historyUnits = units.count
    }

    init(
        increase: CountsState?,
        decrease: CountsState?,
        noise: CountNoise,
        historyUnits: Int,
        open: OpenUnit,
        pods: PodTallies? = nil
    ) {
        self.pods = pods
        self.increase = increase
        self.decrease = decrease
        self.noise = noise
        self.historyUnits = historyUnits
        self.open = open
    }

    mutating func fold(
        _ step: Int,
        _ control: MetricIncrement.Column,
        _ experiment: MetricIncrement.Column,
        endsUnit: Bool
    ) {
        if case .counts(let controls) = control, case .counts(let experiments) = experiment {
            let isCounted = open.add(
                experimentEvents: Self.value(experiments.events, step),
                controlEvents: Self.value(controls.events, step),
                experimentRequests: Self.value(experiments.requests, step),
                controlRequests: Self.value(controls.requests, step)
            )
            pods?.fold(step, control: controls, experiment: experiments)
            if isCounted { strata?.fold(step, control: controls, experiment: experiments) }
        }
        guard endsUnit else { return }
        guard let unit = open.close() else {
            increase?.skip()
            decrease?.skip()
            return
        }
        let index = increase?.units ?? decrease?.units ?? 0
        guard let pieces = strata?.close() else {
            onsets.add([unit], unit: index, by: self)
            increase?.fold(unit)
            decrease?.fold(unit.exchanged)
            return
        }
        onsets.add(pieces, unit: index, by: self)
        increase?.fold(strata: pieces)
        decrease?.fold(strata: pieces.map(\.exchanged))
    }

    static func value(_ values: [Double], _ step: Int) -> Double { values.indices.contains(step) ? values[step] : .nan }

    var totals: CountsUnit {
        increase?.totals ?? decrease?.totals.exchanged
            ?? CountsUnit(experimentEvents: 0, controlEvents: 0, experimentExposure: 0, controlExposure: 0)
    }

    var units: (folded: Int, skipped: Int) {
        let state = increase ?? decrease
        return (state?.folded ?? 0, (state?.oneSided ?? 0) + (state?.refused ?? 0))
    }
}

/// The directions in which a metric of counts can be harm.
struct CountsStates {
    var increase: CountsState?
    var decrease: CountsState?

    /// Ratios that the grid cannot test are those of its ends: the plan has been checked before.
    init(_ rule: SequentialRule, margin: Double, harm: Double) {
        let bounded = min(max(margin, 1), 30)
        let counts =
            (try? CountsRule(
                failRatio: bounded,
                passRatio: min(max(harm, bounded * 1.01), 31),
                plannedUnits: rule.plannedUnits
            ))
        guard let counts else { return }
        if rule.direction != .decrease { increase = CountsState(counts) }
        if rule.direction != .increase { decrease = CountsState(counts) }
    }
}

/// What the steps of a unit that has not ended add up to.
struct OpenUnit: Sendable, Equatable {
    var experimentEvents = 0.0
    var controlEvents = 0.0
    var experimentRequests = 0.0
    var controlRequests = 0.0
    /// Steps of which both sides have samples.
    var steps = 0

    /// Counts beyond it are mistakes.
    private static let largest = 1e15

    /// A step that a side has no requests of says nothing, and so does one with numbers that count nothing: that no events
    /// were told does not mean that there were none. Returns whether it counts.
    @discardableResult
    mutating func add(
        experimentEvents: Double,
        controlEvents: Double,
        experimentRequests: Double,
        controlRequests: Double
    ) -> Bool {
        let numbers = [experimentEvents, controlEvents, experimentRequests, controlRequests]
        guard numbers.allSatisfy(Self.isCount) else { return false }
        self.experimentEvents += experimentEvents
        self.controlEvents += controlEvents
        self.experimentRequests += experimentRequests
        self.controlRequests += controlRequests
        steps += 1
        return true
    }

    static func isCount(_ number: Double) -> Bool { number >= 0 && number <= largest }

    /// The whole unit, of those steps that both sides have; nil where there is none. The next one begins.
    mutating func close() -> CountsUnit? {
        defer { self = OpenUnit() }
        guard steps > 0 else { return nil }
        return CountsUnit(
            experimentEvents: experimentEvents,
            controlEvents: controlEvents,
            experimentExposure: experimentRequests,
            controlExposure: controlRequests
        )
    }
}

extension CountsUnit {
    /// With the sides exchanged: what is a fall becomes a rise.
    var exchanged: CountsUnit {
        CountsUnit(
            experimentEvents: controlEvents,
            controlEvents: experimentEvents,
            experimentExposure: controlExposure,
            controlExposure: experimentExposure
        )
    }
}

/// Units of the time before a release.
enum HistoryUnits {
    /// From the newest backwards; units with a gap are left out. Oldest first.
    static func counts(
        events: [Double],
        requests: [Double],
        stepsPerUnit: Int,
        absentAreNone: Bool
    ) -> [(events: Double, exposure: Double)] {
        var units: [(events: Double, exposure: Double)] = []
        var end = requests.count
        let size = max(1, stepsPerUnit)
        while end >= size {
            let steps = end - size..<end
            end -= size
            let counts = steps.map { step in
                let event = events.indices.contains(step) ? events[step] : .nan
                return event.isNaN && absentAreNone ? 0 : event
            }
            guard steps.allSatisfy({ !requests[$0].isNaN }), !counts.contains(where: \.isNaN) else { continue }
            units.append((counts.reduce(0, +), steps.reduce(0.0) { $0 + requests[$1] }))
        }
        return units.reversed()
    }
}
