/// Requests slower than bounds of a histogram, of both sides.
struct LatencyComparison: Sendable, Equatable {
    var state: LatencyState?
    /// The unit under way: what its steps add up to, of each side; nil before the first, or where a side has none.
    var openExperiment: HistogramCounts?
    var openControl: HistogramCounts?
    /// Units of history that the noise was learned from.
    var historyUnits: Int
    /// When requests above each bound began to be more, in the order of the bounds.
    var onsets: [OnsetSearch] = []

    init(_ rule: SequentialRule, objective: Double?, history: MetricHistory) {
        let margin = min(max(rule.margin, 1), 30)
        let latency = try? LatencyRule(
            failRatio: margin,
            passRatio: min(max(rule.harm, margin * 1.01), 31),
            objective: objective,
            plannedUnits: rule.plannedUnits
        )
        var units: [HistogramCounts] = []
        if case .histogram(let buckets)? = history.control {
            units = Self.units(of: buckets, stepsPerUnit: rule.stepsPerUnit)
        }
        historyUnits = units.count >= LearnedNoise.fewestUnits ? units.count : 0
        state = latency.map { LatencyState($0, history: units) }
    }

    init(state: LatencyState?, openExperiment: HistogramCounts?, openControl: HistogramCounts?, historyUnits: Int) {
        self.state = state
        self.openExperiment = openExperiment
        self.openControl = openControl
        self.historyUnits = historyUnits
    }

    mutating func fold(
        _ step: Int,
        _ control: MetricIncrement.Column,
        _ experiment: MetricIncrement.Column,
        endsUnit: Bool
    ) {
        if case .histogram(let controls) = control, case .histogram(let experiments) = experiment,
            let first = experiments.histogram(at: step), let second = controls.histogram(at: step)
        {
            Self.add(first, to: &openExperiment)
            Self.add(second, to: &openControl)
        }
        guard endsUnit else { return }
        let before = state?.totals ?? []
        let index = state?.units ?? 0
        state?.fold(experiment: openExperiment, control: openControl)
        addOnsets(before, unit: index)
        openExperiment = nil
        openControl = nil
    }

    /// Bounds that have been chosen just now begin with what had been kept for them.
    private mutating func addOnsets(_ before: [CountsUnit], unit index: Int) {
        let totals = state?.totals ?? []
        guard !totals.isEmpty else { return }
        if onsets.count != totals.count { onsets = totals.map { _ in OnsetSearch() } }
        for (bound, total) in totals.enumerated() {
            let unit = before.indices.contains(bound) ? total - before[bound] : total
            onsets[bound].add([unit], unit: before.isEmpty ? 0 : index)
        }
    }

    private static func add(_ counts: HistogramCounts, to open: inout HistogramCounts?) {
        guard open == nil else {
            open?.add(counts)
            return
        }
        open = counts
    }

    /// A service that keeps its objective has no requests above it to compare: that they are rare rules harm out as well.
    private static func logPass(_ bound: LatencyEvidence.Bound, _ rule: SequentialRule) -> Double {
        guard bound.isObjective, rule.tolerableRate > 0 else { return bound.evidence.logPass }
        let rate = AbsoluteSafety.logEvidence(
            events: bound.totals.experimentEvents,
            requests: bound.totals.experimentExposure,
            tolerable: rule.tolerableRate,
            dispersion: bound.evidence.dispersion
        )
        return LogSum.ofMean(bound.evidence.logPass, rate)
    }

    /// From the newest backwards; units with a gap are left out. Oldest first.
    private static func units(of buckets: BucketColumn, stepsPerUnit: Int) -> [HistogramCounts] {
        var units: [HistogramCounts] = []
        let size = max(1, stepsPerUnit)
        var end = buckets.stepCount
        while end >= size {
            let steps = (end - size..<end).map { buckets.histogram(at: $0) }
            end -= size
            var sum: HistogramCounts?
            for step in steps {
                guard let step else {
                    sum = nil
                    break
                }
                add(step, to: &sum)
            }
            if let sum, steps.allSatisfy({ $0 != nil }) { units.append(sum) }
        }
        return units.reversed()
    }

    /// That of the objective, or of the noisiest bound.
    var noise: CountNoise {
        let tested = state?.tested ?? []
        let bound = tested.first(where: \.isObjective) ?? tested.max { ($0.learned.last ?? 0) < ($1.learned.last ?? 0) }
        return bound?.noise ?? .assumed
    }

    /// - Parameter level: of the intervals; nil leaves the effects out.
    func reading(by rule: SequentialRule, level: Double?) -> ComparisonReading {
        var reading = ComparisonReading(.latency)
        guard let state else { return reading }
        let evidence = state.evidence(level: level)
        reading.units = state.folded
        reading.skipped = state.units - state.folded
        reading.logFail = evidence.logFail
        reading.logPass = evidence.bounds.map { Self.logPass($0, rule) }.min() ?? 0
        let isLearned = !evidence.bounds.isEmpty && evidence.bounds.allSatisfy(\.isLearned)
        reading.noise = NoiseEvidence(
            source: isLearned ? .learned : .assumed,
            dispersion: evidence.bounds.map(\.evidence.dispersion).max() ?? 1,
            historyUnits: isLearned ? historyUnits : 0
        )
        if !isLearned { reading.limits.append(ComparisonReading.assumedNoise) }
        reading.bounds = evidence.bounds.map { bound in
            BoundEvidence(
                bound: bound.bound,
                control: ExposureTotals(
                    events: bound.totals.controlEvents,
                    requests: bound.totals.controlExposure
                ),
                experiment: ExposureTotals(
                    events: bound.totals.experimentEvents,
                    requests: bound.totals.experimentExposure
                ),
                effect: bound.evidence.ratio,
                harmEvidence: bound.evidence.logFail
            )
        }
        guard let strongest = evidence.strongest else { return reading }
        reading.effect = strongest.evidence.ratio
        let onset = evidence.bounds.firstIndex { $0.bound == strongest.bound }.flatMap { bound in
            onsets.indices.contains(bound) ? onsets[bound].onset(above: rule.margin) : nil
        }
        reading.sinceUnit = onset ?? strongest.evidence.harmSince
        reading.control = ExposureTotals(
            events: strongest.totals.controlEvents,
            requests: strongest.totals.controlExposure
        )
        reading.experiment = ExposureTotals(
            events: strongest.totals.experimentEvents,
            requests: strongest.totals.experimentExposure
        )
        reading.requests = min(strongest.totals.controlExposure, strongest.totals.experimentExposure)
        return reading
    }
}

extension BucketColumn {
    /// The requests of a step; nil where a bound has none, or where they make no histogram.
    func histogram(at step: Int) -> HistogramCounts? {
        HistogramCounts(bounds: bounds, cumulative: counts.map { CountsComparison.value($0, step) })
    }
}

extension StateEvidence {
    /// What is shown of the ratio; nil while nothing is known.
    var ratio: RatioEstimate? {
        guard let estimate, let interval else { return nil }
        return RatioEstimate(
            estimate: estimate,
            lower: interval.lowerBound,
            upper: interval.upperBound,
            confidence: ComparisonReading.confidence
        )
    }
}

extension LatencyState {
    /// What was counted at each bound that is tested.
    fileprivate var totals: [CountsUnit] { tested.map(\.state.totals) }
}

extension LatencyComparison {
    func write(onsetsTo writer: inout StateWriter) {
        writer.write(onsets.count)
        for onset in onsets { onset.write(to: &writer) }
    }

    mutating func readOnsets(from reader: inout StateReader, upTo units: Int) throws(SequentialStateError) {
        onsets = []
        for _ in 0..<(try reader.count("bounds", upTo: 8)) {
            onsets.append(try OnsetSearch(from: &reader, upTo: units))
        }
    }

    func write(to writer: inout StateWriter) {
        writer.write(part: state)
        openExperiment.write(to: &writer)
        openControl.write(to: &writer)
        writer.write(historyUnits)
    }

    init(from reader: inout StateReader) throws(SequentialStateError) {
        let state: LatencyState? = try reader.part("latencies")
        let experiment = try HistogramCounts?(from: &reader)
        let control = try HistogramCounts?(from: &reader)
        self.init(
            state: state,
            openExperiment: experiment,
            openControl: control,
            historyUnits: try reader.count("units of history")
        )
    }
}

extension HistogramCounts? {
    fileprivate func write(to writer: inout StateWriter) {
        writer.write(self != nil)
        self?.write(to: &writer)
    }

    fileprivate init(from reader: inout StateReader) throws(SequentialStateError) {
        self = try reader.flag("a unit under way") ? try HistogramCounts(from: &reader) : nil
    }
}
