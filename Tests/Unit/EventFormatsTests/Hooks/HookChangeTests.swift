import Analysis
import EventFormats
import Testing

/// What other systems tell of changes that are no releases.
@Suite struct HookChangeTests {
    private static func read(
        _ format: HookFormat,
        _ body: String,
        _ headers: [EventHeader] = [],
        profiles: [HookProfile] = []
    ) -> HookReading {
        HookReader(profiles: profiles).read(format, headers: headers, body: Array(body.utf8))
    }

    private static func changed(_ reading: HookReading) throws -> ChangeEvent {
        guard case .change(let event) = reading else {
            Issue.record("no change: \(reading)")
            throw DeployEventError(field: "", problem: "none")
        }
        return event
    }

    private static func environment(_ type: String, customData: String) -> String {
        """
        {"context":{"type":"dev.cdevents.environment.\(type).0.2.0","source":"/platform","id":"7",
        "timestamp":"2026-03-01T10:00:00Z"},"subject":{"id":"production","content":{}},"customData":\(customData)}
        """
    }

    @Test("An environment that was modified is infrastructure, where its data says which place") func environments()
        throws
    {
        let body = Self.environment("modified", customData: #"{"zone":"eu-a","nodes":["n1"]}"#)
        let event = try Self.changed(Self.read(.cdevents, body))
        #expect(event.kind == .infrastructure && event.environment == "production" && event.application == nil)
        #expect(event.place == ChangeLocation(zone: "eu-a", nodes: ["n1"]) && event.summary == "environment.modified")
        #expect(event.time == Timestamp(rfc3339: "2026-03-01T10:00:00Z"))
        guard case .malformed(let reason) = Self.read(.cdevents, Self.environment("created", customData: "{}")) else {
            Issue.record("its place was guessed")
            return
        }
        #expect(reason.contains("zone"))
    }

    @Test("A message that says its kind is a change, and one that says service a release") func kinds() throws {
        func service(_ kind: String) -> String {
            """
            {"context":{"type":"dev.cdevents.service.deployed.0.2.0","source":"/ci","id":"1"},"subject":{"id":"shop",
            "content":{"environment":{"id":"production"},"artifactId":"pkg:oci/shop@sha256%3Aab?tag=1.2"}},
            "customData":{"kind":"\(kind)"}}
            """
        }
        let event = try Self.changed(Self.read(.cdevents, service("config")))
        #expect(event.kind == .config && event.application == "shop" && event.version == "1.2")
        guard case .deploy = Self.read(.cdevents, service("service")) else {
            Issue.record("no release")
            return
        }
        guard case .malformed(let reason) = Self.read(.cdevents, service("weather")) else {
            Issue.record("a kind that is not known was taken in")
            return
        }
        #expect(reason.contains("kind"))
    }
}
