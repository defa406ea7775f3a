package import Analysis
package import JSON
import Text

/// What a CloudEvent turned out to be.
package enum DecodedEvent: Sendable, Equatable {
    case deploy(DeployEvent)
    /// A change that opens no analysis.
    case change(ChangeEvent)
    /// An event that is none of ours; it is skipped.
    case unknownType(String)
    /// A deploy event that cannot be used; the reason names the field.
    case malformed(String)
}

/// Reads deploy events of type `dev.assay.deploy.v1`, and changes.
package enum DeployEventDecoder {
    package static let type = "dev.assay.deploy.v1"

    /// Members that are not known are ignored, so that older readers can follow newer senders; wrong types are not.
    package static func decode(_ event: CloudEvent) -> DecodedEvent {
        guard event.type == type || event.type == ChangeEventFormat.type else { return .unknownType(event.type) }
        guard event.hasJSONData else {
            return .malformed("datacontenttype: \"\(event.dataContentType?.excerpt() ?? "")\" is not JSON")
        }
        guard let data = event.data, !data.isEmpty else { return .malformed("data: is missing") }
        do {
            let value = try JSONParser.parse(data, maximumDepth: EventLimits().maximumDepth)
            guard let object = value.object else { return .malformed("data: must be an object, not \(value.kind)") }
            let fields = JSONFields(object)
            let kind = try fields.choice("kind", of: ChangeKind.self)
            if event.type == ChangeEventFormat.type || kind ?? .service != .service {
                let change = try ChangeEventFormat.read(
                    fields,
                    identity: EventIdentity(source: event.source, id: event.id),
                    kind: try fields.required("kind", kind),
                    time: try fields.time("time") ?? event.time
                )
                try change.validate()
                return .change(change)
            }
            let deploy = try read(fields, of: event)
            try deploy.validate()
            return .deploy(deploy)
        } catch let error as JSONParseError {
            return .malformed("data: \(error)")
        } catch {
            return .malformed("\(error)")
        }
    }

    private static func read(_ data: JSONFields, of event: CloudEvent) throws(JSONFieldError) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: event.source, id: event.id),
            time: try data.time("time") ?? event.time,
            phase: try data.choice("phase", of: DeployEvent.Phase.self) ?? .deployed,
            application: try data.required("application", try data.text("application")),
            environment: try data.required("environment", try data.text("environment")),
            namespace: try data.text("namespace"),
            cluster: try data.text("cluster"),
            zone: try data.text("zone"),
            nodes: try data.texts("nodes"),
            version: try data.required("version", try data.text("version")),
            imageDigest: try data.text("imageDigest"),
            revision: try data.text("revision"),
            workload: try data.text("workload"),
            control: try data.fields("control").map(control),
            experiment: try data.fields("experiment").map { (fields) throws(JSONFieldError) in
                try labels(of: fields)
            },
            weight: try data.number("weight"),
            planName: try data.text("planName"),
            inlinePlan: try inlinePlan(data),
            traceparent: try data.text("traceparent") ?? event.extensions["traceparent"]
        )
    }

    static func control(_ fields: JSONFields) throws(JSONFieldError) -> ControlScope {
        switch (fields.contains("labels"), try fields.text("before")) {
        case (true, nil): return .labels(try labels(of: fields))
        case (false, let before?):
            guard let offset = Duration(compactText: before), offset > .zero else {
                throw fields.error("before", "\"\(before.excerpt())\" is not a time such as 30m or 1h30m")
            }
            return .before(offset)
        default: throw fields.error("labels", "give either labels or before (a time such as 30m)")
        }
    }

    package static func labels(of fields: JSONFields) throws(JSONFieldError) -> ScopeLabels {
        let members = try fields.required("labels", try fields.fields("labels"))
        var labels: ScopeLabels = [:]
        for name in members.names {
            labels[name] = try members.required(name, try members.text(name))
        }
        return labels
    }

    package static func inlinePlan(_ data: JSONFields) throws(JSONFieldError) -> String? {
        switch data.present("plan") {
        case nil: return nil
        case .string(let text): return text
        case .object(let object): return JSONValue.object(object).jsonText
        case .some(let other): throw data.error("plan", "must be an object or the text of a plan, not \(other.kind)")
        }
    }
}
