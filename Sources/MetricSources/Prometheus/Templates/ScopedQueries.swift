package import Analysis
import PromQL

/// The PromQL of one session's metrics: the plan's templates with the session's values put in, for both sides.
package struct ScopedQueries: Sendable {
    private let labels: (control: ScopeLabels, experiment: ScopeLabels)
    private let control: QueryVariables
    private let experiment: QueryVariables
    /// Both sides are read at the same time.
    private let isOfOneTime: Bool
    /// Nil where each side has series of its own.
    private let division: SeriesDivision?

    /// - Parameter controlLag: how much earlier the control is read, beside what the session says.
    package init(
        of session: AnalysisSession,
        dividing division: SeriesDivision? = nil,
        controlLag: Duration = .zero
    ) {
        let (event, scopes) = (session.event, session.plan.scopes)
        let values = ScopeVariable.values(of: event)
        labels = (scopes.labels(of: .control, for: event), scopes.labels(of: .experiment, for: event))
        let schedule = session.plan.schedule
        let window = session.schedule.look(session.schedule.count).window.duration
        control = QueryVariables(labels.control, values, schedule, window: window)
        experiment = QueryVariables(labels.experiment, values, schedule, window: window)
        isOfOneTime = session.controlOffset + controlLag == .zero
        self.division = division
    }

    /// The plan's labels completed by the event's.
    package func labels(of side: Side) -> ScopeLabels {
        (division?.divided ?? side) == .control ? labels.control : labels.experiment
    }

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

    /// Another release would ask the same for the experiment: its series may be older than the release. What is divided is.
    package func isOfAnyRelease(_ query: String, in session: AnalysisSession) -> Bool {
        guard division == nil else { return true }
        let event = session.event.ofAnotherRelease
        let other = QueryVariables(
            scope: session.plan.scopes.labels(of: .experiment, for: event).sorted { $0.key < $1.key }.map { ($0, $1) },
            values: ScopeVariable.values(of: event),
            step: experiment.step,
            interval: experiment.interval,
            window: experiment.window
        )
        guard let template = try? Self.template(query), let own = try? template.expand(experiment) else { return false }
        return (try? template.expand(other)) == own
    }

    /// A query for the values that a label has in the series of one side: those that the first selector of the query
    /// gives which differs between the sides.
    package func values(
        of label: String,
        in query: String,
        of side: Side
    ) throws(SamplingFailure) -> String {
        let template = try Self.template(query)
        let selectors = try expression(template, side).selectors
        let others = try expression(template, side.other).selectors
        guard selectors.count == others.count, var selector = zip(selectors, others).first(where: { $0 != $1 })?.0
        else { throw Self.undivided("no part of it depends on the side") }
        selector.modifiers = TimeModifiers()
        return "group by (\(label)) (\(PromQLExpression.selector(selector).text))"
    }

    private static func template(_ query: String) throws(SamplingFailure) -> QueryTemplate {
        do throws(QueryTemplateError) { return try QueryTemplate(parsing: query) } catch {
            throw SamplingFailure(kind: .unresolvedVariable, message: String(describing: error))
        }
    }

    private func expand(_ template: QueryTemplate, _ side: Side) throws(SamplingFailure) -> String {
        guard let division else { return try expanded(template, side) }
        return try divided(template, division, side)
    }

    private func expanded(_ template: QueryTemplate, _ side: Side) throws(SamplingFailure) -> String {
        do throws(QueryTemplateError) { return try template.expand(side == .control ? control : experiment) } catch {
            throw SamplingFailure(kind: .unresolvedVariable, message: String(describing: error))
        }
    }

    // MARK: - Division

    /// What tells the sides apart is what is divided: selectors that are the same for both, such as that of all requests,
    /// stay as they are.
    private func divided(
        _ template: QueryTemplate,
        _ division: SeriesDivision,
        _ side: Side
    ) throws(SamplingFailure) -> String {
        let own = try expression(template, division.divided)
        let others = try expression(template, division.divided.other).selectors
        guard own.selectors.count == others.count else { throw Self.undivided("its sides differ in more than labels") }
        let pattern = division.pattern(of: side)
        var rest = others[...]
        return own.changingSelectors { selector in
            guard rest.popFirst() != selector else { return }
            selector.add(division.label, .matches, literal: pattern)
        }.text
    }

    private func expression(_ template: QueryTemplate, _ side: Side) throws(SamplingFailure) -> PromQLExpression {
        let text = try expanded(template, side)
        do throws(PromQLError) { return try PromQLParser.parse(text) } catch {
            throw Self.undivided("\(error)")
        }
    }

    private static func undivided(_ reason: String) -> SamplingFailure {
        SamplingFailure(kind: .badQuery, message: "the query cannot be asked for a part of a side: \(reason)")
    }
}

extension Side {
    fileprivate var other: Side { self == .control ? .experiment : .control }
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
