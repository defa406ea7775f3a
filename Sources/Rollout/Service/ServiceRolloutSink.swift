package import Analysis
package import EventFormats
import HTTPTransport

/// Rollout events, handed to the service, which keeps them beside their sessions.
package struct ServiceRolloutSink: RolloutSink {
    private let connection: ServiceConnection

    package init(_ connection: ServiceConnection) {
        self.connection = connection
    }

    package func store(_ event: CloudEvent, of release: ReleaseIdentity) async throws {
        let answer = try await connection.send(
            .post,
            "/v1/actions",
            contentType: "application/cloudevents+json",
            body: CloudEventHTTPBinding.structured(event).body
        )
        // Retention has deleted the session: there is nothing left that the event could belong to.
        guard answer.status != 404 else { return }
    }
}
