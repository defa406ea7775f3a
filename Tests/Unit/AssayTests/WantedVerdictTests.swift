import Analysis
import ArgumentParser
import Service
import Testing

@testable import assay

@Suite struct WantedVerdictTests {
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

    @Test("A verdict of another release is passed over")
    func matching() throws {
        let verdict = try #require(PublishedVerdict(ExampleVerdict.event("final-fail"))).verdict
        let yes: [WantedVerdict] = [
            .session("s-01k9"), .event(id: "build-4711/canary-20", source: nil, application: nil),
            .event(id: "build-4711/canary-20", source: "/pipelines/checkout", application: "checkout"),
            .version("2.4.0", application: "checkout", environment: nil),
            .version("2.4.0", application: "checkout", environment: "production"),
        ]
        let no: [WantedVerdict] = [
            .session("s-2"), .event(id: "build-4712", source: nil, application: nil),
            .event(id: "build-4711/canary-20", source: "/other", application: nil),
            .event(id: "build-4711/canary-20", source: nil, application: "cart"),
            .version("2.4.1", application: "checkout", environment: nil),
            .version("2.4.0", application: "cart", environment: nil),
            .version("2.4.0", application: "checkout", environment: "staging"),
        ]
        for wanted in yes { #expect(wanted.matches(verdict), "\(wanted)") }
        for wanted in no { #expect(!wanted.matches(verdict), "\(wanted)") }
    }
}
