package import Analysis

/// The PromQL of one session's metrics: the plan's templates with the session's values put in, for both sides.
package struct ScopedQueries: Sendable {
    private let labels: (control: ScopeLabels, experiment: ScopeLabels)
    private let control: QueryVariables
    private let experiment: QueryVariables
    /// Of the experiment as another release would have them.
    private let other: QueryVariables
    /// Both sides are read at the same time.
    private let isOfOneTime: Bool

    package init(of session: AnalysisSession) {
        let (event, scopes) = (session.event, session.plan.scopes)
        let values = ScopeVariable.values(of: event)
        labels = (scopes.labels(of: .control, for: event), scopes.labels(of: .experiment, for: event))
        let schedule = session.plan.schedule
        let window = session.schedule.look(session.schedule.count).window.duration
        control = QueryVariables(labels.control, values, schedule, window: window)
        experiment = QueryVariables(labels.experiment, values, schedule, window: window)
        let otherEvent = event.ofAnotherRelease
        other = QueryVariables(
            scopes.labels(of: .experiment, for: otherEvent),
            ScopeVariable.values(of: otherEvent),
            schedule,
            window: window
        )
        isOfOneTime = session.controlOffset == .zero
    }

    /// The plan's labels completed by the event's.
    package func labels(of side: Side) -> ScopeLabels { side == .control ? labels.control : labels.experiment }

    package func text(of metric: PlannedMetric, side: Side) throws(SamplingFailure) -> String {
        try expand(Self.template(metric.query), side)
    }

    /// What is asked for each side of a metric. A comparison of a series with itself passes every release: it is refused.
    package func texts(of metric: PlannedMetric) -> [(side: Side, text: Result<String, SamplingFailure>)] {
        texts(of: metric.query, metric.sides, isMuted: metric.muted)
    }

    /// The same for a query that is a part of the metric.
    package func texts(
        of query: String,
        _ sides: [Side],
        isMuted: Bool
    ) -> [(side: Side, text: Result<String, SamplingFailure>)] {
        let template = Result { () throws(SamplingFailure) in try Self.template(query) }
        var texts = sides.map { side in
            (side: side, text: Result { () throws(SamplingFailure) in try expand(try template.get(), side) })
        }
        guard texts.count == 2, !isMuted, isOfOneTime,
            let control = texts.firstIndex(where: { $0.side == .control }),
            case .success(let text) = texts[control].text
        else { return texts }
        switch texts[1 - control].text {
        case .success(let other) where other != text: break
        case .success:
            let problem =
                "both sides are asked for the same series: the query needs ${scope}, and the scopes labels that differ"
            texts[control].text = .failure(SamplingFailure(kind: .badQuery, message: problem))
        case .failure(let failure): texts[control].text = .failure(failure)
        }
        return texts
    }

    /// Another release would ask the same for the experiment: its series may be older than the release.
    package func isOfAnyRelease(_ query: String) -> Bool {
        guard let template = try? Self.template(query), let own = try? template.expand(experiment) else { return false }
        return (try? template.expand(other)) == own
    }

    private static func template(_ query: String) throws(SamplingFailure) -> QueryTemplate {
        do throws(QueryTemplateError) { return try QueryTemplate(parsing: query) } catch {
            throw SamplingFailure(kind: .unresolvedVariable, message: String(describing: error))
        }
    }

    private func expand(_ template: QueryTemplate, _ side: Side) throws(SamplingFailure) -> String {
        do throws(QueryTemplateError) { return try template.expand(side == .control ? control : experiment) } catch {
            throw SamplingFailure(kind: .unresolvedVariable, message: String(describing: error))
        }
    }
}

extension DeployEvent {
    fileprivate var ofAnotherRelease: DeployEvent {
        var event = self
        event.version += "."
        event.revision = revision.map { $0 + "." }
        return event
    }
}

extension QueryVariables {
    fileprivate init(
        _ labels: ScopeLabels,
        _ values: [String: String],
        _ schedule: AnalysisSchedule,
        window: Duration
    ) {
        self.init(
            scope: labels.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
            values: values,
            step: schedule.step.compactText,
            interval: schedule.interval.compactText,
            window: window.compactText
        )
    }
}
