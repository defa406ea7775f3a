/// The state of one metric of latencies: counts of requests above up to three bounds of a histogram, and above the
/// objective.
///
/// A value of a bounded size (about 3.7 KB for each bound). The bounds are chosen once, from the control's history or else
/// from its first three units, which are kept until then and folded afterwards.
package struct LatencyState: Sendable, Equatable {
    /// One bound that is tested.
    struct Tested: Sendable, Equatable {
        var bound: Double
        var isObjective: Bool
        /// The variances learned from history; empty where the noise is assumed.
        var learned: [Double]
        var state: CountsState

        var noise: CountNoise {
            guard let learned = try? LearnedNoise(variances: learned) else { return .assumed }
            return CountNoise(.learned(learned))
        }
    }

    /// A unit that waits for the choice of bounds; nil for one of which a side is missing.
    struct Unit: Sendable, Equatable {
        var experiment: HistogramCounts
        var control: HistogramCounts
    }

    package let rule: LatencyRule
    /// The bounds are chosen.
    package internal(set) var hasChosen = false
    var tested: [Tested] = []
    var waiting: [Unit?] = []
    /// How many units there were, counted or not.
    package internal(set) var units = 0

    /// Units of the control that show which bounds to take, where there is no history.
    static let unitsToChoose = 3
    /// For bounds that have no history of their own.
    private(set) var kept: [Double] = []

    /// Units without a histogram on a side that are kept until then at the most.
    static let largestWaiting = 64

    /// Nothing seen yet.
    ///
    /// - Parameter history: the control's units before the event, oldest first, without those that have a gap. From 12 on
    ///   they teach the noise; with any requests they decide which bounds are tested.
    package init(_ rule: LatencyRule, history: [HistogramCounts] = []) {
        self.rule = rule
        var sum: HistogramCounts?
        for unit in history {
            if sum == nil { sum = unit } else { sum?.add(unit) }
        }
        guard let sum, sum.total > 0 else { return }
        choose(sum, history: history.filter { $0.bounds == sum.bounds })
    }

    /// Adds the next unit; nil stands for a side without samples, or with some that make no histogram.
    package mutating func fold(experiment: HistogramCounts?, control: HistogramCounts?) {
        units += 1
        var unit: Unit?
        if let experiment, let control, experiment.total > 0, control.total > 0 {
            unit = Unit(experiment: experiment, control: control)
        }
        guard !hasChosen else {
            foldCounts(unit)
            return
        }
        waiting.append(unit)
        let known = waiting.compactMap(\.self)
        if known.count >= Self.unitsToChoose, var sum = known.first?.control {
            for unit in known.dropFirst() { sum.add(unit.control) }
            choose(sum, history: [])
        } else if waiting.count > Self.largestWaiting {
            waiting.removeFirst()
        }
    }

    private mutating func choose(_ sum: HistogramCounts, history: [HistogramCounts]) {
        hasChosen = true
        var bounds = LatencyBounds.chosen(sharesAbove: sum.sharesAbove ?? []).map { sum.bounds[$0] }
        if let objective = rule.objective { bounds.removeAll { $0 == objective } }
        tested = bounds.map { tested($0, isObjective: false, history) }
        if let objective = rule.objective { tested.append(tested(objective, isObjective: true, history)) }
        // Units that were not kept until now count as skipped: the later runs start when they would have.
        let dropped = max(0, units - waiting.count)
        for index in tested.indices { tested[index].state.skip(dropped) }
        for unit in waiting { foldCounts(unit) }
        waiting = []
    }

    private func tested(_ bound: Double, isObjective: Bool, _ history: [HistogramCounts]) -> Tested {
        let units = history.compactMap { unit in
            HistogramCounts.above(bound, unit, unit).map { (events: $0.0, exposure: unit.total) }
        }
        return Tested(
            bound: bound,
            isObjective: isObjective,
            learned: LearnedNoise(history: units)?.variances ?? kept,
            state: CountsState(rule.counts)
        )
    }

    /// Goes by noise that was learned earlier where the history has taught none.
    mutating func use(_ noise: LearnedNoise) {
        kept = noise.variances
        for index in tested.indices where tested[index].learned.isEmpty { tested[index].learned = kept }
    }

    private mutating func foldCounts(_ unit: Unit?) {
        // All bounds count the same requests.
        let exposure = unit.map {
            CountsUnit(
                experimentEvents: 0,
                controlEvents: 0,
                experimentExposure: $0.experiment.total,
                controlExposure: $0.control.total
            )
        }
        let terms = exposure?.share.map { ShareTerms($0, rule.counts.fail, rule.counts.pass) }
        for index in tested.indices {
            guard let unit, let above = HistogramCounts.above(tested[index].bound, unit.experiment, unit.control) else {
                tested[index].state.skip()
                continue
            }
            tested[index].state.fold(
                CountsUnit(
                    experimentEvents: above.0,
                    controlEvents: above.1,
                    experimentExposure: unit.experiment.total,
                    controlExposure: unit.control.total
                ),
                terms
            )
        }
    }
}
