/// The state of one metric of counts: errors among requests, requests above a latency, restarts in replica-seconds.
///
/// A value of a fixed size (3.7 KB), whatever the age. Units are folded in the order of time, each once, when no more of
/// its samples will come; the same units give the same bits.
package struct CountsState: Sendable, Equatable {
    package let rule: CountsRule
    var engine: LikelihoodRatioEngine
    /// One for each run.
    var dispersions: [CountDispersion]
    /// How many units there were, counted or not.
    package internal(set) var units = 0
    /// Units that count.
    package internal(set) var folded = 0
    /// Units in which a side had no exposure or no samples.
    package internal(set) var oneSided = 0
    /// Units with numbers that cannot be counted.
    package internal(set) var refused = 0
    /// What was counted in all, of both sides.
    package internal(set) var totals = Self.none

    private static let none = CountsUnit(
        experimentEvents: 0,
        controlEvents: 0,
        experimentExposure: 0,
        controlExposure: 0
    )

    /// Nothing seen yet.
    package init(_ rule: CountsRule) {
        self.rule = rule
        engine = LikelihoodRatioEngine(fail: rule.fail, pass: rule.pass, runs: RunStarts.count)
        dispersions = Array(repeating: CountDispersion(), count: RunStarts.count)
    }

    /// Goes on from what was stored.
    init(_ rule: CountsRule, engine: LikelihoodRatioEngine, dispersions: [CountDispersion]) {
        self.rule = rule
        self.engine = engine
        self.dispersions = dispersions
    }

    /// Adds the next unit. One without exposure on a side, or with numbers that cannot be counted, is only counted.
    package mutating func fold(_ unit: CountsUnit) {
        fold(unit, unit.share.map { ShareTerms($0, rule.fail, rule.pass) })
    }

    /// The same with the terms of the unit's share; nil where it has none.
    mutating func fold(_ unit: CountsUnit, _ terms: ShareTerms?) {
        let index = units
        units += 1
        guard unit.isCountable else {
            refused += 1
            return
        }
        guard let share = unit.share, let terms else {
            oneSided += 1
            return
        }
        folded += 1
        let runs = rule.starts.started(at: index)
        let total = unit.experimentEvents + unit.controlEvents
        engine.add(unit.experimentEvents, of: total, terms, runs: runs)
        for run in 0..<runs {
            dispersions[run].add(
                experiment: unit.experimentEvents,
                control: unit.controlEvents,
                share: share,
                failRatio: rule.failRatio
            )
        }
        totals = totals + unit
    }

    /// Adds the next unit stratum by stratum, for example by route: each is compared within itself. One in which a side has
    /// no exposure says nothing; numbers that cannot be counted, in any stratum, refuse the whole unit.
    package mutating func fold(strata: [CountsUnit]) {
        let index = units
        units += 1
        let whole = strata.reduce(Self.none, +)
        guard whole.isCountable, strata.allSatisfy(\.isCountable) else {
            refused += 1
            return
        }
        guard let share = whole.share, strata.contains(where: { $0.share != nil }) else {
            oneSided += 1
            return
        }
        folded += 1
        let runs = rule.starts.started(at: index)
        for stratum in strata {
            guard let own = stratum.share else { continue }
            let total = stratum.experimentEvents + stratum.controlEvents
            engine.add(stratum.experimentEvents, of: total, share: own, runs: runs)
        }
        for run in 0..<runs { dispersions[run].add(strata: strata, share: share, failRatio: rule.failRatio) }
        totals = totals + whole
    }

    /// Passes over units of which a side has no samples: the later runs start when they would have.
    package mutating func skip(_ count: Int = 1) {
        units += count
        oneSided += count
    }

    /// What the units so far say.
    ///
    /// - Parameters:
    ///   - level: of the interval; 0.05 means 95 % confidence, nil leaves it out.
    ///   - noise: what is known from before the release.
    ///   - absoluteFloor: harm counts only while the difference of the rates is above it.
    package func evidence(level: Double? = 0.05, noise: CountNoise, absoluteFloor: Double = 0) -> StateEvidence {
        let logFails = SIMD4(logFail(0, noise), logFail(1, noise), logFail(2, noise), logFail(3, noise))
        let dispersion = dispersions[0].dispersion(noise)
        var logFail = rule.starts.logMean(logFails)
        if absoluteFloor > 0, !(rateDifference > absoluteFloor) { logFail = min(logFail, 0) }
        var evidence = StateEvidence(
            logFail: logFail,
            logPass: engine.logPass(dispersion: dispersion),
            dispersion: dispersion,
            estimate: engine.estimate(),
            interval: level.flatMap { level in
                guard engine.tallies[0].total > 0 else { return nil }
                return engine.interval(level: StateEvidence.usable(level: level), dispersion: dispersion)
            },
            units: folded,
            harmSince: rule.starts.harmSince(logFails, units: units)
        )
        evidence.dropNonsense()
        return evidence
    }

    /// 0 before the run starts.
    private func logFail(_ run: Int, _ noise: CountNoise) -> Double {
        guard engine.tallies[run].total > 0 else { return 0 }
        let dispersion = dispersions[run].dispersion(noise, elapsed: dispersions[0].units)
        return engine.logFail(dispersion: dispersion, run: run)
    }

    /// Events for each unit of exposure: the experiment's less the control's; 0 before there is any.
    package var rateDifference: Double {
        guard totals.experimentExposure > 0, totals.controlExposure > 0 else { return 0 }
        return totals.experimentEvents / totals.experimentExposure - totals.controlEvents / totals.controlExposure
    }

    /// The floor of the dispersion for a release, when the units were of the time before it.
    package var floorForPairs: Double { dispersions[0].floorForPairs }
}

extension CountsUnit {
    /// The sum of two units.
    static func + (left: CountsUnit, right: CountsUnit) -> CountsUnit {
        CountsUnit(
            experimentEvents: left.experimentEvents + right.experimentEvents,
            controlEvents: left.controlEvents + right.controlEvents,
            experimentExposure: left.experimentExposure + right.experimentExposure,
            controlExposure: left.controlExposure + right.controlExposure
        )
    }
}
