import Analysis
import JSON
import Judging

extension VerdictData {
    static func read(_ data: JSONFields, of event: CloudEvent) throws(JSONFieldError) -> Verdict {
        let look = try data.required("look", try data.fields("look"))
        let window = try data.required("window", try data.fields("window"))
        let thresholds = try data.required("thresholds", try data.fields("thresholds"))
        var verdict = Verdict(
            id: event.id,
            session: try data.required("session", try data.text("session")),
            kind: try data.required("kind", try data.choice("kind", of: VerdictKind.self)),
            status: try data.required("status", try data.choice("status", of: VerdictStatus.self)),
            result: try data.required("result", try data.choice("result", of: JudgementResult.self)),
            score: try data.measurement("score"),
            reason: try data.required("reason", try data.text("reason")),
            nextStep: try data.required("nextStep", try data.text("nextStep")),
            event: try release(data, of: event),
            plan: try data.required("plan", try data.text("plan")),
            judge: try data.required("judge", try data.text("judge")),
            thresholds: Thresholds(
                pass: try thresholds.required("pass", try thresholds.number("pass")),
                marginal: try thresholds.required("marginal", try thresholds.number("marginal"))
            ),
            openedAt: try data.required("openedAt", try data.time("openedAt")),
            decidedAt: try data.required("decidedAt", try data.time("decidedAt")),
            look: try look.required("number", try look.integer("number")),
            looks: try look.required("of", try look.integer("of")),
            step: try duration(window, "stepSeconds")
        )
        if let hold = try data.fields("hold") {
            verdict.hold = Hold(
                cause: try hold.required("cause", try hold.choice("cause", of: HoldCause.self)),
                reason: try hold.required("reason", try hold.text("reason")),
                since: try hold.required("since", try hold.time("since"))
            )
        }
        if let start = try window.time("start") {
            verdict.window = TimeWindow(start: start, end: try window.required("end", try window.time("end")))
        }
        for group in try data.objects("groups") ?? [] {
            verdict.groups.append(try self.group(group))
        }
        for metric in try data.objects("metrics") ?? [] {
            verdict.metrics.append(try MetricData.read(metric))
        }
        verdict.repeats = try data.objects("repeats").map { (events) throws(JSONFieldError) in
            var identities: [EventIdentity] = []
            for event in events { identities.append(try identity(event)) }
            return identities
        }
        // Events of version 0.1.0 have none of these.
        verdict.requestDigest = try data.text("requestDigest")
        verdict.cause = try data.choice("cause", of: UndecidedCause.self)
        verdict.planOrigin = try data.choice("planOrigin", of: PlanOrigin.self)
        verdict.decision = try data.fields("decision").map { (part) throws(JSONFieldError) in try decision(part) }
        verdict.warnings = try data.texts("warnings") ?? []
        verdict.changes = try data.fields("changes").map(OtherChangesData.read)
        return verdict
    }

    private static func release(_ data: JSONFields, of event: CloudEvent) throws(JSONFieldError) -> DeployEvent {
        DeployEvent(
            identity: try identity(try data.required("deployEvent", try data.fields("deployEvent"))),
            application: try data.required("application", try data.text("application")),
            environment: try data.required("environment", try data.text("environment")),
            namespace: try data.text("namespace"),
            cluster: try data.text("cluster"),
            version: try data.required("version", try data.text("version")),
            imageDigest: try data.text("imageDigest"),
            revision: try data.text("revision"),
            workload: try data.text("workload"),
            weight: try data.number("weight"),
            traceparent: event.extensions["traceparent"]
        )
    }

    private static func decision(_ fields: JSONFields) throws(JSONFieldError) -> PersonDecision {
        PersonDecision(
            kind: try fields.required("kind", try fields.choice("kind", of: PersonDecision.Kind.self)),
            actor: try fields.required("by", try fields.text("by")),
            reason: try fields.required("reason", try fields.text("reason")),
            at: try fields.required("at", try fields.time("at"))
        )
    }

    private static func identity(_ fields: JSONFields) throws(JSONFieldError) -> EventIdentity {
        EventIdentity(
            source: try fields.required("source", try fields.text("source")),
            id: try fields.required("id", try fields.text("id"))
        )
    }

    private static func group(_ fields: JSONFields) throws(JSONFieldError) -> GroupScore {
        GroupScore(
            name: try fields.required("name", try fields.text("name")),
            score: try fields.required("score", try fields.measurement("score")),
            weight: try fields.required("weight", try fields.measurement("weight")),
            noData: try fields.bool("noData") ?? false
        )
    }

    /// Seconds, rounded to milliseconds.
    private static func duration(_ fields: JSONFields, _ name: String) throws(JSONFieldError) -> Duration {
        let seconds = try fields.required(name, try fields.number(name))
        guard (0...1e12).contains(seconds) else { throw fields.error(name, "is not a length of time in seconds") }
        return .milliseconds(Int64((seconds * 1000).rounded()))
    }
}
