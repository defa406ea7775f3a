import Analysis
import Testing

@testable import Service

@Suite struct WantedVerdictTests {
    @Test("A verdict of another release is passed over")
    func matching() throws {
        let verdict = try #require(PublishedVerdict(ExampleVerdict.event("final-fail"))).verdict
        func version(_ version: String, _ application: String, _ environment: String? = nil) -> WantedVerdict {
            .version(ReleaseFilter(application: application, environment: environment, version: version))
        }
        let yes: [WantedVerdict] = [
            .session("s-01k9"), .event(id: "build-4711/canary-20", source: nil),
            .event(
                id: "build-4711/canary-20",
                source: "/pipelines/checkout",
                ReleaseFilter(application: "checkout", environment: "production")
            ), version("2.4.0", "checkout"), version("2.4.0", "checkout", "production"),
        ]
        let no: [WantedVerdict] = [
            .session("s-2"), .session("s-01k9", ReleaseFilter(environment: "staging")),
            .event(id: "build-4712", source: nil), .event(id: "build-4711/canary-20", source: "/other"),
            .event(id: "build-4711/canary-20", source: nil, ReleaseFilter(application: "cart")),
            version("2.4.1", "checkout"), version("2.4.0", "cart"), version("2.4.0", "checkout", "staging"),
            .version(ReleaseFilter(application: "checkout", cluster: "moon", version: "2.4.0")),
        ]
        for wanted in yes { #expect(wanted.matches(verdict), "\(wanted)") }
        for wanted in no { #expect(!wanted.matches(verdict), "\(wanted)") }
    }

    @Test("An event that repeated the release names the verdict too")
    func repeats() throws {
        var verdict = try #require(PublishedVerdict(ExampleVerdict.event("final-fail"))).verdict
        verdict.repeats = [EventIdentity(source: "/ci", id: "again")]
        #expect(WantedVerdict.event(id: "again", source: nil).names(verdict))
        #expect(WantedVerdict.event(id: "again", source: "/ci").names(verdict))
        #expect(!WantedVerdict.event(id: "again", source: "/other").names(verdict))
    }
}
