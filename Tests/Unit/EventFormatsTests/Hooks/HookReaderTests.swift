import Analysis
import JSON
import Testing
import Text

@testable import EventFormats

/// Messages as their systems send them, and what they come to.
@Suite struct HookReaderTests {
    func read(
        _ format: HookFormat,
        _ body: String,
        _ headers: [EventHeader] = [],
        profiles: [HookProfile] = []
    ) -> HookReading {
        HookReader(profiles: profiles).read(format, headers: headers, body: Array(body.utf8))
    }

    func deployed(_ reading: HookReading) throws -> DeployEvent {
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
        metadata: String =
            #"{"environment":"production","eventMessage":"Starting canary analysis for podinfo.test","eventType":"Normal","timestamp":"1796000000000"}"#
    ) -> String {
        #"{"name":"podinfo","namespace":"test","phase":"\#(phase)","checksum":"85d557f47b","metadata":\#(metadata)}"#
    }

    @Test func flaggerTellsOfARevision() throws {
        let event = try deployed(read(.flagger, Self.flagger(phase: "Progressing")))
        #expect(event.application == "podinfo" && event.namespace == "test" && event.version == "85d557f47b")
        #expect(event.environment == "production" && event.phase == .deployed)
        #expect(
            event.identity == EventIdentity(source: "/flagger/test/podinfo", id: "85d557f47b/deployed/1796000000000")
        )
        #expect(event.time == Timestamp(milliseconds: 1_796_000_000_000))
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

    @Test("Of Flagger's many messages of a phase one begins an analysis, each time the revision is tried")
    func flaggersMessages() throws {
        func message(_ text: String, at time: Int) -> HookReading {
            let metadata = #"{"environment":"production","eventMessage":"\#(text)","timestamp":"\#(time)"}"#
            return read(.flagger, Self.flagger(phase: "Progressing", metadata: metadata))
        }
        for text in [
            "New revision detected! Scaling up podinfo.test", "Advance podinfo.test canary weight 20",
            "Halt podinfo.test advancement waiting for approval may-grow",
        ] {
            guard case .ignored = message(text, at: 1) else {
                Issue.record("\(text) begins an analysis")
                continue
            }
        }
        let first = try deployed(message("Starting canary analysis for podinfo.test", at: 1))
        let second = try deployed(message("Starting canary analysis for podinfo.test", at: 2))
        #expect(first.identity != second.identity && first.version == second.version)
        // A hook of another type has no message: its revision is one attempt.
        let plain = try deployed(
            read(.flagger, Self.flagger(phase: "Progressing", metadata: #"{"environment":"production"}"#))
        )
        #expect(plain.identity.id == "85d557f47b/deployed")
    }

    @Test("A gate is about what the messages of the same canary tell of")
    func canaries() throws {
        let profile = Self.profile(
            .flagger,
            [.environment: "production", .application: "shop", .version: "v-${checksum}"]
        )
        let body = try #require(
            try JSONParser.parse(Array(Self.flagger(phase: "Waiting", metadata: "{}").utf8), maximumDepth: 8).object
        )
        let found = try deployed(HookReader(profiles: [profile]).canary(body))
        #expect(found.application == "shop" && found.version == "v-85d557f47b" && found.environment == "production")
        guard case .malformed = HookReader().canary(body) else {
            Issue.record("an environment was guessed")
            return
        }
    }

    @Test("A withdrawal of a whole second came after the deployment of that second")
    func wholeSeconds() throws {
        let event = try deployed(read(.github, Self.github(state: "failure"), Self.headers()))
        #expect(event.time == Timestamp(rfc3339: "2026-11-30T10:00:00.999Z"))
    }

    @Test("Only the operator says which application a repository is")
    func repositories() throws {
        let payload = #"{"application":"other","namespace":"eu"}"#
        let event = try deployed(read(.github, Self.github(payload: payload), Self.headers()))
        #expect(event.application == "shop" && event.namespace == "eu")
    }

    // MARK: - GitHub

    private static func github(
        state: String = "success",
        payload: String = "{}",
        description: String = ""
    ) -> String {
        #"""
        {"action":"created","deployment_status":{"id":1,"state":"\#(state)","created_at":"2026-11-30T10:00:00Z",
        "description":"\#(description)"},
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
            ("failure", DeployEvent.Phase.cancelled), ("error", .cancelled),
        ] {
            #expect(try deployed(read(.github, Self.github(state: state), Self.headers())).phase == phase)
        }
        for (state, kind) in [
            ("pending", "deployment_status"), ("inactive", "deployment_status"), ("in_progress", "deployment_status"),
            ("success", "deployment"),
            ("success", "ping"),
        ] {
            guard case .ignored = read(.github, Self.github(state: state), Self.headers(kind)) else {
                Issue.record("\(state) of \(kind) was used")
                continue
            }
        }
    }

    /// GitHub sends what Assay says about a deployment back to it: no analysis may begin with it, or end.
    @Test(arguments: ["success", "failure", "error", "in_progress"])
    func aStatusOfOursIsNoDeployment(state: String) throws {
        let own = Self.github(
            state: state,
            payload: #"{"canary":true}"#,
            description: OwnText.gitHubStatus + "Passed: score 100"
        )
        guard case .ignored = read(.github, own, Self.headers()) else {
            Issue.record("\(state) was used")
            return
        }
        let other = Self.github(state: state, payload: #"{"canary":true}"#, description: "deployed by Assay: yes")
        _ = try deployed(read(.github, other, Self.headers()))
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
        let aborts = ["2026-11-30T10:05:00Z", "2026-11-30T11:05:00Z"].map { time in
            #"{"phase":"Degraded","abort":true,"abortedAt":"\#(time)","currentPodHash":"bbbb","stableRS":"aaaa"}"#
        }
        let withdrawn = try aborts.map { try deployed(read(.argo, Self.rollout($0, annotations: annotations))) }
        // The same revision may be tried again, and aborted again.
        #expect(withdrawn.allSatisfy { $0.phase == .cancelled } && Set(withdrawn.map(\.identity)).count == 2)
        guard case .malformed(let what) = read(.argo, Self.rollout(#"{"phase":"Degraded","currentPodHash":"bbbb"}"#))
        else {
            Issue.record("an abort was taken for a repeat of any other")
            return
        }
        #expect(what.contains("resourceVersion"))
        for index in ["-9223372036854775808", "9223372036854775807", "-1", "0", "9", "1.5"] {
            let odd = paused.replacing(#""currentStepIndex":1"#, with: #""currentStepIndex":\#(index)"#)
            #expect(try deployed(read(.argo, Self.rollout(odd, annotations: annotations))).weight == nil)
        }
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
