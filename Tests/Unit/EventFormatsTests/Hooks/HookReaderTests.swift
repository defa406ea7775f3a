import Analysis
import JSON
import Testing

@testable import EventFormats

/// Messages as their systems send them, and what they come to.
@Suite struct HookReaderTests {
    private func read(
        _ format: HookFormat,
        _ body: String,
        _ headers: [EventHeader] = [],
        profiles: [HookProfile] = []
    ) -> HookReading {
        HookReader(profiles: profiles).read(format, headers: headers, body: Array(body.utf8))
    }

    private func deployed(_ reading: HookReading) throws -> DeployEvent {
        guard case .deploy(let event) = reading else {
            Issue.record("not a deployment: \(reading)")
            throw HookError("none")
        }
        return event
    }

    private static func profile(_ format: HookFormat, _ set: [HookField: String]) -> HookProfile {
        HookProfile(format: format, set: set.compactMapValues { HookTemplate($0) })
    }

    // MARK: - Flagger

    private static func flagger(
        phase: String,
        metadata: String = #"{"environment":"production","eventMessage":"New revision detected!","eventType":"Normal"}"#
    ) -> String {
        #"{"name":"podinfo","namespace":"test","phase":"\#(phase)","checksum":"85d557f47b","metadata":\#(metadata)}"#
    }

    @Test func flaggerTellsOfARevision() throws {
        let event = try deployed(read(.flagger, Self.flagger(phase: "Progressing")))
        #expect(event.application == "podinfo" && event.namespace == "test" && event.version == "85d557f47b")
        #expect(event.environment == "production" && event.phase == .deployed)
        #expect(event.identity == EventIdentity(source: "/flagger/test/podinfo", id: "85d557f47b/deployed"))
        let back = try deployed(read(.flagger, Self.flagger(phase: "Failed")))
        #expect(back.phase == .cancelled && back.version == event.version && back.identity != event.identity)
        for phase in ["Initializing", "Waiting", "WaitingPromotion", "Promoting", "Finalising", "Succeeded"] {
            guard case .ignored(let reason) = read(.flagger, Self.flagger(phase: phase)) else {
                Issue.record("\(phase) was used")
                continue
            }
            #expect(reason.contains(phase))
        }
    }

    @Test("What the metadata names wins over what Flagger names, and a profile over both")
    func metadataAndProfiles() throws {
        let metadata = #"{"environment":"production","application":"shop","version":"2.4.0","planName":"web"}"#
        let event = try deployed(read(.flagger, Self.flagger(phase: "Progressing", metadata: metadata)))
        #expect(event.application == "shop" && event.version == "2.4.0" && event.planName == "web")
        var profile = Self.profile(.flagger, [.environment: "eu-${namespace}", .cluster: "eu"])
        profile.control = .labels(["app": try #require(HookTemplate("${name}-primary"))])
        profile.experiment = ["app": try #require(HookTemplate("${name}"))]
        let completed = try deployed(
            read(.flagger, Self.flagger(phase: "Progressing", metadata: "{}"), profiles: [profile])
        )
        #expect(completed.environment == "eu-test" && completed.cluster == "eu")
        #expect(completed.control == .labels(["app": "podinfo-primary"]) && completed.experiment == ["app": "podinfo"])
    }

    @Test("The first profile that fits counts, and one of another format or application fits not")
    func profilesAreChosen() throws {
        var other = Self.profile(.flagger, [.environment: "other"])
        other.applications = ["shop*"]
        let foreign = Self.profile(.github, [.environment: "github"])
        var named = Self.profile(.flagger, [.environment: "named"])
        (named.applications, named.namespaces) = (["pod*"], ["test"])
        let last = Self.profile(.flagger, [.environment: "last"])
        let message = Self.flagger(phase: "Progressing", metadata: "{}")
        #expect(
            try deployed(read(.flagger, message, profiles: [other, foreign, named, last])).environment == "named"
        )
        #expect(try deployed(read(.flagger, message, profiles: [other, last])).environment == "last")
    }

    // MARK: - GitHub

    private static func github(
        state: String = "success",
        payload: String = "{}"
    ) -> String {
        #"""
        {"action":"created","deployment_status":{"id":1,"state":"\#(state)","created_at":"2026-11-30T10:00:00Z"},
        "deployment":{"id":2,"sha":"a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d","ref":"v2.4.0","environment":"production",
        "payload":\#(payload)},"repository":{"name":"shop","full_name":"octo/shop"}}
        """#
    }

    private static func headers(_ event: String = "deployment_status") -> [EventHeader] {
        [EventHeader("x-github-event", event), EventHeader("X-GitHub-Delivery", "72d3162e-cc78")]
    }

    @Test func gitHubTellsOfADeployment() throws {
        let event = try deployed(read(.github, Self.github(), Self.headers()))
        #expect(event.application == "shop" && event.environment == "production")
        #expect(event.version == "a84d88e7554fc1fa21bcbc4efae3c782a70d2b9d")
        #expect(event.identity == EventIdentity(source: "/github/octo/shop", id: "72d3162e-cc78"))
        #expect(event.time == Timestamp(rfc3339: "2026-11-30T10:00:00Z"))
        for (state, phase) in [
            ("failure", DeployEvent.Phase.cancelled), ("error", .cancelled), ("inactive", .cancelled),
        ] {
            #expect(try deployed(read(.github, Self.github(state: state), Self.headers())).phase == phase)
        }
        for (state, kind) in [
            ("pending", "deployment_status"), ("in_progress", "deployment_status"), ("success", "deployment"),
            ("success", "ping"),
        ] {
            guard case .ignored = read(.github, Self.github(state: state), Self.headers(kind)) else {
                Issue.record("\(state) of \(kind) was used")
                continue
            }
        }
    }

    @Test(arguments: [
        #"{"canary":true,"version":"2.4.0","weight":10,"control":{"labels":{"track":"stable"}},"experiment":{"labels":{"track":"canary"}}}"#,
        #""{\"canary\":true,\"version\":\"2.4.0\",\"weight\":10,\"control\":{\"labels\":{\"track\":\"stable\"}},\"experiment\":{\"labels\":{\"track\":\"canary\"}}}""#,
    ])
    func thePayloadSaysWhatGitHubHasNoPlaceFor(payload: String) throws {
        let event = try deployed(read(.github, Self.github(state: "in_progress", payload: payload), Self.headers()))
        #expect(event.version == "2.4.0" && event.weight == 10)
        #expect(event.control == .labels(["track": "stable"]) && event.experiment == ["track": "canary"])
    }

    // MARK: - Argo

    private static func rollout(_ status: String, annotations: String = "{}") -> String {
        #"""
        {"rollout":{"metadata":{"name":"checkout","namespace":"shop","annotations":\#(annotations)},
        "spec":{"template":{"spec":{"containers":[{"name":"c","image":"registry:5000/checkout:2.4.0"}]}},
        "strategy":{"canary":{"steps":[{"setWeight":20},{"pause":{}},{"setWeight":50},{"pause":{}}]}}},
        "status":\#(status)}}
        """#
    }

    @Test func argoRolloutsTellsOfAPause() throws {
        let paused =
            #"{"phase":"Paused","currentPodHash":"bbbb","stableRS":"aaaa","currentStepIndex":1,"#
            + #""pauseConditions":[{"reason":"CanaryPauseStep","startTime":"2026-11-30T10:00:00Z"}]}"#
        let annotations = #"{"assay.dev/environment":"production","assay.dev/cluster":"eu","other":"x"}"#
        let event = try deployed(read(.argo, Self.rollout(paused, annotations: annotations)))
        #expect(event.application == "checkout" && event.workload == "checkout" && event.namespace == "shop")
        #expect(event.environment == "production" && event.cluster == "eu" && event.version == "2.4.0")
        #expect(event.revision == "bbbb" && event.weight == 20)
        #expect(event.control == .labels(["rollouts_pod_template_hash": "aaaa"]))
        #expect(event.experiment == ["rollouts_pod_template_hash": "bbbb"])
        #expect(event.identity.id == "bbbb/2026-11-30T10:00:00Z")
        let aborted = #"{"phase":"Degraded","abort":true,"currentPodHash":"bbbb","stableRS":"aaaa"}"#
        #expect(try deployed(read(.argo, Self.rollout(aborted, annotations: annotations))).phase == .cancelled)
        guard case .ignored = read(.argo, Self.rollout(#"{"phase":"Healthy","currentPodHash":"bbbb"}"#)) else {
            Issue.record("a healthy Rollout was used")
            return
        }
        guard case .malformed(let reason) = read(.argo, Self.rollout(paused)) else {
            Issue.record("a Rollout without an environment was used")
            return
        }
        #expect(reason.contains("environment") && reason.contains("hooks.profilesFile"))
    }

    @Test func argoCDTellsOfASync() throws {
        func application(_ phase: String, _ health: String) -> String {
            #"""
            {"app":{"metadata":{"name":"checkout","namespace":"argocd","annotations":{"assay.dev/environment":"production"}},
            "spec":{"destination":{"namespace":"shop","name":"in-cluster"}},"status":{"health":{"status":"\#(health)"},
            "operationState":{"phase":"\#(phase)","finishedAt":"2026-11-30T10:00:00Z","syncResult":{"revision":"abc"}}}}}
            """#
        }
        let event = try deployed(read(.argo, application("Succeeded", "Healthy")))
        #expect(event.version == "abc" && event.namespace == "shop" && event.cluster == "in-cluster")
        #expect(event.identity.source == "/argo-cd/argocd/checkout")
        #expect(try deployed(read(.argo, application("Failed", "Degraded"))).phase == .cancelled)
        guard case .ignored = read(.argo, application("Succeeded", "Progressing")) else {
            Issue.record("an application that is not healthy yet was used")
            return
        }
    }

    // MARK: - Spinnaker

    private static let details = #"{"type":"orca:stage:complete","application":"shop","created":"1796000000000"}"#
    private static let content =
        #"{"context":{"stageDetails":{"type":"deployManifest"}},"execution":{"trigger":{"parameters":{"version":"2.4.0"}}}}"#

    private static let spinnakerProfile = profile(
        .spinnaker,
        [.environment: "production", .version: "${content.execution.trigger.parameters.version}"]
    )

    @Test(
        "As it is, wrapped, and flattened",
        arguments: [
            #"{"details":DETAILS,"content":CONTENT,"eventId":"e-1"}"#,
            #"{"eventName":"spinnaker_events","payload":{"details":DETAILS,"content":CONTENT,"eventId":"e-1"}}"#,
            #"{"details":"FLATDETAILS","content":"FLATCONTENT","eventId":"e-1"}"#,
        ]
    )
    func spinnaker(shape: String) throws {
        func flat(_ text: String) -> String { text.replacing("\"", with: "\\\"") }
        let message = shape.replacing("FLATDETAILS", with: flat(Self.details))
            .replacing("FLATCONTENT", with: flat(Self.content)).replacing("DETAILS", with: Self.details)
            .replacing("CONTENT", with: Self.content)
        let event = try deployed(read(.spinnaker, message, profiles: [Self.spinnakerProfile]))
        #expect(event.application == "shop" && event.version == "2.4.0" && event.environment == "production")
        #expect(event.identity == EventIdentity(source: "/spinnaker/shop", id: "e-1"))
        #expect(event.time == Timestamp(milliseconds: 1_796_000_000_000))
        guard case .malformed = read(.spinnaker, message) else {
            Issue.record("a version was guessed")
            return
        }
    }

    @Test func otherStagesOfSpinnakerAreNotUsed() {
        for (type, stage) in [
            ("orca:stage:starting", "deployManifest"), ("orca:stage:complete", "wait"),
            ("orca:task:complete", "deploy"),
            ("orca:pipeline:complete", "deploy"),
        ] {
            let message =
                #"{"details":{"type":"\#(type)","application":"shop"},"content":{"context":{"type":"\#(stage)"}},"eventId":"e"}"#
            guard case .ignored = read(.spinnaker, message, profiles: [Self.spinnakerProfile]) else {
                Issue.record("\(type) \(stage) was used")
                continue
            }
        }
    }

    // MARK: - CloudEvents of others

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
        func event(_ type: String, result: String = "pass") -> CloudEvent {
            let data =
                #"{"project":"p","stage":"production","service":"shop","result":"\#(result)","status":"succeeded","#
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
        ] {
            guard case .ignored = HookReader().read(event) else {
                Issue.record("\(event.type) was used")
                continue
            }
        }
        #expect(HookReader().read(CloudEvent(id: "1", source: "s", type: "com.example.other")) == nil)
    }

    // MARK: - What is wrong

    @Test(arguments: HookFormat.allCases)
    func whatIsNoMessageIsRefused(format: HookFormat) {
        let deep = String(repeating: "[", count: 500)
        for body in [
            "", "[]", "7", "{", deep, "{}", #"{"name":7}"#, #"{"rollout":7,"app":[]}"#, #"{"details":"x"}"#,
            #"{"context":{"type":7}}"#, "\u{0}",
        ] {
            guard case .malformed(let reason) = read(format, body, Self.headers()) else {
                Issue.record("\(format) took \(body.prefix(40))")
                continue
            }
            #expect(!reason.isEmpty && reason.utf8.count < 1000)
        }
    }

    @Test func namesAreHeldToTheRulesOfEvents() {
        for metadata in [
            #"{"environment":""}"#, #"{"environment":7}"#, #"{"environment":"a\u0007"}"#, #"{"environment":"a "}"#,
            #"{"environment":"\#(String(repeating: "x", count: 300))"}"#, #"{"environment":"p","weight":101}"#,
            #"{"environment":"p","control":{}}"#,
        ] {
            guard case .malformed = read(.flagger, Self.flagger(phase: "Progressing", metadata: metadata)) else {
                Issue.record("\(metadata) was taken")
                continue
            }
        }
    }

    @Test(arguments: [
        ("a", "a"), ("${name}", "podinfo"), ("${name}-${metadata.n}/x", "podinfo-7/x"), ("${list.1}", "b"),
        ("$name {x} }", "$name {x} }"),
    ])
    func templatesAreFilled(text: String, filled: String) throws {
        let message = try #require(
            try JSONParser.parse(
                Array(#"{"name":"podinfo","metadata":{"n":7},"list":["a","b"]}"#.utf8),
                maximumDepth: 8
            )
            .object
        )
        #expect(try #require(HookTemplate(text)).filled(from: message) == filled)
    }

    @Test(arguments: ["${", "${}", "${a..b}", "x${.a}", "${a"])
    func whatIsNoTemplate(text: String) { #expect(HookTemplate(text) == nil) }

    @Test(arguments: ["${nothing}", "${name.x}", "${list.9}", "${list}", "${empty}"])
    func aTemplateThatLeadsNowhereIsSaid(text: String) throws {
        var profile = HookProfile(format: .flagger)
        profile.set = [.environment: try #require(HookTemplate(text))]
        let message =
            #"{"name":"podinfo","namespace":"test","phase":"Progressing","checksum":"1","list":["a"],"empty":""}"#
        guard case .malformed(let reason) = read(.flagger, message, profiles: [profile]) else {
            Issue.record("\(text) was filled")
            return
        }
        #expect(reason.contains("no text at"))
    }
}
