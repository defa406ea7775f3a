import Analysis
import Judging
import Yams

extension PlanReader {
    /// Nil when the document is no object. Where a field cannot be read, another value stands in its place.
    func plan(_ root: Node, _ issues: inout YAMLIssues) -> AnalysisPlan? {
        guard let fields = YAMLFields(root, path: "", accepted: PlanKey.names(of: .plan), issues: &issues) else {
            return nil
        }
        expect(Self.apiVersion, at: "apiVersion", in: fields, &issues)
        expect(Self.kind, at: "kind", in: fields, &issues)
        for name in ["name", "schedule", "metrics"] { fields.require(name, &issues) }
        let name = fields.text("name", &issues)
        let schedule = schedule(fields, &issues)
        var metrics: [PlannedMetric] = []
        for (index, node) in (fields.elements("metrics", &issues) ?? []).enumerated() {
            guard index < AnalysisPlan.maximumMetrics else {
                let problem = "has more than \(AnalysisPlan.maximumMetrics) metrics"
                issues.add(node.position, "metrics", problem)
                break
            }
            metrics.append(metric(node, path: "metrics[\(index)]", &issues))
        }
        var plan = AnalysisPlan(
            name: name ?? "",
            schedule: schedule,
            metrics: metrics
        )
        // Only the reader needs it: what is kept of a plan is its queries' text.
        _ = fields.choice(QueryLanguage.key, of: QueryLanguage.self, &issues)
        plan.match = match(fields, &issues)
        plan.scopes = scopes(fields, &issues)
        plan.events = events(fields, &issues)
        plan.judge = judge(fields, &issues) ?? Self.defaultJudge
        plan.thresholds = thresholds(fields, &issues)
        plan.groupWeights = groupWeights(fields, &issues)
        plan.failFast = fields.choice("failFast", of: FailFast.self, &issues) ?? plan.failFast
        plan.otherChanges =
            fields.choice("otherChanges", of: OtherChangesPolicy.self, &issues) ?? plan.otherChanges
        plan.minimumSamples = fields.integer("minimumSamples", &issues) ?? Self.minimumSamples(of: plan.judge)
        plan.sequential = sequential(fields, &issues)
        return plan
    }

    /// Of a plan that does not say it. The sequential judge needs no least number: few samples are little evidence.
    static func minimumSamples(of judge: String) -> Int {
        judge == SequentialJudge.name ? 1 : AnalysisPlan.minimumSamplesOfWindows
    }

    private func expect(_ value: String, at name: String, in fields: YAMLFields, _ issues: inout YAMLIssues) {
        guard let node = fields.node(name, &issues), node.scalar?.string != value else { return }
        issues.add(node.position, name, "must be \(value), not \(node.kind)")
    }

    private func judge(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> String? {
        guard let node = fields.node("judge", &issues) else { return nil }
        guard let name = node.scalar?.string, judges.contains(name) else {
            let hint = issues.hint(for: node.scalar?.string ?? "", among: judges)
            issues.add(
                node.position,
                "judge",
                "\(node.kind) is not a judge\(hint); known are \(judges.joined(separator: ", "))"
            )
            return nil
        }
        return name
    }

    private func match(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> PlanMatch {
        let match = fields.fields("match", accepted: PlanKey.names(of: .match), &issues)
        return PlanMatch(
            applications: match?.texts("applications", &issues) ?? [],
            environments: match?.texts("environments", &issues) ?? []
        )
    }

    private func thresholds(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> Thresholds {
        var thresholds = Thresholds()
        if let given = fields.fields("thresholds", accepted: PlanKey.names(of: .thresholds), &issues) {
            thresholds.pass = given.number("pass", &issues) ?? thresholds.pass
            thresholds.marginal = given.number("marginal", &issues) ?? thresholds.marginal
        }
        return thresholds
    }

    private func groupWeights(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> [String: Double] {
        var weights: [String: Double] = [:]
        if let given = fields.fields("groupWeights", accepted: nil, &issues) {
            for name in given.names { weights[name] = given.number(name, &issues) }
        }
        return weights
    }

    private func schedule(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> AnalysisSchedule {
        guard let given = fields.fields("schedule", accepted: PlanKey.names(of: .schedule), &issues) else {
            return AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(60))
        }
        given.require("interval", &issues)
        given.require("lifetime", &issues)
        let interval = given.duration("interval", &issues)
        let lifetime = given.duration("lifetime", &issues)
        var schedule = AnalysisSchedule(interval: interval ?? .seconds(60), lifetime: lifetime ?? .seconds(60))
        schedule.warmup = given.duration("warmup", &issues) ?? schedule.warmup
        schedule.step = given.duration("step", &issues) ?? schedule.step
        schedule.delay = given.duration("delay", &issues) ?? schedule.delay
        schedule.deadline = given.duration("deadline", &issues) ?? schedule.deadline
        if let node = given.node("window", &issues), node.scalar?.string != "growing" {
            if let span = node.scalar.flatMap({ Duration(compactText: $0.string) }) {
                schedule.window = .sliding(span)
            } else {
                issues.add(
                    node.position,
                    given.path(of: "window"),
                    "\(node.kind) is neither growing nor a time such as 30s, 5m or 1h30m"
                )
            }
        }
        return schedule
    }
}
