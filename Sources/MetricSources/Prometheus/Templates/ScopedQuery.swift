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
            values: ScopeVariable.values(of: session.event),
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

    /// The plan's labels completed by the event's.
    package static func labels(of side: Side, in session: AnalysisSession) -> ScopeLabels {
        session.plan.scopes.labels(of: side, for: session.event)
    }
}
