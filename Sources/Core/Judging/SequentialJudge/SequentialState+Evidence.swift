extension SequentialState {
    /// Something of both sides has been compared.
    var hasCompared: Bool {
        switch comparison {
        case .counts(let counts): counts.units.folded > 0
        case .gauge(let gauge): (gauge.state?.folded ?? 0) > 0
        case .latency(let latency): (latency.state?.folded ?? 0) > 0
        case .past(let past): past.valueCount > 0
        }
    }

    /// A side that is compared has had no sample.
    func lacksSamples(by rule: SequentialRule) -> Bool {
        experiment.coverage.present == 0 || rule.measure != .past && control.coverage.present == 0
    }

    /// `or vector(0)` hides a matcher that matches nothing.
    static let noEvents =
        "no event was ever seen, on either side or before the release: a query that matches none looks the same"

    /// What the state says, whatever the metric's part of the level.
    func evidence(by rule: SequentialRule) -> SequentialEvidence { assessment(by: rule).evidence }

    /// The same, and whether it can decide nothing at all, however long it goes on like this.
    func assessment(by rule: SequentialRule) -> (evidence: SequentialEvidence, decidesNothing: Bool) {
        let reading = reading(by: rule)
        let isEnough = reading.requests >= rule.minimumRequests
        var limits = reading.limits
        if !isEnough {
            limits.append("fewer than \(rule.minimumRequests.brief) requests a side, which decide nothing yet")
        }
        let environment = fate?.evidence
        let isDegraded = environment?.isDegraded ?? false
        let countsParts = !reading.hasMoreEventsThanRequests
        let decidesNothing =
            !isEnough || !countsParts || reading.isSaturated || reading.hasNoReference || isLeftIdle(reading, rule)
        let canPass = isEnough && countsParts && !reading.isSaturated && !isDegraded
        // Beyond harm the experiment is worse than what both sides share.
        let canFail = isEnough && countsParts && (!isDegraded || reading.isBeyond(rule.harm, rule.direction))
        if !countsParts {
            limits.append(
                "a side has more events than requests, so that they are no part of them: this decides nothing"
            )
        }
        if let fate, fate.hasNoPastEvents, reading.control?.events == 0, reading.experiment?.events == 0 {
            limits.append(Self.noEvents)
        }
        if reading.isSaturated {
            limits.append("nearly each request of the control is an event, so that nothing could be worse")
        }
        if let reason = idle.reason(stepsPerUnit: rule.stepsPerUnit) { limits.append(reason) }
        if let limit = environment?.limit { limits.append(limit) }
        let newValues = rule.newValues.flatMap { self.newValues?.evidence(by: $0) }
        if let sentence = newValues?.sentence { limits.append(sentence) }
        var noise = reading.noise
        if let kept, noise.source == .learned {
            noise = NoiseEvidence(
                source: .kept,
                dispersion: noise.dispersion,
                historyUnits: kept.units,
                learnedAt: kept.learnedAt
            )
        }
        let split = split?.evidence
        if let limit = split?.limit { limits.append(limit) }
        let evidence = SequentialEvidence(
            comparison: reading.comparison,
            effect: reading.effect,
            margin: rule.margin,
            harm: reading.rulesOutHarm ? rule.harm : nil,
            harmEvidence: canFail ? reading.logFail : min(reading.logFail, 0),
            harmThreshold: DecisionLevels.standard.logFailing(),
            safetyEvidence: canPass ? reading.logPass : min(reading.logPass, 0),
            safetyThreshold: DecisionLevels.standard.logPassing,
            noise: noise,
            units: reading.units,
            stepsPerUnit: max(1, rule.stepsPerUnit),
            skippedUnits: reading.skipped,
            lateSamples: lateSamples,
            control: reading.control,
            experiment: reading.experiment,
            since: reading.sinceUnit.map { $0 * max(1, rule.stepsPerUnit) },
            bounds: reading.bounds,
            ruledOutRate: canPass ? reading.ruledOutRate : nil,
            split: split,
            pods: reading.pods,
            environment: environment,
            newValues: newValues,
            strata: reading.strata,
            limits: limits
        )
        return (evidence, decidesNothing)
    }

    /// Whether the experiment has had no requests for so long that it is not by chance: what it showed is of another time.
    private func isLeftIdle(_ reading: ComparisonReading, _ rule: SequentialRule) -> Bool {
        guard let requests = reading.experiment?.requests, folded > 0 else { return false }
        return idle.experimentIsLeft(requestsPerStep: requests / Double(folded), stepsPerUnit: rule.stepsPerUnit)
    }

    /// Remembers how much evidence there is, so that it can be told how much more time it takes: now and then, by the number
    /// of units alone, so that it does not depend on when looks are taken.
    mutating func record(unit: Int, by rule: SequentialRule) {
        guard unit.isMultiple(of: max(1, rule.plannedUnits / EvidenceTrail.largestCount)) else { return }
        let reading = reading(by: rule, withEffect: false)
        trail.record(
            EvidenceTrail.Point(
                units: reading.units,
                requests: Double(reading.units),
                logFail: reading.logFail,
                logPass: reading.logPass
            )
        )
    }

    /// About how many units more it takes to decide either way; nil where the evidence does not grow.
    func neededUnits(now evidence: SequentialEvidence) -> Double? {
        var trail = trail
        trail.record(
            EvidenceTrail.Point(
                units: evidence.units,
                requests: Double(evidence.units),
                logFail: evidence.harmEvidence,
                logPass: evidence.safetyEvidence
            )
        )
        let needed = [
            trail.requestsUntil(logFail: evidence.harmThreshold),
            trail.requestsUntil(logPass: evidence.safetyThreshold),
        ]
        return needed.compactMap(\.self).min()
    }

    /// - Parameter withEffect: the effect is told, with its interval, which takes as long as the evidence itself.
    private func reading(by rule: SequentialRule, withEffect: Bool = true) -> ComparisonReading {
        let level = withEffect ? 1 - ComparisonReading.confidence : nil
        return switch comparison {
        case .counts(let counts): counts.reading(by: rule, level: level)
        case .gauge(let gauge): gauge.reading(level: level)
        case .latency(let latency): latency.reading(by: rule, level: level)
        case .past(let past): past.reading
        }
    }
}

/// What one comparison says at a time.
struct ComparisonReading {
    var comparison: SequentialEvidence.Comparison
    var logFail = 0.0
    var logPass = 0.0
    var effect: RatioEstimate?
    var noise = NoiseEvidence(source: .measured, dispersion: 1)
    var units = 0
    var skipped = 0
    /// Requests of the side that has fewer; infinite where none are counted.
    var requests = Double.infinity
    /// Of a side: what is counted as events is something else.
    var hasMoreEventsThanRequests = false
    var control: ExposureTotals?
    var experiment: ExposureTotals?
    /// The unit since when there is harm, if there is.
    var sinceUnit: Int?
    var bounds: [BoundEvidence] = []
    /// A pass rules out the plan's harm, and not only the margin.
    var rulesOutHarm = true
    /// The rate that, and not the ratio, is ruled out.
    var ruledOutRate: Double?
    /// Nearly all requests of the control are events already: more of them cannot be seen.
    var isSaturated = false
    /// What the experiment is compared with is not known, or is 0.
    var hasNoReference = false
    var limits: [String] = []
    /// What pods show; nil where they are not told apart.
    var pods: PodsEvidence?
    /// What strata show; nil where they are not told apart.
    var strata: StrataEvidence?

    /// Confidence of the intervals that are shown.
    static let confidence = 0.95

    init(_ comparison: SequentialEvidence.Comparison) {
        self.comparison = comparison
    }

    /// The whole interval of the ratio lies further from 1 than a ratio, on a side that is harm.
    func isBeyond(_ ratio: Double, _ direction: Direction) -> Bool {
        guard let effect else { return false }
        return (direction != .decrease && effect.lower > ratio) || (direction != .increase && effect.upper < 1 / ratio)
    }

    static let assumedNoise = "noise assumed, not measured: the control has too little history"
}

extension CountsComparison {
    /// - Parameter level: of the interval; nil leaves the effect out.
    func reading(by rule: SequentialRule, level: Double?) -> ComparisonReading {
        var reading = ComparisonReading(.counts)
        (reading.units, reading.skipped) = units
        let totals = totals
        let pods = podComparison(by: rule)
        let noise = CountNoise(noise.source, podVariance: pods?.variance ?? 0)
        reading.isSaturated =
            decrease == nil && totals.controlExposure > 0 && totals.controlEvents >= 0.99 * totals.controlExposure
        let difference = strata?.rateDifference
        let directions = DirectionReadings(
            increase: increase?.evidence(
                level: level,
                noise: noise,
                absoluteFloor: max(0, rule.floor),
                difference: difference
            ),
            decrease: decrease?.evidence(
                level: level,
                noise: noise,
                absoluteFloor: max(0, rule.floor),
                difference: difference.map { -$0 }
            ),
            onsets: (onsets.increase?.onset(above: rule.margin), onsets.decrease?.onset(above: rule.margin))
        )
        tell(directions, totals, by: rule, to: &reading)
        if case .strata(let label)? = rule.breakdown, let strata {
            let isDecrease = increase == nil || decrease != nil && (reading.effect?.estimate ?? 1) < 1
            let evidence = strata.evidence(label: label, ratio: reading.effect, isDecrease: isDecrease)
            let isSuspected = CombinedEvidence.isHeldBack(by: reading.logFail)
            reading.limits += evidence.sentences(reading.effect, isSuspected: isSuspected)
            reading.strata = evidence
        }
        if case .learned = noise.source {
            reading.noise = NoiseEvidence(
                source: .learned,
                dispersion: directions.dispersion,
                historyUnits: historyUnits
            )
        } else {
            reading.noise = NoiseEvidence(source: .assumed, dispersion: directions.dispersion)
            reading.limits.append(ComparisonReading.assumedNoise)
        }
        if let pods { tell(pods, by: rule, to: &reading) }
        return reading
    }

    /// By more than what the borders of steps make, where requests are counted at their end and events before.
    private static func isMore(_ events: Double, than requests: Double) -> Bool { events > requests * 1.02 + 5 }

    /// What both sides have counted, and what that is evidence of.
    func tell(
        _ directions: DirectionReadings,
        _ totals: CountsUnit,
        by rule: SequentialRule,
        to reading: inout ComparisonReading
    ) {
        reading.control = ExposureTotals(events: totals.controlEvents, requests: totals.controlExposure)
        reading.experiment = ExposureTotals(events: totals.experimentEvents, requests: totals.experimentExposure)
        reading.requests = min(totals.controlExposure, totals.experimentExposure)
        reading.hasMoreEventsThanRequests =
            Self.isMore(totals.controlEvents, than: totals.controlExposure)
            || Self.isMore(totals.experimentEvents, than: totals.experimentExposure)
        directions.tell(&reading)
        reading.ruledOutRate = nil
        guard rule.tolerableRate > 0, decrease == nil else { return }
        let ratio = reading.logPass
        let rate = AbsoluteSafety.logEvidence(
            events: totals.experimentEvents,
            requests: totals.experimentExposure,
            tolerable: rule.tolerableRate,
            dispersion: directions.dispersion
        )
        reading.logPass = LogSum.ofMean(ratio, rate)
        if rate > ratio, rate > 0 { reading.ruledOutRate = rule.tolerableRate }
    }
}

/// The evidence of one direction or of both, with half the level each.
struct DirectionReadings {
    let increase: StateEvidence?
    let decrease: StateEvidence?
    /// The units that harm is from, where that is known.
    var onsets: (increase: Int?, decrease: Int?) = (nil, nil)

    var dispersion: Double { max(increase?.dispersion ?? 1, decrease?.dispersion ?? 1) }

    func tell(_ reading: inout ComparisonReading) {
        switch (increase, decrease) {
        case (let one?, nil):
            tell(one, since: onsets.increase, &reading)
        case (nil, let one?):
            tell(one, since: onsets.decrease, &reading)
            reading.effect = reading.effect?.inverted
        case (let up?, let down?):
            let stronger = up.logFail >= down.logFail ? up : down
            tell(up, since: onsets.increase, &reading)
            // The mean of both is evidence of the same kind; harm has to be ruled out both ways.
            reading.logFail = LogSum.ofMean(up.logFail, down.logFail)
            reading.logPass = min(up.logPass, down.logPass)
            reading.sinceUnit =
                (up.logFail >= down.logFail ? onsets.increase : onsets.decrease) ?? stronger.harmSince
        case (nil, nil): break
        }
    }

    private func tell(_ one: StateEvidence, since onset: Int?, _ reading: inout ComparisonReading) {
        reading.logFail = one.logFail
        reading.logPass = one.logPass
        reading.sinceUnit = onset ?? one.harmSince
        reading.effect = one.ratio
    }
}

extension RatioEstimate {
    /// Of the other side against this one.
    var inverted: RatioEstimate {
        RatioEstimate(estimate: 1 / estimate, lower: 1 / upper, upper: 1 / lower, confidence: confidence)
    }
}
