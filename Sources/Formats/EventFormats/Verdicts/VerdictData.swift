import Analysis
import JSON
import Judging

/// The data of a verdict event, and how it is kept within its bound.
struct VerdictData {
    private let head: JSONObject
    private var metrics: [MetricVerdict]
    private let start: Timestamp?
    private let step: Duration
    private var withTrails = true
    private var withQueries = true
    private var omitted = 0

    init(_ verdict: Verdict, reportURL: String?) {
        head = Self.head(of: verdict, reportURL: reportURL)
        metrics = verdict.metrics
        start = verdict.window?.start
        step = verdict.step
    }

    /// Leaves out how effects went over the looks first, then queries, then metrics that pass, then metrics from the end, until the data fits.
    consuming func bytes(atMost limit: Int) -> [UInt8] {
        let whole = bytes
        guard whole.count > limit else { return whole }
        withTrails = false
        let withoutTrails = bytes
        guard withoutTrails.count > limit else { return withoutTrails }
        withQueries = false
        let withoutQueries = bytes
        guard withoutQueries.count > limit else { return withoutQueries }
        let failing = metrics.filter { $0.judgement.classification != .pass }
        omitted = metrics.count - failing.count
        metrics = failing
        while !metrics.isEmpty {
            let current = bytes
            if current.count <= limit { return current }
            let dropped = max(1, metrics.count / 4)
            metrics.removeLast(dropped)
            omitted += dropped
        }
        return bytes
    }

    private var bytes: [UInt8] {
        var object = head
        object["metrics"] = .array(
            metrics.map {
                MetricData.write($0, start: start, step: step, withTrail: withTrails, withQueries: withQueries)
            }
        )
        if omitted > 0 { object["metricsOmitted"] = .integer(omitted) }
        return JSONValue.object(object).jsonBytes
    }

    private static func head(of verdict: Verdict, reportURL: String?) -> JSONObject {
        [
            "session": .string(verdict.session),
            "kind": .string(verdict.kind.rawValue),
            "status": .string(verdict.status.rawValue),
            "result": .string(verdict.result.rawValue),
            "score": verdict.score.map { .double($0) },
            "reason": .string(verdict.reason),
            "nextStep": .string(verdict.nextStep),
            "hold": verdict.hold.map { hold in
                .object([
                    "cause": .string(hold.cause.rawValue), "reason": .string(hold.reason),
                    "since": .string(hold.since.rfc3339),
                ])
            },
            "cause": verdict.cause.map { .string($0.rawValue) },
            "decision": verdict.decision.map(decision),
            "application": .string(verdict.application),
            "environment": .string(verdict.environment),
            "namespace": verdict.namespace.map { .string($0) },
            "cluster": verdict.cluster.map { .string($0) },
            "version": .string(verdict.version),
            "imageDigest": verdict.imageDigest.map { .string($0) },
            "revision": verdict.revision.map { .string($0) },
            "workload": verdict.workload.map { .string($0) },
            "weight": verdict.weight.map { .double($0) },
            "deployEvent": event(verdict.deployEvent),
            "repeats": verdict.repeats.map { .array($0.map(event)) },
            "requestDigest": verdict.requestDigest.map { .string($0) },
            "plan": .string(verdict.plan),
            "planOrigin": verdict.planOrigin.map { .string($0.rawValue) },
            "judge": .string(verdict.judge),
            "thresholds": .object([
                "pass": .double(verdict.thresholds.pass), "marginal": .double(verdict.thresholds.marginal),
            ]),
            "openedAt": .string(verdict.openedAt.rfc3339),
            "decidedAt": .string(verdict.decidedAt.rfc3339),
            "look": .object(["number": .integer(verdict.look), "of": .integer(verdict.looks)]),
            "window": .object([
                "start": verdict.window.map { .string($0.start.rfc3339) },
                "end": verdict.window.map { .string($0.end.rfc3339) },
                "stepSeconds": .double(verdict.step.seconds),
            ]),
            "links": reportURL.map { .object(["report": .string($0)]) },
            "groups": .array(verdict.groups.map(group)),
            "warnings": verdict.warnings.isEmpty ? nil : .array(verdict.warnings.map { .string($0) }),
            "changes": verdict.changes.map(OtherChangesData.write),
        ]
    }

    private static func decision(_ decision: PersonDecision) -> JSONValue {
        .object([
            "kind": .string(decision.kind.rawValue), "by": .string(decision.actor), "reason": .string(decision.reason),
            "at": .string(decision.at.rfc3339),
        ])
    }

    private static func event(_ identity: EventIdentity) -> JSONValue {
        .object(["source": .string(identity.source), "id": .string(identity.id)])
    }

    private static func group(_ group: GroupScore) -> JSONValue {
        .object([
            "name": .string(group.name), "score": .double(group.score), "weight": .double(group.weight),
            "noData": .bool(group.noData),
        ])
    }
}
