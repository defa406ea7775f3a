import PlanFormats
import Testing

@Suite("Limits of plan files") struct YAMLLimitsTests {
    private static func problem(_ text: String, limits: YAMLLimits = YAMLLimits()) -> String {
        do {
            _ = try PlanReader(limits: limits).read(text, file: "p.yaml")
            return "was read"
        } catch {
            return error.description
        }
    }

    @Test func bytes() {
        #expect(Self.problem(String(repeating: "#", count: 1_048_577)).contains("at most 1048576 are accepted"))
    }

    @Test("Deep nesting neither traps nor takes long", arguments: [33, 999, 2000, 100_000])
    func depth(count: Int) {
        for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")] {
            let text = String(repeating: open, count: count) + String(repeating: close, count: count)
            #expect(Self.problem(text).contains("error"), "\(open)")
        }
    }

    @Test func deepValuesAreNamed() {
        let text = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(Self.problem(text) == "p.yaml:1:34: error: values are nested more than 32 deep")
    }

    @Test("Aliases that unfold without end are refused")
    func aliasBomb() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        #expect(Self.problem(text).contains("counting what aliases repeat"))
    }

    @Test(
        "An alias inside a key is refused before it is unfolded",
        arguments: [
            "? *a40\n: x", "{[*a40]: x}", "*a40 : x", "? [*a40]\n: x", "b: {{k: *a40} : x}", "- ? *a40", "{? *a40}",
        ]
    )
    func aliasBombInKey(last: String) {
        var text = "- &a0 [x, x]\n"
        for level in 1...40 { text += "- &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        text += last.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n").replacing(
            "  ",
            with: "- ",
            maxReplacements: 1
        )
        #expect(Self.problem(text) == "p.yaml: error: a file with aliases may only have plain words as keys")
    }

    @Test("Text that looks like an alias or a key is no reason to refuse")
    func noFalseAlarm() {
        let text = """
            # R&D &x asks: why? see *y
            name: p
            schedule: {interval: 1m, lifetime: 50m}
            metrics: [{name: m, query: 'rate(up{a="b"}[5m:1m]) *x'}]
            """
        #expect(Self.problem(text) == "was read")
    }

    @Test func documents() {
        let text = String(repeating: "---\na: 1\n", count: 101)
        #expect(Self.problem(text).contains("error"))
        #expect(Self.problem(text, limits: YAMLLimits(maximumDocuments: 2)).contains("more than 2 documents"))
    }

    @Test func nodes() {
        let text = "[" + Array(repeating: "1", count: 20).joined(separator: ",") + "]"
        #expect(Self.problem(text, limits: YAMLLimits(maximumNodes: 10)).contains("more than 10 values"))
    }

    @Test("Control characters are refused with their line", arguments: ["\u{0}", "\u{7}", "\u{FFFE}"])
    func controlCharacters(character: String) {
        #expect(Self.problem("name: p\njudge: \(character)\n").hasPrefix("p.yaml:2:1: error: is not YAML: "))
    }
}
