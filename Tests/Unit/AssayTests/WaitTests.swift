import Analysis
import ArgumentParser
import EventFormats
import Foundation
import Judging
import Service
import Testing

@testable import assay

@Suite struct WaitTests {
    @Test(
        "An option that would be lost is refused",
        arguments: [
            ["--session", "s", "--event", "e"], ["--session", "s", "--source", "/x"],
            ["--application", "a", "--release-version", "1", "--source", "/x"],
        ]
    )
    func lostOptions(_ arguments: [String]) throws {
        let wait = try #require(try Assay.parseAsRoot(["wait"] + arguments) as? Wait)
        #expect(throws: SettingsError.self) { try wait.wanted() }
    }

    @Test("What is waited for follows from the options, the narrowest first")
    func options() throws {
        func wanted(_ arguments: String...) throws -> WantedVerdict {
            try #require(try Assay.parseAsRoot(["wait"] + arguments) as? Wait).wanted()
        }
        #expect(
            try wanted("--session", "s", "--application", "a")
                == .session("s", ReleaseFilter(application: "a"))
        )
        #expect(
            try wanted("--event", "e", "--release-version", "1", "--application", "a")
                == .event(id: "e", source: nil, ReleaseFilter(application: "a", version: "1"))
        )
        #expect(try wanted("--event", "e", "--source", "/x") == .event(id: "e", source: "/x"))
        #expect(
            try wanted(
                "--application",
                "a",
                "--release-version",
                "1",
                "--environment",
                "e",
                "--cluster",
                "c",
                "--namespace",
                "n"
            )
                == .version(
                    ReleaseFilter(application: "a", environment: "e", cluster: "c", namespace: "n", version: "1")
                )
        )
        #expect(throws: SettingsError.self) { try wanted("--application", "a") }
        #expect(throws: SettingsError.self) { try wanted("--release-version", "1") }
    }

    private static func verdict(_ origin: PlanOrigin?, of event: DeployEvent? = nil) -> Verdict {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        var verdict = AnalysisSession.rejected(
            id: "s",
            event: event ?? Self.event("1"),
            ending: .noPlan("none matches"),
            receivedAt: now,
            at: now
        ).verdict
        verdict.planOrigin = origin
        return verdict
    }

    private func wait(_ arguments: [String] = [], sent: DeployEvent? = nil) throws -> VerdictWait {
        let release = ["wait", "--application", "shop", "--release-version", "2.0"]
        let wait = try #require(try Assay.parseAsRoot(release + arguments) as? Wait)
        let settings = try SettingsLoader(.pipeline, arguments: [], environment: [:]).load()
        return try VerdictWait(try wait.wanted(), wait.options, sent: sent, json: false, settings)
    }

    @Test("A plan that came with an event decides nothing, unless the caller says so or sent it")
    func plansOfEvents() throws {
        for origin in [PlanOrigin.event, .unknown("gateway")] {
            let verdict = Self.verdict(origin)
            let refusal = try #require(try wait().refusal(of: verdict))
            #expect(refusal.contains("shop 2.0") && refusal.contains("--plans-from-events"), "\(refusal)")
            #expect(try wait(["--plans-from-events"]).refusal(of: verdict) == nil)
            #expect(try wait(sent: Self.event("1", plan: "metrics: []")).refusal(of: verdict) == nil)
            #expect(try wait(sent: Self.event("1")).refusal(of: verdict) != nil)
            // The plan of another event, whose release the caller's own event repeated.
            var repeated = verdict
            repeated.repeats = [EventIdentity(source: "/ci", id: "2")]
            #expect(try wait(sent: Self.event("2", plan: "metrics: []")).refusal(of: repeated) != nil)
        }
        for origin in [PlanOrigin.directory, nil] {
            #expect(try wait().refusal(of: Self.verdict(origin)) == nil)
        }
    }

    private static func event(
        _ id: String,
        plan: String? = nil,
        planName: String? = nil,
        experiment: ScopeLabels? = nil,
        revision: String? = nil
    ) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/ci", id: id),
            application: "shop",
            environment: "production",
            version: "2.0",
            revision: revision,
            experiment: experiment,
            planName: planName,
            inlinePlan: plan
        )
    }

    @Test("An analysis that goes by what another event asks for is no answer to the caller's own")
    func otherRequests() throws {
        let opened = Self.event("1", planName: "strict", experiment: ["track": "canary"], revision: "r1")
        var verdict = Self.verdict(.directory, of: opened)
        verdict.requestDigest = AnalysisRequest(of: opened).digest
        let event = VerdictEvent.encode(verdict, source: "/assay", reportURL: nil)
        verdict = try #require(PublishedVerdict(event)).verdict
        #expect(try wait(sent: opened).refusal(of: verdict) == nil)
        let others = [
            // The same source and id, as over the other way in.
            Self.event("1", planName: "lax", experiment: ["track": "canary"]),
            Self.event("1", plan: "metrics: []", planName: "strict", experiment: ["track": "canary"]),
            Self.event("1", planName: "strict", experiment: ["track": "stable"]),
            Self.event("1", planName: "strict", experiment: ["track": "canary"], revision: "r2"),
            // A release that was announced by two.
            Self.event("2"), Self.event("2", planName: "strict"),
        ]
        for other in others {
            let refusal = try #require(try wait(sent: other).refusal(of: verdict))
            #expect(refusal.contains("does not count"), "\(refusal)")
        }
        let same = Self.event("2", planName: "strict", experiment: ["track": "canary"])
        #expect(try wait(sent: same).refusal(of: verdict) == nil)
        // A service of version 0.1.0 does not tell.
        verdict.requestDigest = nil
        #expect(try wait(sent: others[0]).refusal(of: verdict) == nil)
    }

    @Test("A wait of no time is refused", arguments: ["0s", "0m0s", "-1s", "soon"])
    func timeout(_ text: String) throws {
        #expect(throws: SettingsError.self) { try wait(["--timeout=\(text)"]) }
    }

    @Test("Keys that cannot be used are told before anything is waited for")
    func keys() throws {
        let wait = try #require(try Assay.parseAsRoot(["wait", "--session", "s"]) as? Wait)
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try Data("no key".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let arguments = ["--rollout-verification-keys-file", file.path]
        let settings = try SettingsLoader(.pipeline, arguments: arguments, environment: [:]).load()
        #expect(throws: SettingsError.self) {
            _ = try VerdictWait(try wait.wanted(), wait.options, json: false, settings)
        }
    }

    @Test("An answer that is not understood is no answer")
    func exitCodes() {
        let now = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!
        var verdict = AnalysisSession.rejected(
            id: "s",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "production",
                version: "2.0"
            ),
            ending: .noPlan("none matches"),
            receivedAt: now,
            at: now
        ).verdict
        func code(_ status: VerdictStatus, _ result: JudgementResult) -> Int32 {
            verdict.status = status
            verdict.result = result
            return VerdictExit.code(of: verdict)
        }
        #expect(code(.completed, .pass) == 0 && code(.completed, .fail) == 1)
        #expect(code(.completed, .marginal) == 2 && code(.errored, .inconclusive) == 2)
        #expect(code(.completed, .unknown("splendid")) == 3 && code(.unknown("postponed"), .pass) == 3)
    }
}
