package import Analysis

/// The PromQL of one session's metrics: the plan's templates with the session's values put in, for both sides.
package struct ScopedQueries: Sendable {
    private let labels: (control: ScopeLabels, experiment: ScopeLabels)
    private let control: QueryVariables
    private let experiment: QueryVariables
    /// Both sides are read at the same time.
    private let isOfOneTime: Bool

    package init(of session: AnalysisSession) {
        let values = Self.values(of: session.event)
        labels = Self.labels(of: session, values)
        let schedule = session.plan.schedule
        let window = session.schedule.look(session.schedule.count).window.duration
        control = QueryVariables(labels.control, values, schedule, window: window)
        experiment = QueryVariables(labels.experiment, values, schedule, window: window)
        isOfOneTime = session.controlOffset == .zero
    }

    /// The plan's labels completed by the event's. A comparison with the past reads the experiment's own series.
    package func labels(of side: Side) -> ScopeLabels { side == .control ? labels.control : labels.experiment }

    package func text(of metric: PlannedMetric, side: Side) throws(SamplingFailure) -> String {
        try expand(Self.template(of: metric), side)
    }

    /// What is asked for each side of a metric. A comparison of a series with itself passes every release: it is refused.
    package func texts(of metric: PlannedMetric) -> [(side: Side, text: Result<String, SamplingFailure>)] {
        let template = Result { () throws(SamplingFailure) in try Self.template(of: metric) }
        var texts = metric.sides.map { side in
            (side: side, text: Result { () throws(SamplingFailure) in try expand(try template.get(), side) })
        }
        guard texts.count == 2, !metric.muted, isOfOneTime,
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

    private static func template(of metric: PlannedMetric) throws(SamplingFailure) -> QueryTemplate {
        do throws(QueryTemplateError) { return try QueryTemplate(parsing: metric.query) } catch {
            throw SamplingFailure(kind: .unresolvedVariable, message: String(describing: error))
        }
    }

    private func expand(_ template: QueryTemplate, _ side: Side) throws(SamplingFailure) -> String {
        do throws(QueryTemplateError) { return try template.expand(side == .control ? control : experiment) } catch {
            throw SamplingFailure(kind: .unresolvedVariable, message: String(describing: error))
        }
    }

    private static func labels(
        of session: AnalysisSession,
        _ values: [String: String]
    ) -> (control: ScopeLabels, experiment: ScopeLabels) {
        let (plan, event) = (session.plan.scopes, session.event)
        let experiment = resolved(plan.experiment ?? [:], values).merging(event.experiment ?? [:]) { $1 }
        let control: ScopeLabels =
            switch (event.control, plan.control) {
            case (.before?, _), (nil, .before?): experiment
            case (.labels(let own)?, .labels(let planned)?): resolved(planned, values).merging(own) { $1 }
            case (.labels(let own)?, _): own
            case (nil, .labels(let planned)?): resolved(planned, values)
            case (nil, nil): [:]
            }
        return (control, experiment)
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
