import Analysis
import Testing

@testable import EventFormats

extension HookReaderTests {
    private static func cdEvent(_ type: String, artifact: String, customData: String = "{}") -> String {
        #"""
        {"context":{"specversion":"0.5.1","id":"e-1","source":"/ci/123","type":"\#(type)",
        "timestamp":"2026-11-30T10:00:00Z"},"subject":{"id":"service/myapp","source":"/eu/shop",
        "content":{"environment":{"id":"prod"},"artifactId":"\#(artifact)"}},"customData":\#(customData)}
        """#
    }

    @Test(
        "Services of CDEvents, of versions 0.4 and 0.5",
        arguments: [
            ("dev.cdevents.service.deployed.0.2.0", DeployEvent.Phase.deployed),
            ("dev.cdevents.service.upgraded.0.3.0", .deployed), ("dev.cdevents.service.rolledback.0.3.0", .cancelled),
            ("dev.cdevents.service.removed.0.2.0", .cancelled),
        ]
    )
    func cdEvents(type: String, phase: DeployEvent.Phase) throws {
        let text = Self.cdEvent(type, artifact: "pkg:oci/myapp@sha256%3A0b31?repository_url=x&tag=2.4.0")
        let raw = try deployed(read(.cdevents, text))
        #expect(raw.application == "myapp" && raw.environment == "prod" && raw.version == "2.4.0")
        #expect(
            raw.imageDigest == "sha256:0b31" && raw.cluster == "eu" && raw.namespace == "shop" && raw.phase == phase
        )
        #expect(raw.identity == EventIdentity(source: "/ci/123", id: "e-1"))
        let cloudEvent = CloudEvent(
            id: "e-1",
            source: "/ci/123",
            type: type,
            dataContentType: "application/json",
            data: Array(text.utf8)
        )
        #expect(HookReader().read(cloudEvent) == .deploy(raw))
        let (headers, body) = CloudEventHTTPBinding.binary(cloudEvent)
        #expect(HookReader().read(.cdevents, headers: headers, body: body) == .deploy(raw))
    }

    @Test func cdEventsWithoutATagAndWithCustomData() throws {
        let type = "dev.cdevents.service.deployed.0.3.0"
        let bare = try deployed(read(.cdevents, Self.cdEvent(type, artifact: "pkg:oci/myapp@sha256%3A0b31")))
        #expect(bare.version == "sha256:0b31")
        let custom = #"{"version":"2.4.0","weight":10,"experiment":{"labels":{"track":"canary"}}}"#
        let event = try deployed(read(.cdevents, Self.cdEvent(type, artifact: "pkg:oci/a@1", customData: custom)))
        #expect(event.version == "2.4.0" && event.weight == 10 && event.experiment == ["track": "canary"])
        guard case .ignored = read(.cdevents, Self.cdEvent("dev.cdevents.build.finished.0.2.0", artifact: "pkg:a"))
        else {
            Issue.record("a build was used")
            return
        }
    }

    @Test func keptnTellsOfADeployment() throws {
        func event(_ type: String, result: String = "pass", status: String = "succeeded") -> CloudEvent {
            let data =
                #"{"project":"p","stage":"production","service":"shop","result":"\#(result)","status":"\#(status)","#
                + #""labels":{"version":"2.4.0"},"deployment":{"gitCommit":"abc"}}"#
            return CloudEvent(
                id: "k-1",
                source: "helm-service",
                type: "sh.keptn.event.\(type)",
                dataContentType: "application/json",
                data: Array(data.utf8)
            )
        }
        let deploy = try #require(HookReader().read(event("deployment.finished")))
        let found = try deployed(deploy)
        #expect(found.application == "shop" && found.environment == "production" && found.version == "2.4.0")
        #expect(found.revision == "abc" && found.phase == .deployed)
        let back = try #require(HookReader().read(event("rollback.finished")))
        #expect(try deployed(back).phase == .cancelled)
        for event in [
            event("deployment.triggered"), event("evaluation.finished"), event("deployment.finished", result: "fail"),
            event("deployment.finished", result: "FAIL"), event("deployment.finished", status: "aborted"),
            event("deployment.finished", status: "unknown"),
        ] {
            guard case .ignored = HookReader().read(event) else {
                Issue.record("\(event.type) was used")
                continue
            }
        }
        #expect(HookReader().read(CloudEvent(id: "1", source: "s", type: "com.example.other")) == nil)
    }
}
