import Analysis
import Judging

/// Effect limits of a metric that do not mean what they seem to.
struct KayentaEffectWarnings {
    /// Samples from which small differences are always clear.
    private static let manySamples = 500

    private let metric: PlannedMetric
    private let plan: AnalysisPlan
    private var effect: PlannedEffect { metric.effect }

    init(_ metric: PlannedMetric, in plan: AnalysisPlan) {
        self.metric = metric
        self.plan = plan
    }

    var notes: [PlanError] {
        guard effect != PlannedEffect() else { return missingLimits }
        return probabilities + neutralLimits + contradictions + unused
    }

    private var missingLimits: [PlanError] {
        let samples = plan.schedule.samplesAtLastLook
        guard samples >= Self.manySamples else { return [] }
        let problem = "without limits, differences of a percent fail at \(samples) samples"
        return [.quirk(.largeWindows, "effect", problem)]
    }

    /// Every limit that is given, with its name.
    private var limits: [(name: String, value: Double, isIncrease: Bool)] {
        [
            ("allowedIncrease", effect.allowedIncrease, true), ("allowedDecrease", effect.allowedDecrease, false),
            ("criticalIncrease", effect.criticalIncrease, true), ("criticalDecrease", effect.criticalDecrease, false),
        ].compactMap { name, value, isIncrease in value.map { (name, $0, isIncrease) } }
    }

    private var neutral: Double { effect.measure == .cles ? 0.5 : 1 }

    private var probabilities: [PlanError] {
        guard effect.measure == .cles, limits.contains(where: { !(0...1).contains($0.value) }) else { return [] }
        let problem = "cles lies between 0 and 1, so a limit outside of it is never reached"
        return [.quirk(.effectLimits, "effect", problem)]
    }

    /// Limits on the wrong side of no effect at all, such as 0.2 for 20 %.
    private var neutralLimits: [PlanError] {
        limits.filter { $0.isIncrease ? $0.value < neutral : $0.value > neutral }.map { limit in
            let example =
                switch (effect.measure, limit.isIncrease) {
                case (.meanRatio, true): "1.2 stands for 20 % more"
                case (.meanRatio, false): "0.8 stands for 20 % less"
                case (.cles, true): "0.7 stands for a higher sample in 70 of 100 pairs"
                case (.cles, false): "0.3 stands for a lower sample in 70 of 100 pairs"
                }
            let problem =
                "\(limit.value.formatted(decimals: 4)) holds nothing back: no effect is \(neutral.formatted(decimals: 1)), \(example)"
            return .quirk(.effectLimits, "effect.\(limit.name)", problem)
        }
    }

    private var contradictions: [PlanError] {
        var notes: [PlanError] = []
        if let critical = effect.criticalIncrease, metric.critical, critical < effect.allowedIncrease ?? neutral {
            let problem = "is below allowedIncrease, so that every rise that fails is critical"
            notes.append(.quirk(.effectLimits, "effect.criticalIncrease", problem))
        }
        if let critical = effect.criticalDecrease, metric.critical, critical > effect.allowedDecrease ?? neutral {
            let problem = "is above allowedDecrease, so that every fall that fails is critical"
            notes.append(.quirk(.effectLimits, "effect.criticalDecrease", problem))
        }
        return notes
    }

    private var unused: [PlanError] {
        limits.compactMap { limit in
            let field = "effect.\(limit.name)"
            if metric.direction == (limit.isIncrease ? .decrease : .increase) {
                let problem = "is not used with direction \(metric.direction.rawValue)"
                return .quirk(.effectLimits, field, problem)
            }
            guard limit.name.hasPrefix("critical"), !metric.critical else { return nil }
            return .quirk(.effectLimits, field, "is only used where the metric is critical")
        }
    }
}
