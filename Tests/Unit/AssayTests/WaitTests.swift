import ArgumentParser
import Service
import Testing

@testable import assay

@Suite struct WaitTests {
    @Test("What is waited for follows from the options, the narrowest first")
    func options() throws {
        func wanted(_ arguments: String...) throws -> WantedVerdict {
            try #require(try Assay.parseAsRoot(["wait"] + arguments) as? Wait).wanted()
        }
        #expect(
            try wanted("--session", "s", "--event", "e", "--application", "a")
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
}
