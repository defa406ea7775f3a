package import Analysis

/// The PromQL of one side of one metric: the plan's template with the session's values put in.
package enum ScopedQuery {
    /// A comparison of a series with itself passes every release.
    package static func requireAnotherSide(
        than control: String,
        of metric: PlannedMetric,
        in session: AnalysisSession
    ) throws(SamplingFailure) {
        guard metric.sides.count == 2, !metric.muted, session.controlOffset == .zero,
            try text(of: metric, side: .experiment, in: session) == control
        else { return }
        throw SamplingFailure(
            kind: .badQuery,
            message:
                "both sides are asked for the same series: the query needs ${scope}, and the scopes labels that differ"
        )
    }

    package static func text(
        of metric: PlannedMetric,
        side: Side,
        in session: AnalysisSession
    ) throws(SamplingFailure) -> String {
        let variables = QueryVariables(
            scope: labels(of: side, in: session).sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            values: values(of: session.event),
            step: session.plan.schedule.step.compactText,
            interval: session.plan.schedule.interval.compactText,
            window: session.schedule.look(session.schedule.count).window.duration.compactText
        )
        do {
            return try QueryTemplate(parsing: metric.query).expand(variables)
        } catch {
            throw SamplingFailure(kind: .unresolvedVariable, message: String(describing: error))
        }
    }

    /// The plan's labels completed by the event's. A comparison with the past reads the experiment's own series.
    package static func labels(of side: Side, in session: AnalysisSession) -> ScopeLabels {
        let (plan, event) = (session.plan.scopes, session.event)
        let values = values(of: event)
        let experiment = resolved(plan.experiment ?? [:], values).merging(event.experiment ?? [:]) { $1 }
        guard side == .control else { return experiment }
        switch (event.control, plan.control) {
        case (.before?, _), (nil, .before?): return experiment
        case (.labels(let own)?, .labels(let planned)?): return resolved(planned, values).merging(own) { $1 }
        case (.labels(let own)?, _): return own
        case (nil, .labels(let planned)?): return resolved(planned, values)
        case (nil, nil): return [:]
        }
    }

    private static func values(of event: DeployEvent) -> [String: String] {
        var values = ["application": event.application, "environment": event.environment, "version": event.version]
        values["namespace"] = event.namespace
        values["cluster"] = event.cluster
        values["revision"] = event.revision
        return values
    }

    /// Puts `${name}` variables into a plan's label values, in one pass: what a value brings along is never expanded.
    /// A variable without a value stays as it is, and matches nothing.
    private static func resolved(_ labels: ScopeLabels, _ values: [String: String]) -> ScopeLabels {
        labels.mapValues { text in
            var (result, rest) = ("", text[...])
            while let opening = rest.firstRange(of: "${"), let closing = rest[opening.upperBound...].firstIndex(of: "}")
            {
                let name = String(rest[opening.upperBound..<closing])
                result += rest[..<opening.lowerBound] + (values[name] ?? "${\(name)}")
                rest = rest[rest.index(after: closing)...]
            }
            return result + rest
        }
    }
}
