import Judging

extension AnalysisPlan {
    /// Each metric's part of the level at which the sequential judge fails a release, 1 in all; 0 for what is only shown.
    package var levelShares: [Double] {
        let names = metrics.map { groups(of: $0).first ?? "" }
        let known = Array(Set(names)).sorted()
        return DecisiveWeights.weights(
            of: zip(metrics, names).map { metric, name in
                DecisiveWeights.Member(
                    group: known.firstIndex(of: name) ?? 0,
                    isCritical: metric.role == .critical,
                    isMuted: metric.role == .info
                )
            },
            groups: DecisiveWeights.shares(of: known, groupWeights)
        )
    }

    /// No metric that counts is in a group with a weight. Against the past each metric has a level of its own.
    private var isWeightless: Bool {
        guard !comparesWithPast else { return false }
        let names = metrics.map { groups(of: $0).first ?? "" }
        let known = Set(names).sorted()
        let weights = Dictionary(uniqueKeysWithValues: zip(known, DecisiveWeights.given(known, groupWeights)))
        return zip(metrics, names).allSatisfy { metric, name in metric.role == .info || weights[name] == 0 }
    }

    /// Whether the control is an earlier time of the same series, unless the event says otherwise.
    package var comparesWithPast: Bool {
        if case .before? = scopes.control { true } else { false }
    }

    /// The steps that show harm of a metric compared step by step, when each of them is worse; nil where none of the
    /// lifetime's would.
    package func fewestSteps(of metric: PlannedMetric, levelShare: Double = 1) -> Int? {
        let sides: Double = metric.direction == .either ? 2 : 1
        return VotePlan.fewestSteps(alpha: sequential.alpha * levelShare / sides, most: schedule.stepCount)
    }

    /// Steps that a comparison with the past needs for three looks in a row.
    private static let fewestStepsOfPast = 4

    /// Metrics that can never decide, and a plan of nothing else.
    var decidabilityProblems: [PlanError] {
        guard isSequential, policyProblems.isEmpty, schedule.problems.isEmpty, !metrics.isEmpty,
            metrics.count <= Self.maximumMetrics
        else { return [] }
        guard metrics.contains(where: { $0.role != .info }) else {
            let problem = "are all of role info (or muted), so that the judge can never decide: let one of them count"
            return [PlanError(field: "metrics", problem: problem)]
        }
        guard sequential.undecided == .pass || metrics.contains(where: { [.critical, .guardrail].contains($0.role) })
        else {
            let problem =
                "are all of role signal or info, so that no release could pass: let one of them be a guardrail, or pass what is"
                + " undecided (sequential.undecided)"
            return [PlanError(field: "metrics", problem: problem)]
        }
        if isWeightless {
            let problem =
                "leave each group of a metric that counts 0, so that no metric could fail a release: give one of them a weight"
            return [PlanError(field: "groupWeights", problem: problem)]
        }
        let steps = schedule.stepCount
        return metrics.enumerated().compactMap { index, metric in
            guard metric.role != .info, metric.input == .value || comparesWithPast else { return nil }
            let isEnough =
                comparesWithPast ? steps >= Self.fewestStepsOfPast : fewestSteps(of: metric) != nil
            guard !isEnough else { return nil }
            let remedy =
                metric.input == .value && !comparesWithPast
                ? "choose a smaller step or a longer lifetime, count events (errors and requests, or buckets), or name another judge"
                : "choose a smaller step or a longer lifetime, or name another judge"
            let problem =
                "can never decide: the lifetime has \(steps) step\(steps == 1 ? "" : "s"), and even if each of them were worse that"
                + " would be no evidence at this level (alpha); \(remedy)"
            return PlanError(field: "metrics[\(index)]", problem: problem)
        }
    }
}
