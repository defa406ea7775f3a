import Analysis
import Judging
import Text

/// What of a plan the sequential judge does not use, and where it can decide little.
struct SequentialPlanWarnings {
    /// Steps from which most shifts of a value by a quarter are found.
    private static let fewSteps = 40

    private let plan: AnalysisPlan

    init(_ plan: AnalysisPlan) {
        self.plan = plan
    }

    var notes: [PlanError] {
        scheduleNotes + policyNotes + groupNotes
            + plan.metrics.enumerated().flatMap { index, metric in
                metricNotes(metric).map { PlanError(field: "metrics[\(index)].\($0.field)", problem: $0.problem) }
            }
    }

    private var scheduleNotes: [PlanError] {
        var notes: [PlanError] = []
        if case .sliding = plan.schedule.window {
            let problem = "means nothing to the judge sequential, which counts every sample once: leave it out"
            notes.append(PlanError(field: "schedule.window", problem: problem))
        }
        let steps = plan.schedule.stepCount
        let comparesValues = plan.metrics.contains { $0.role != .info && $0.input == .value }
        if comparesValues, !plan.comparesWithPast, steps < Self.fewSteps {
            let problem =
                "gives \(steps) steps: with 20 steps a shift of a value by +25 % is found in about 70 of 100 analyses, and +50 % in 84;"
                + " choose a smaller step, or a longer lifetime"
            notes.append(PlanError(field: "schedule.lifetime", problem: problem))
        }
        let mustPass = plan.metrics.contains { [.critical, .guardrail].contains($0.role) && $0.input == .value }
        if mustPass, !plan.comparesWithPast, steps < GaugeState.fewestStepsToPass, plan.sequential.undecided != .pass {
            let problem =
                "gives \(steps) steps: a value passes after \(GaugeState.fewestStepsToPass) at the earliest, so that each healthy release"
                + " ends undecided (sequential.undecided)"
            notes.append(PlanError(field: "schedule.lifetime", problem: problem))
        }
        return notes
    }

    private var policyNotes: [PlanError] {
        guard plan.comparesWithPast else { return [] }
        let given = [
            ("minimumRequests", plan.sequential.minimumRequests > 0), ("split", plan.sequential.passesWithWrongSplit),
        ]
        return given.filter(\.1).map {
            let problem = "is not used in a comparison with the past, which counts no requests"
            return PlanError(field: "sequential.\($0.0)", problem: problem)
        }
    }

    private var groupNotes: [PlanError] {
        let groups = Set(plan.metrics.flatMap(plan.groups(of:)))
        let unused = plan.groupWeights.keys.sorted().filter { !groups.contains($0) }.map {
            PlanError(field: "groupWeights.\($0)", problem: "no metric is in this group, so its weight has no effect")
        }
        // Against the past each metric has a level of its own.
        guard !plan.comparesWithPast else { return unused }
        return unused
            + zip(plan.metrics, plan.levelShares).compactMap { metric, share in
                guard metric.role != .info, share == 0 else { return nil }
                let group = plan.groups(of: metric).first ?? ""
                let isNamed = plan.groupWeights[group] != nil
                let problem =
                    "\(isNamed ? "is" : "leaves the group \(group.excerpt(40))") 0, so that the \(metric.role.rawValue) metric"
                    + " \(metric.name.excerpt(40)) fails no release, whatever it shows: give its group a weight, or let it be info"
                return PlanError(field: isNamed ? "groupWeights.\(group)" : "groupWeights", problem: problem)
            }
    }

    private func metricNotes(_ metric: PlannedMetric) -> [PlanError] {
        var notes: [PlanError] = []
        let limits = PlannedEffect(
            measure: metric.effect.measure,
            allowedIncrease: metric.effect.allowedIncrease,
            allowedDecrease: metric.effect.allowedDecrease,
            criticalIncrease: metric.effect.criticalIncrease,
            criticalDecrease: metric.effect.criticalDecrease
        )
        if limits != PlannedEffect() {
            let problem =
                "has limits that only the judge NetflixACAJudge-v1.0 uses; margin, harm and gate are those of sequential"
            notes.append(PlanError(field: "effect", problem: problem))
        }
        if metric.outlierFactor != nil {
            let problem = "is not used by the judge sequential, which takes single samples for what they are"
            notes.append(PlanError(field: "outliers", problem: problem))
        }
        return notes + pastNotes(metric) + overlapNotes(metric)
    }

    /// What a comparison with the past does not use, and what it can make nothing of.
    private func pastNotes(_ metric: PlannedMetric) -> [PlanError] {
        guard plan.comparesWithPast, metric.role != .info else { return [] }
        let given: [(field: String, isGiven: Bool)] = [
            ("effect.harm", metric.effect.harm != nil), ("effect.gate", metric.effect.gate != nil),
            ("effect.floor", metric.effect.floor != nil), ("objective", metric.objective != nil),
        ]
        let unused = given.filter(\.isGiven).map {
            PlanError(field: $0.field, problem: "is not used in a comparison with the past, which has a margin alone")
        }
        guard let field = fieldOfZeros(metric) else { return unused }
        let problem =
            "makes zeros of what is missing, and nothing is a multiple of 0: while the time before the release has hardly any other"
            + " value, the metric decides nothing"
        return unused + [PlanError(field: field, problem: problem)]
    }

    /// What makes zeros of missing samples; nil where nothing does.
    private func fieldOfZeros(_ metric: PlannedMetric) -> String? {
        if metric.noData == .zero { return "noData" }
        let query =
            if case .counts(let events, _) = metric.input { events.query } else { metric.query }
        guard let expression = PlannedQuery(metric.asking(query), in: plan)?.expression,
            PlannedQuery.endsInVectorZero(QueryRatio(expression)?.numerator ?? expression)
        else { return nil }
        return MetricQueries(of: metric, in: plan).judgedField.rawValue
    }

    /// Samples of values repeat each other; counts are only smoothed, which matters beyond a unit.
    private func overlapNotes(_ metric: PlannedMetric) -> [PlanError] {
        guard metric.role != .info else { return [] }
        let (query, distance, effect): (String, Duration, String) =
            switch metric.input {
            case .value: (metric.query, plan.schedule.step, Self.repeated)
            case .counts(let events, _): (events.query, plan.schedule.unit, Self.smoothed)
            case .histogram(let buckets): (buckets.query, plan.schedule.unit, Self.smoothed)
            }
        let range = OverlappingSamples(query: query, schedule: plan.schedule).range
        guard let range, range > distance else { return [] }
        let field = MetricQueries(of: metric, in: plan).judgedField.rawValue
        return [PlanError(field: field, problem: "reads \(range.compactText) every \(distance.compactText): \(effect)")]
    }

    private static let repeated =
        "neighbouring samples repeat part of each other, which looks like more evidence than there is; choose a range that is no"
        + " longer than the step"
    private static let smoothed =
        "neighbouring counts share events, so that noise looks smaller than it is; choose a range that is no longer than that"
}
