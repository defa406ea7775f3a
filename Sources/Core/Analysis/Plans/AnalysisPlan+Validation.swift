import Judging
import Text

/// Why a plan cannot be run, in one sentence, with the path of the field.
package struct PlanError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The field as a plan file spells it, for example `metrics[2].weight`.
    package let field: String
    package let problem: String

    package init(field: String, problem: String) {
        self.field = field
        self.problem = problem
    }

    package var description: String { "\(field): \(problem)" }

    /// A name that would act on the terminal, or deceive the reader, of a log or a report.
    static func unprintable(_ field: String) -> PlanError {
        PlanError(field: field, problem: "contains a control character, a line separator or a mark that is not seen")
    }
}

extension AnalysisPlan {
    package static let maximumSamplesPerWindow = 11_000

    /// Every rule that needs no more than the plan itself, each broken one reported.
    package var problems: [PlanError] {
        var found = schedule.problems
        if name.isEmpty || name.utf8.count > 128 {
            found.append(PlanError(field: "name", problem: "must have 1 to 128 bytes"))
        }
        if name.holdsUnprintable { found.append(.unprintable("name")) }
        found += thresholds.problems
        if minimumSamples < 1 || minimumSamples > Self.maximumSamplesPerWindow {
            found.append(
                PlanError(field: "minimumSamples", problem: "must lie between 1 and \(Self.maximumSamplesPerWindow)")
            )
        } else if schedule.problems.isEmpty, schedule.samplesAtLastLook < minimumSamples {
            found.append(
                PlanError(
                    field: "minimumSamples",
                    problem:
                        "asks for \(minimumSamples) samples, but the last look has only \(schedule.samplesAtLastLook)"
                        + " (its window divided by the step): lengthen the lifetime or shorten the step"
                )
            )
        }
        for (group, weight) in groupWeights.sorted(by: { $0.key < $1.key }) where !(0...100).contains(weight) {
            found.append(
                PlanError(field: "groupWeights.\(group)", problem: "\(weight) is not a percentage between 0 and 100")
            )
        }
        if groupWeights.values.reduce(0, +) > 100.000_001 {
            found.append(PlanError(field: "groupWeights", problem: "add up to more than 100"))
        }
        return found + scopeProblems + metricProblems + sequentialProblems + budgetProblems
    }

    private var metricProblems: [PlanError] {
        guard !metrics.isEmpty else { return [PlanError(field: "metrics", problem: "must name at least one metric")] }
        guard metrics.count <= Self.maximumMetrics else {
            return [
                PlanError(
                    field: "metrics",
                    problem: "has \(metrics.count) metrics; at most \(Self.maximumMetrics) are accepted"
                )
            ]
        }
        var found: [PlanError] = []
        var seen: Set<String> = []
        for (index, metric) in metrics.enumerated() {
            let path = "metrics[\(index)]"
            if metric.name.isEmpty || metric.name.utf8.count > 128 {
                found.append(PlanError(field: "\(path).name", problem: "must have 1 to 128 bytes"))
            }
            if metric.name.holdsUnprintable { found.append(.unprintable("\(path).name")) }
            if !seen.insert(metric.name).inserted {
                found.append(PlanError(field: "\(path).name", problem: "\"\(metric.name)\" is used twice"))
            }
            if metric.query.isEmpty || metric.query.utf8.count > 16_384 {
                found.append(PlanError(field: "\(path).query", problem: "must have 1 to 16384 bytes"))
            }
            if !(metric.weight > 0 && metric.weight.isFinite) {
                found.append(PlanError(field: "\(path).weight", problem: "must be greater than 0"))
            }
            if let factor = metric.outlierFactor, !(factor > 0 && factor.isFinite) {
                found.append(PlanError(field: "\(path).outliers", problem: "the factor must be greater than 0"))
            }
            found += metric.effect.problems.map { PlanError(field: "\(path).\($0.field)", problem: $0.problem) }
            if metric.groups.count > 16 || metric.groups.contains(where: { $0.isEmpty || $0.utf8.count > 128 }) {
                found.append(PlanError(field: "\(path).groups", problem: "must be at most 16 names of 1 to 128 bytes"))
            }
            if metric.groups.contains(where: \.holdsUnprintable) { found.append(.unprintable("\(path).groups")) }
            if judge == "conditions", metric.condition == nil {
                found.append(PlanError(field: "\(path).condition", problem: "is required by the judge conditions"))
            }
            for (field, condition) in [("condition", metric.condition), ("marginal", metric.marginal)]
            where condition.map({ !$0.usesExperiment }) ?? false {
                let problem = "does not read the canary, so that it says nothing about the release"
                found.append(PlanError(field: "\(path).\(field)", problem: problem))
            }
            if judge != "conditions", metric.condition != nil || metric.marginal != nil {
                found.append(PlanError(field: "\(path).condition", problem: "is only known to the judge conditions"))
            }
            if judge != "conditions", metric.weight != 1 {
                found.append(
                    PlanError(
                        field: "\(path).weight",
                        problem: "is only known to the judge conditions; \(judge) weighs groups (groupWeights)"
                    )
                )
            }
        }
        return found
    }
}

extension Thresholds {
    fileprivate var problems: [PlanError] {
        let fractions = [("pass", pass), ("marginal", marginal)].filter { $0.1 > 0 && $0.1 <= 1 }
        if !fractions.isEmpty {
            return fractions.map { name, value in
                let (shown, percent) = (value.formatted(decimals: 4), (value * 100).formatted(decimals: 2))
                let meant = value < 0.0001 ? "" : ": \(percent) is meant?"
                let problem = "\(shown) is a fraction, and scores are percent, from 0 to 100\(meant)"
                return PlanError(field: "thresholds.\(name)", problem: problem)
            }
        }
        if !(0...100).contains(marginal) || !(0...100).contains(pass) {
            return [PlanError(field: "thresholds", problem: "pass and marginal must lie between 0 and 100")]
        }
        guard pass > 0 else {
            let problem = "0 lets every release pass, whatever is measured: scores are percent, from 0 to 100"
            return [PlanError(field: "thresholds.pass", problem: problem)]
        }
        guard marginal > pass else { return [] }
        let (shown, limit) = (marginal.formatted(decimals: 2), pass.formatted(decimals: 2))
        let given = marginal == Thresholds().marginal ? "\(shown), which is the default," : shown
        return [
            PlanError(
                field: "thresholds.marginal",
                problem: "\(given) is above pass (\(limit)): give a marginal of at most \(limit)"
            )
        ]
    }
}

extension PlannedEffect {
    fileprivate var problems: [PlanError] {
        let limits = [
            ("allowedIncrease", allowedIncrease), ("allowedDecrease", allowedDecrease),
            ("criticalIncrease", criticalIncrease), ("criticalDecrease", criticalDecrease),
        ]
        return limits.compactMap { name, limit in
            limit?.isFinite == false ? PlanError(field: "effect.\(name)", problem: "must be a finite number") : nil
        }
    }
}

extension AnalysisSchedule {
    /// Each look can publish a verdict, which is kept.
    package static let maximumLooks = 5000
    package static let maximumLifetime = Duration.seconds(14 * 86_400)

    /// How many looks an analysis has, whenever its release was deployed.
    package var lookCount: Int { LookSchedule(self, deployedAt: Timestamp(milliseconds: 0)).count }

    package var samplesAtLastLook: Int {
        let window = if case .sliding(let span) = window { min(span, lifetime) } else { lifetime }
        return TimeWindow(start: Timestamp(milliseconds: 0), end: Timestamp(milliseconds: window.milliseconds))
            .sampleCount(step: step)
    }

    var problems: [PlanError] {
        var found: [PlanError] = []
        func require(_ holds: Bool, _ field: String, _ problem: String) {
            if !holds { found.append(PlanError(field: "schedule.\(field)", problem: problem)) }
        }
        require(step >= .seconds(1) && step <= .seconds(3600), "step", "must lie between 1s and 1h")
        guard found.isEmpty else { return found }
        let stepMilliseconds = step.milliseconds
        func isMultiple(_ duration: Duration) -> Bool {
            duration > .zero && duration.milliseconds % stepMilliseconds == 0
        }
        require(isMultiple(interval), "interval", "must be a multiple of the step (\(step.compactText))")
        require(isMultiple(lifetime), "lifetime", "must be a multiple of the step (\(step.compactText))")
        require(lifetime >= interval, "lifetime", "must not be shorter than the interval (\(interval.compactText))")
        require(lifetime <= Self.maximumLifetime, "lifetime", "must not be longer than 14d")
        let looks = interval > .zero ? lifetime.milliseconds / interval.milliseconds : 0
        require(
            looks <= Self.maximumLooks,
            "interval",
            "gives \(looks) looks; at most \(Self.maximumLooks) are accepted"
        )
        require(warmup >= .zero && warmup <= .seconds(86_400), "warmup", "must lie between 0s and 1d")
        require(delay >= .zero && delay <= .seconds(3600), "delay", "must lie between 0s and 1h")
        require(deadline >= .zero && deadline <= .seconds(7 * 86_400), "deadline", "must lie between 0s and 7d")
        if case .sliding(let span) = window {
            require(isMultiple(span), "window", "must be growing or a multiple of the step (\(step.compactText))")
        }
        require(
            samplesAtLastLook <= AnalysisPlan.maximumSamplesPerWindow,
            "step",
            "gives \(samplesAtLastLook) samples per window; at most \(AnalysisPlan.maximumSamplesPerWindow) are accepted"
        )
        return found
    }
}
