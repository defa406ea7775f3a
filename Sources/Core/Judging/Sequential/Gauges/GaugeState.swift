/// The state of one gauge: values of both sides step by step, as votes for "worse" and "not worse".
///
/// A value of a fixed size (2 KB at most), whatever the age. Votes do not ask how much worse a step is: no assumption
/// about the metric's distribution, but at least 12 steps before harm can be shown. Steps are folded in the order of time,
/// each once; the same steps give the same bits.
package struct GaugeState: Sendable, Equatable {
    package let rule: GaugeRule
    /// One for each direction that is harm.
    var sides: [GaugeSide]
    /// The ratios of experiment and control; empty where differences are compared.
    var ratios = RatioHistogram()
    /// How many steps there were, counted or not.
    package internal(set) var steps = 0
    /// Steps that count.
    package internal(set) var folded = 0
    /// Steps of which a side has no value.
    package internal(set) var oneSided = 0
    /// Steps with values that cannot be compared.
    package internal(set) var refused = 0

    /// Fewer steps show no harmlessness.
    package static let fewestStepsToPass = 20

    /// Nothing seen yet.
    package init(_ rule: GaugeRule) {
        self.rule = rule
        sides = rule.direction.signs.map { GaugeSide(sign: $0) }
    }

    /// Adds the next step. One with values that cannot be compared is only counted.
    package mutating func fold(_ step: GaugeStep) {
        let index = steps
        steps += 1
        var logRatio = 0.0
        if rule.comparison == .ratio, step.isUsable {
            guard let ratio = rule.logRatio(step) else {
                refused += 1
                return
            }
            logRatio = ratio
            ratios.add(ratio)
        } else if !step.isUsable {
            refused += 1
            return
        }
        folded += 1
        let runs = rule.starts.started(at: index)
        for side in sides.indices {
            sides[side].add(GaugeVote(step, logRatio: logRatio, sign: sides[side].sign, rule), runs: runs)
        }
    }

    /// Passes over a step of which a side has no value: the later runs start when they would have.
    package mutating func skip() {
        steps += 1
        oneSided += 1
    }

    /// What the steps so far say.
    ///
    /// - Parameters:
    ///   - level: of the interval; 0.05 means 95 % confidence, nil leaves it out.
    ///   - floor: of the dispersion, from pairs before the release (`PairNoise`); 1 without.
    package func evidence(level: Double? = 0.05, floor: Double = 1) -> StateEvidence {
        var evidence = StateEvidence.nothing
        var logFails: [Double] = []
        for side in sides {
            let runs = side.logFails(floor: floor)
            let mean = rule.starts.logMean(runs)
            if mean > logFails.max() ?? -.infinity {
                evidence.harmSince = rule.starts.harmSince(runs, units: steps)
            }
            logFails.append(mean)
        }
        // Each direction has the same part of the level.
        evidence.logFail = LogSum.ofMean(logFails)
        let passes = sides.map { $0.logPass(floor: floor) }.min() ?? 0
        evidence.logPass = folded >= Self.fewestStepsToPass ? passes : min(passes, 0)
        evidence.dispersion = sides.map { $0.runs[0].dispersion.dispersion(floor: floor) }.max() ?? 1
        evidence.estimate = ratios.median
        evidence.interval = level.flatMap {
            ratios.interval(level: StateEvidence.usable(level: $0), dispersion: evidence.dispersion)
        }
        evidence.units = folded
        evidence.dropNonsense()
        return evidence
    }
}
