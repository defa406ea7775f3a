package import Analysis
package import JSON
import Text

/// Why a request for a past window cannot be used, in one sentence that names the member.
package struct PastWindowError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// Reads what is asked of a past window: the members of a deploy event's data, and the times of both sides.
package enum PastWindowDecoder {
    /// Where the events of these analyses come from, which nothing has sent.
    package static let source = "/v1/analyses"

    private static let members = [
        "application", "cluster", "control", "deployedAt", "environment", "experiment", "namespace", "plan", "planName",
        "revision", "version", "weight",
    ]
    private static let sideMembers = ["end", "labels", "start"]

    package static func decode(_ bytes: [UInt8], id: String) throws(PastWindowError) -> PastWindowRequest {
        let fields = try JSONFields(body: bytes, members: members)
        do { return try request(fields, id) } catch { throw PastWindowError("\(error)") }
    }

    private static func request(_ data: JSONFields, _ id: String) throws -> PastWindowRequest {
        let control = try data.fields("control")
        let experiment = try data.fields("experiment")
        for side in [control, experiment].compactMap(\.self) { try side.check(members: sideMembers) }
        let window = try experiment.flatMap(window)
        let deployed = try data.time("deployedAt")
        if window != nil, deployed != nil {
            throw data.error("deployedAt", "give either this or the experiment's start and end")
        }
        let event = DeployEvent(
            identity: EventIdentity(source: source, id: id),
            time: deployed,
            application: try data.required("application", try data.text("application")),
            environment: try data.required("environment", try data.text("environment")),
            namespace: try data.text("namespace"),
            cluster: try data.text("cluster"),
            version: try data.required("version", try data.text("version")),
            revision: try data.text("revision"),
            control: try labels(control).map { .labels($0) },
            experiment: try labels(experiment),
            weight: try data.number("weight"),
            planName: try data.text("planName"),
            inlinePlan: try DeployEventDecoder.inlinePlan(data)
        )
        if event.planName != nil, event.inlinePlan != nil {
            throw data.error("planName", "give either this or a plan")
        }
        try event.validate()
        return PastWindowRequest(event: event, window: window, controlWindow: try control.flatMap(Self.window))
    }

    private static func labels(_ side: JSONFields?) throws(JSONFieldError) -> ScopeLabels? {
        guard let side, side.contains("labels") else { return nil }
        return try DeployEventDecoder.labels(of: side)
    }

    /// Nil where the side has neither start nor end.
    private static func window(_ side: JSONFields) throws(JSONFieldError) -> TimeWindow? {
        switch (try side.time("start"), try side.time("end")) {
        case (nil, nil): return nil
        case (let start?, let end?): return TimeWindow(start: start, end: end)
        case (nil, _?): throw side.error("start", "is required beside end")
        case (_?, nil): throw side.error("end", "is required beside start")
        }
    }
}

extension JSONFields {
    /// The members of a body, which are these and no others.
    package init(body bytes: [UInt8], members: [String]) throws(PastWindowError) {
        do {
            let value = try JSONParser.parse(bytes, maximumDepth: EventLimits().maximumDepth)
            guard let object = value.object else {
                throw PastWindowError("the body must be an object, not \(value.kind)")
            }
            self.init(object)
            try check(members: members)
        } catch let error as JSONParseError {
            throw PastWindowError("the body is no JSON: \(error)")
        } catch {
            throw PastWindowError("\(error)")
        }
    }

    /// A member that is not known is refused: a person has written it, and means something by it.
    package func check(members known: [String]) throws(JSONFieldError) {
        guard let name = names.first(where: { !known.contains($0) }) else { return }
        throw error(name.excerpt(), "is not known; known are \(known.joined(separator: ", "))")
    }
}
