import Analysis
import EventFormats
import JSON
import Testing

@Suite struct DeployEventEncoderTests {
    static let full = DeployEvent(
        identity: EventIdentity(source: "/ci", id: "ü/1"),
        time: Timestamp(milliseconds: 1_700_000_000_001),
        phase: .cancelled,
        application: "a b",
        environment: "prod",
        namespace: "n",
        cluster: "c",
        version: "1.10",
        imageDigest: "sha256:ff",
        revision: "r",
        workload: "w",
        control: .before(.seconds(5400)),
        experiment: ["track": "canary", "quote": "a\"b\\c"],
        weight: 12.5,
        planName: "p",
        inlinePlan: #"{"name":"x","metrics":[]}"#,
        traceparent: "00-a-b-01"
    )

    @Test(
        "The decoder reads what was written, in both modes",
        arguments: [
            full,
            DeployEvent(
                identity: EventIdentity(source: "s", id: "i"),
                application: "a",
                environment: "e",
                version: "1",
                control: .labels(["track": "stable"]),
                inlinePlan: "name: yaml\n"
            ),
        ]
    )
    func roundTrip(event: DeployEvent) throws {
        let encoded = DeployEventEncoder.encode(event)
        #expect(DeployEventDecoder.decode(encoded) == .deploy(event))
        let record = CloudEventKafkaBinding.structured(encoded)
        let carried = try CloudEventKafkaBinding.decode(value: record.value, headers: record.headers)
        #expect(DeployEventDecoder.decode(carried) == .deploy(event))
        let value = try JSONParser.parse(try #require(record.value), maximumDepth: 32)
        #expect(try EventDocuments.schema("deploy").problems(of: value) == [])
    }

    @Test func attributes() {
        let event = DeployEventEncoder.encode(Self.full)
        #expect(event.subject == "a b/prod")
        #expect(event.time == Self.full.time)
        #expect(event.extensions == ["traceparent": "00-a-b-01"])
    }
}
