import Analysis
import EventFormats
import JSON
import Text

/// Which plan is tried, for which release.
struct PlanTrialRequest: Sendable {
    enum Plan: Sendable, Equatable {
        case text(String)
        case name(String)
    }

    let plan: Plan
    private let given: LiveRelease

    /// More queries take longer than a caller waits.
    static let mostMetrics = 100

    private static let members = [
        "application", "control", "environment", "experiment", "namespace", "plan", "planName", "version", "weight",
    ]

    init(_ bytes: [UInt8]) throws(PastWindowError) {
        let fields = try JSONFields(body: bytes, members: Self.members)
        do {
            switch (try DeployEventDecoder.inlinePlan(fields), try fields.text("planName")) {
            case (let text?, nil): plan = .text(text)
            case (nil, let name?): plan = .name(name)
            default: throw fields.error("plan", "give either this or planName")
            }
            let event = DeployEvent(
                identity: EventIdentity(source: "/v1/plans/try", id: "try"),
                application: try fields.text("application") ?? "-",
                environment: try fields.text("environment") ?? "-",
                namespace: try fields.text("namespace"),
                version: try fields.text("version") ?? "-",
                control: try Self.labels(fields, "control").map { .labels($0) },
                experiment: try Self.labels(fields, "experiment"),
                weight: try fields.number("weight")
            )
            try event.validate()
            given = LiveRelease(
                application: try fields.text("application"),
                environment: try fields.text("environment"),
                version: try fields.text("version"),
                namespace: event.namespace,
                control: try Self.labels(fields, "control") ?? [:],
                experiment: event.experiment ?? [:],
                weight: event.weight
            )
        } catch { throw PastWindowError("\(error)") }
    }

    private static func labels(_ fields: JSONFields, _ side: String) throws -> ScopeLabels? {
        guard let side = try fields.fields(side) else { return nil }
        try side.check(members: ["labels"])
        return try DeployEventDecoder.labels(of: side)
    }

    /// What the caller leaves out, the plan's match says, where it names one.
    func release(of plan: AnalysisPlan) -> LiveRelease {
        var release = given
        release.application = release.application ?? LiveRelease.name(of: plan.match.applications)
        release.environment = release.environment ?? LiveRelease.name(of: plan.match.environments)
        return release
    }
}
