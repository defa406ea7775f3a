import Analysis
import Testing

@Suite struct PlanMatchTests {
    @Test(
        arguments: [
            ("", "", true), ("", "a", false), ("*", "", true), ("*", "anything", true), ("a", "a", true),
            ("a", "A", false), ("a", "ab", false), ("a*", "a", true), ("a*", "abc", true), ("*c", "abc", true),
            ("*c", "abcd", false), ("a*c", "ac", true), ("a*c", "abcbc", true), ("a*b*c", "a-b-c", true),
            ("a*b*c", "acb", false), ("?", "", false), ("?", "x", true), ("?", "xy", false), ("a?c", "abc", true),
            ("*?", "", false), ("*?", "a", true), ("**", "a", true), ("*.*", "a.b", true), ("[a]", "a", false),
            ("é", "e\u{301}", false), ("?", "é", true),
        ])
    func glob(pattern: String, text: String, matches: Bool) {
        #expect(Glob.matches(pattern, text) == matches)
    }

    @Test("A pattern of many stars takes no exponential time") func manyStars() {
        let pattern = String(repeating: "a*", count: 100) + "b"
        #expect(!Glob.matches(pattern, String(repeating: "a", count: 10_000)))
    }

    private static let release = ReleaseKey(application: "checkout", environment: "production")

    @Test("The more literal pattern wins, the application before the environment")
    func specificity() {
        let ranked = [
            PlanMatch(), PlanMatch(environments: ["prod*"]), PlanMatch(environments: ["production"]),
            PlanMatch(applications: ["*"]), PlanMatch(applications: ["check*"]), PlanMatch(applications: ["checkou?"]),
            PlanMatch(applications: ["checkout"]), PlanMatch(applications: ["x", "checkout"], environments: ["*"]),
            PlanMatch(applications: ["checkout"], environments: ["production"]),
        ]
        let values = ranked.compactMap { $0.specificity(for: Self.release) }
        #expect(values.count == ranked.count)
        #expect(values == values.sorted())
        #expect(Set(values).count == values.count)
    }

    @Test func noMatch() {
        #expect(!PlanMatch(applications: ["cart"]).matches(Self.release))
        #expect(!PlanMatch(applications: ["checkout"], environments: ["staging"]).matches(Self.release))
    }
}
