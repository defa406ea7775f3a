import Analysis
import Judging
import Yams

/// What a metric measures, and what it means.
extension PlanReader {
    /// The query, if it is written; the texts of all queries are kept, so that their inside can be told about.
    func queries(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> String? {
        var texts: [MetricQueries.Field: String] = [:]
        for field in MetricQueries.Field.allCases {
            guard let text = fields.text(field.rawValue, &issues) else { continue }
            texts[field] = text
            if let node = fields.node(field.rawValue, &issues) {
                issues.keep(ScalarText(node), of: fields.path(of: field.rawValue))
            }
        }
        let isGiven = { (field: MetricQueries.Field) in fields.contains(field.rawValue) }
        for (one, other) in [(MetricQueries.Field.errors, MetricQueries.Field.requests), (.requests, .errors)]
        where isGiven(one) && !isGiven(other) {
            let problem = "needs \(other.rawValue) beside it: events count against the requests that they are part of"
            issues.add(fields.position(of: one.rawValue), fields.path(of: one.rawValue), problem)
        }
        let isCounted = isGiven(.errors) || isGiven(.requests)
        if isGiven(.buckets), isCounted {
            let problem = "cannot be given beside errors and requests: one metric measures one of them"
            issues.add(fields.position(of: "buckets"), fields.path(of: "buckets"), problem)
        }
        for field in [MetricQueries.Field.errors, .requests, .buckets] where texts[field]?.isEmpty == true {
            issues.add(fields.position(of: field.rawValue), fields.path(of: field.rawValue), "is empty")
        }
        if !isCounted, !isGiven(.buckets) { fields.require("query", &issues) }
        return texts[.query]
    }

    func kind(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> MetricKind? {
        guard let kind = fields.choice("kind", of: MetricKind.self, &issues) else { return nil }
        let accepted: [MetricKind]
        let input: String
        if fields.contains("errors") || fields.contains("requests") {
            (accepted, input) = ([.errors, .ratio], "errors and requests are")
        } else if fields.contains("buckets") {
            (accepted, input) = ([.latency], "buckets is")
        } else {
            return kind
        }
        if !accepted.contains(kind) {
            let names = accepted.map(\.rawValue).joined(separator: " or ")
            let problem = "\(kind.rawValue) does not go with the queries: \(input) of kind \(names)"
            issues.add(fields.position(of: "kind"), fields.path(of: "kind"), problem)
        }
        return kind
    }

    /// The label that counts are told apart by.
    func breakdown(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> Breakdown? {
        guard let given = fields.fields("pods", accepted: PlanKey.names(of: .pods), &issues) else { return nil }
        given.require("label", &issues)
        let label = given.text("label", &issues)
        var rule = PodRule()
        rule.assumedSpread = given.number("assumedSpread", &issues) ?? rule.assumedSpread
        rule.onePod = given.choice("onePod", of: OnePodPolicy.self, &issues) ?? rule.onePod
        return label.map { Breakdown(.pods(rule), label: $0) }
    }

    func role(
        _ fields: YAMLFields,
        beside metric: PlannedMetric,
        _ issues: inout YAMLIssues
    ) -> MetricRole? {
        guard let role = fields.choice("role", of: MetricRole.self, &issues) else { return nil }
        for (name, value, named) in [
            ("critical", metric.critical, MetricRole.critical), ("muted", metric.muted, .info),
        ]
        where fields.contains(name) && value != (role == named) {
            let problem = "\(role.rawValue) contradicts \(name): \(value): give one of them"
            issues.add(fields.position(of: "role"), fields.path(of: "role"), problem)
        }
        return role
    }

    func sequential(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> SequentialPolicy {
        var policy = SequentialPolicy()
        guard let given = fields.fields("sequential", accepted: PlanKey.names(of: .sequential), &issues) else {
            return policy
        }
        policy.alpha = given.number("alpha", &issues) ?? policy.alpha
        policy.beta = given.number("beta", &issues) ?? policy.beta
        policy.undecided = given.choice("undecided", of: SequentialPolicy.Undecided.self, &issues) ?? policy.undecided
        policy.minimumRequests = given.number("minimumRequests", &issues) ?? policy.minimumRequests
        policy.passAfter = given.duration("passAfter", &issues) ?? policy.passAfter
        if let split = given.choice("split", of: SplitPolicy.self, &issues) {
            policy.passesWithWrongSplit = split == .warn
        }
        return policy
    }
}

/// What a share of the requests that is not the declared one means.
enum SplitPolicy: String, CaseIterable {
    /// The release does not pass.
    case hold
    /// The verdict says so.
    case warn
}
