import Analysis
import Judging
import Yams

extension PlanReader {
    /// Where a field cannot be read, another value stands in its place.
    func metric(_ node: Node, path: String, _ issues: inout YAMLIssues) -> PlannedMetric {
        guard let fields = YAMLFields(node, path: path, accepted: PlanKey.names(of: .metric), issues: &issues) else {
            return PlannedMetric(name: "", query: "")
        }
        fields.require("name", &issues)
        let name = fields.text("name", &issues)
        let query = queries(fields, &issues)
        var metric = PlannedMetric(name: name ?? "", query: query ?? "")
        metric.kind = kind(fields, &issues)
        metric.groups = groups(fields, &issues)
        metric.weight = fields.number("weight", &issues) ?? metric.weight
        metric.direction = fields.choice("direction", of: Direction.self, &issues) ?? metric.direction
        metric.critical = fields.bool("critical", &issues) ?? metric.critical
        metric.muted = fields.bool("muted", &issues) ?? metric.muted
        if let role = role(fields, beside: metric, &issues) { metric.role = role }
        metric.noData = fields.choice("noData", of: NoDataPolicy.self, &issues) ?? metric.noData
        metric.nanStrategy = fields.choice("missing", of: NaNStrategy.self, &issues) ?? metric.nanStrategy
        metric.outlierFactor = outlierFactor(fields, &issues)
        metric.effect = effect(fields, &issues)
        metric.breakdown = breakdown(fields, &issues)
        metric.newValues = newValues(fields, &issues)
        metric.objective = fields.number("objective", &issues)
        metric.combine = fields.choice("combine", of: SeriesCombination.self, &issues)
        metric.condition = condition("condition", fields, &issues)
        metric.marginal = condition("marginal", fields, &issues)
        return metric
    }

    private func groups(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> [String] {
        guard fields.contains("group") else { return fields.texts("groups", &issues) ?? [] }
        if let extra = fields.node("groups", &issues) {
            issues.add(extra.position, fields.path(of: "groups"), "cannot be given beside group: use one of them")
        }
        return fields.text("group", &issues).map { [$0] } ?? []
    }

    private func outlierFactor(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> Double? {
        guard let node = fields.node("outliers", &issues) else { return nil }
        if case .scalar(let scalar) = node {
            if scalar.string != "keep" {
                let problem = "\(node.kind) is neither keep nor {remove: FACTOR}, for example {remove: 3.0}"
                issues.add(node.position, fields.path(of: "outliers"), problem)
            }
            return nil
        }
        guard let given = fields.fields("outliers", accepted: PlanKey.names(of: .outliers), &issues) else { return nil }
        given.require("remove", &issues)
        return given.number("remove", &issues)
    }

    private func effect(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> PlannedEffect {
        var effect = PlannedEffect()
        guard let given = fields.fields("effect", accepted: PlanKey.names(of: .effect), &issues) else { return effect }
        effect.measure = given.choice("measure", of: EffectLimits.Measure.self, &issues) ?? effect.measure
        effect.allowedIncrease = given.number("allowedIncrease", &issues)
        effect.allowedDecrease = given.number("allowedDecrease", &issues)
        effect.criticalIncrease = given.number("criticalIncrease", &issues)
        effect.criticalDecrease = given.number("criticalDecrease", &issues)
        effect.margin = given.number("margin", &issues)
        effect.harm = given.number("harm", &issues)
        effect.gate = given.number("gate", &issues)
        effect.floor = given.number("floor", &issues)
        return effect
    }

    private func condition(_ name: String, _ fields: YAMLFields, _ issues: inout YAMLIssues) -> Condition? {
        guard let text = fields.text(name, &issues) else { return nil }
        do {
            return try Condition(parsing: text)
        } catch {
            let position = fields.node(name, &issues)?.position
            issues.add(position, fields.path(of: name), "is not a condition: \(error)")
            return nil
        }
    }
}
