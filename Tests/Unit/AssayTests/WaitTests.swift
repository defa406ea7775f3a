import Analysis
import ArgumentParser
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
            return VerdictWait.exitCode(of: verdict)
        }
        #expect(code(.completed, .pass) == 0 && code(.completed, .fail) == 1)
        #expect(code(.completed, .marginal) == 2 && code(.errored, .inconclusive) == 2)
        #expect(code(.completed, .unknown("splendid")) == 3 && code(.unknown("postponed"), .pass) == 3)
    }
}
