import Judging

extension AnalysisPlan {
    /// The name of the judge that may look after every sample.
    package static let sequentialJudge = SequentialJudge.name

    package var isSequential: Bool { judge == Self.sequentialJudge }

    /// The schedule as the judge uses it: one that counts every sample once has windows that begin with the analysis,
    /// whatever the plan says.
    package var judgedSchedule: AnalysisSchedule {
        guard isSequential else { return schedule }
        var judged = schedule
        judged.window = .growing
        return judged
    }

    /// Whether the end of an analysis depends on what a metric lacks. A signal may fail a release, and beside metrics that must
    /// pass nothing waits for it.
    func waits(for metric: PlannedMetric) -> Bool {
        switch metric.role {
        case .critical, .guardrail: true
        case .signal: !metrics.contains { [.critical, .guardrail].contains($0.role) }
        case .info: false
        }
    }
}

extension AnalysisPlan {
    /// Rules of what only the sequential judge reads.
    var sequentialProblems: [PlanError] {
        let problems = isSequential ? policyProblems : foreignPolicyProblems
        return problems + decidabilityProblems
            + metrics.enumerated().flatMap { index, metric in
                let own = isSequential ? metric.sequentialProblems(in: self) : metric.foreignProblems(judge: judge)
                return own.map { PlanError(field: "metrics[\(index)].\($0.field)", problem: $0.problem) }
            }
    }

    var policyProblems: [PlanError] {
        var found: [PlanError] = []
        for (name, value) in [("alpha", sequential.alpha), ("beta", sequential.beta)] where !(value > 0 && value <= 0.5)
        {
            found.append(PlanError(field: "sequential.\(name)", problem: "must be above 0, and at most 0.5"))
        }
        if !(sequential.minimumRequests >= 0 && sequential.minimumRequests.isFinite) {
            found.append(PlanError(field: "sequential.minimumRequests", problem: "must be 0 or more"))
        }
        if sequential.passAfter < .zero || sequential.passAfter > schedule.lifetime {
            let problem = "must not be longer than the lifetime (\(schedule.lifetime.compactText))"
            found.append(PlanError(field: "sequential.passAfter", problem: problem))
        }
        return found
    }

    private var foreignPolicyProblems: [PlanError] {
        guard sequential != SequentialPolicy() else { return [] }
        return [PlanError(field: "sequential", problem: Self.onlySequential)]
    }

    fileprivate static let onlySequential = "is only known to the judge sequential"
}

extension PlannedMetric {
    fileprivate func sequentialProblems(in plan: AnalysisPlan) -> [PlanError] {
        var found = effect.sequentialProblems
        if found.isEmpty { found = limits().problems }
        if let breakdown { found += breakdown.problems(of: self, in: plan) }
        if let newValues { found += newValues.problems(of: self, in: plan) }
        if let objective {
            if !(objective > 0 && objective.isFinite) {
                found.append(PlanError(field: "objective", problem: "must be greater than 0"))
            }
            if case .histogram = input {
            } else {
                let problem = "needs a histogram: give buckets, or a query with histogram_quantile() of them"
                found.append(PlanError(field: "objective", problem: problem))
            }
        }
        return found
    }

    fileprivate func foreignProblems(judge: String) -> [PlanError] {
        var given: [String] = []
        if objective != nil { given.append("objective") }
        if let breakdown { given.append(breakdown.field) }
        if newValues != nil { given.append("newValues") }
        if isSignal { given.append("role") }
        let limits = [("margin", effect.margin), ("harm", effect.harm), ("gate", effect.gate), ("floor", effect.floor)]
        given += limits.filter { $0.1 != nil }.map { "effect.\($0.0)" }
        return given.map { field in
            let what = field == "role" ? "signal " : ""
            return PlanError(field: field, problem: "\(what)\(AnalysisPlan.onlySequential), not to \(judge)")
        }
    }
}

extension PlannedEffect {
    fileprivate var sequentialProblems: [PlanError] {
        var found: [PlanError] = []
        func require(_ holds: Bool, _ name: String, _ problem: String) {
            if !holds { found.append(PlanError(field: "effect.\(name)", problem: problem)) }
        }
        require(margin.map { $0 >= 1 && $0.isFinite } ?? true, "margin", "must be 1 or more: 1.02 allows 2 % more")
        require(harm.map { $0 > 1 && $0.isFinite } ?? true, "harm", "must be greater than 1: 1.5 is half as much again")
        require(gate.map { $0 >= 1 && $0.isFinite } ?? true, "gate", "must be 1 or more: 1.1 is 10 % more")
        require(floor.map { $0 >= 0 && $0.isFinite } ?? true, "floor", "must be 0 or more")
        return found
    }
}
