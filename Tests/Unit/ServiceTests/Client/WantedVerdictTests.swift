import Analysis
import Testing

@testable import Service

@Suite struct WantedVerdictTests {
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
