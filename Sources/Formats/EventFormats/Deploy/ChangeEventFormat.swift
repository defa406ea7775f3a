package import Analysis
package import JSON

/// Changes as CloudEvents: of the type `dev.assay.change.v1`, and those deploy events that name another kind than `service`.
///
/// A type of its own, because a process of version 0.1.0 does not know `kind`, and takes a deploy event for a release whatever
/// it says there. It skips events of types that it does not know.
package enum ChangeEventFormat {
    package static let type = "dev.assay.change.v1"

    static func read(
        _ data: JSONFields,
        identity: EventIdentity,
        kind: ChangeKind,
        time: Timestamp?
    ) throws(JSONFieldError) -> ChangeEvent {
        ChangeEvent(
            identity: identity,
            kind: kind,
            time: time,
            phase: try data.choice("phase", of: DeployEvent.Phase.self) ?? .deployed,
            application: try data.text("application"),
            environment: try data.text("environment"),
            place: ChangeLocation(
                cluster: try data.text("cluster"),
                namespace: try data.text("namespace"),
                zone: try data.text("zone"),
                nodes: try data.texts("nodes") ?? []
            ),
            version: try data.text("version"),
            summary: try data.text("summary")
        )
    }

    /// A change that was taken in, with the identity of its event.
    package static func object(_ change: KnownChange) -> JSONObject {
        var event = change.event
        event.time = change.at
        var object: JSONObject = [
            "source": .string(event.identity.source), "id": .string(event.identity.id),
        ]
        for (name, value) in data(event).members { object[name] = value }
        return object
    }

    package static func encode(_ event: ChangeEvent) -> CloudEvent {
        CloudEvent(
            id: event.identity.id,
            source: event.identity.source,
            type: type,
            subject: event.application,
            time: event.time,
            dataContentType: "application/json",
            data: JSONValue.object(data(event)).jsonBytes
        )
    }

    private static func data(_ event: ChangeEvent) -> JSONObject {
        [
            "kind": .string(event.kind.rawValue),
            "application": event.application.map { .string($0) },
            "environment": event.environment.map { .string($0) },
            "cluster": event.place.cluster.map { .string($0) },
            "namespace": event.place.namespace.map { .string($0) },
            "zone": event.place.zone.map { .string($0) },
            "nodes": event.place.nodes.isEmpty ? nil : .array(event.place.nodes.map { .string($0) }),
            "version": event.version.map { .string($0) },
            "summary": event.summary.map { .string($0) },
            "phase": .string(event.phase.rawValue),
            "time": event.time.map { .string($0.rfc3339) },
        ]
    }
}
