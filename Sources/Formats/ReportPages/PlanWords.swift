import Analysis
import Judging
import Reports

/// A plan in sentences, for those who did not write it.
struct PlanWords {
    let plan: AnalysisPlan

    init(_ plan: AnalysisPlan) {
        self.plan = plan
    }

    /// Patterns of a match; none fit all.
    static func names(_ patterns: [String]) -> String { patterns.isEmpty ? "all" : patterns.joined(separator: ", ") }

    static func looks(_ schedule: AnalysisSchedule) -> String {
        let count = LookSchedule(schedule, deployedAt: Timestamp(milliseconds: 0)).count
        return "\(count) in \(schedule.lifetime.compactText)"
    }

    var judges: String {
        "Judges releases of \(Self.subject(plan.match.applications, "application"))"
            + " in \(Self.subject(plan.match.environments, "environment"))."
    }

    private static func subject(_ patterns: [String], _ noun: String) -> String {
        patterns.isEmpty ? "any \(noun)" : patterns.joined(separator: ", ")
    }

    var facts: [(name: String, value: String)] {
        let times = plan.schedule
        let window = if case .sliding(let span) = times.window { "the last \(span.compactText)" } else { "all of it" }
        var facts = [
            ("judge", plan.judge), ("warm-up", times.warmup == .zero ? "none" : times.warmup.compactText),
            ("looks", "\(Self.looks(times)), one every \(times.interval.compactText)"),
            ("a look sees", "\(window), a sample every \(times.step.compactText)"),
            ("waits", "at most \(times.deadline.compactText) for its metrics"),
        ]
        if plan.judge != SequentialJudge.name {
            facts.append(("passes", "from a score of \(plan.thresholds.pass.readable) of 100"))
            facts.append(("marginal", "from \(plan.thresholds.marginal.readable)"))
        }
        let early =
            switch plan.failFast {
            case .onFail: "at the first look that fails"
            case .onCritical: "at the first look where a critical metric fails"
            case .never: "never: the last look decides"
            }
        facts.append(("ends early", early))
        return facts.map { (name: $0.0, value: $0.1) }
    }

    func sentences(of metric: PlannedMetric) -> [String] {
        var sentences = [Self.kind(metric) + "; " + Self.direction(metric.direction) + "."]
        if let condition = metric.condition {
            let marginal = metric.marginal.map { ", and is marginal where \($0.text)" } ?? ""
            sentences.append("It passes where \(condition.text)\(marginal).")
        }
        let effect = metric.effect
        if let margin = effect.margin { sentences.append("Up to \(margin.readable) times as much counts as healthy.") }
        if let harm = effect.harm { sentences.append("A pass rules out \(harm.readable) times as much.") }
        if let gate = effect.gate { sentences.append("It fails a release from \(gate.readable) times as much on.") }
        if let allowed = effect.allowedIncrease {
            sentences.append("An increase to \(allowed.readable) times is allowed.")
        }
        if let allowed = effect.allowedDecrease {
            sentences.append("A decrease to \(allowed.readable) times is allowed.")
        }
        if let objective = metric.objective {
            sentences.append("Requests slower than \(objective.readable) are what the service promises to avoid.")
        }
        if let breakdown = metric.breakdown { sentences.append("It is told apart by \(breakdown.label).") }
        let groups = plan.groups(of: metric)
        if !groups.isEmpty, groups != [AnalysisPlan.onlyGroup] {
            sentences.append("It counts in \(groups.joined(separator: ", ")).")
        }
        sentences.append(Self.noData(metric.noData))
        return sentences
    }

    private static func kind(_ metric: PlannedMetric) -> String {
        switch metric.kind {
        case .errors: "The share of requests that fail"
        case .latency: "How long requests take"
        case .gauge: "A value at a time"
        case .ratio: "A share or a quotient"
        case nil: "What its query gives"
        }
    }

    private static func direction(_ direction: Direction) -> String {
        switch direction {
        case .increase: "more of it is worse"
        case .decrease: "less of it is worse"
        case .either: "more and less of it are worse"
        }
    }

    private static func noData(_ policy: NoDataPolicy) -> String {
        switch policy {
        case .hold: "Without samples the analysis waits."
        case .pass: "Without samples it is left out."
        case .fail: "Without samples it fails at the last look."
        case .zero: "Missing samples count as 0."
        }
    }

    /// What is asked for, with its variables.
    static func queries(of metric: PlannedMetric) -> [(name: String, value: String)] {
        switch metric.input {
        case .value: return [(name: "query", value: metric.query)]
        case .counts(let events, let requests):
            return [(name: "events", value: events.query), (name: "requests", value: requests.query)]
        case .histogram(let buckets): return [(name: "buckets", value: buckets.query)]
        }
    }
}
