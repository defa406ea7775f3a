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
        #expect(try wanted("--session", "s", "--event", "e", "--application", "a") == .session("s"))
        #expect(
            try wanted("--event", "e", "--release-version", "1", "--application", "a")
                == .event(id: "e", source: nil, application: "a")
        )
        #expect(try wanted("--event", "e", "--source", "/x") == .event(id: "e", source: "/x", application: nil))
        #expect(
            try wanted("--application", "a", "--release-version", "1", "--environment", "e")
                == .version("1", application: "a", environment: "e")
        )
        #expect(throws: SettingsError.self) { try wanted("--application", "a") }
        #expect(throws: SettingsError.self) { try wanted("--release-version", "1") }
    }
}
