import Testing

@testable import PlanFormats

@Suite struct FlatYAMLTests {
    @Test func nestedAndDottedKeysAreTheSame() throws {
        let text = "kafka: {security.protocol: ssl, sasl: {mechanism: PLAIN}}\nroles: [intake, web]\nempty: ~\n"
        let expected = [
            "kafka.security.protocol": "ssl", "kafka.sasl.mechanism": "PLAIN", "roles": "intake,web", "empty": "",
        ]
        #expect(try FlatYAML.values(of: text, file: "f").mapValues(\.text) == expected)
        #expect(try FlatYAML.values(of: "", file: "f").isEmpty)
    }

    @Test(arguments: [
        ("a.b: 1\na: {b: 2}\n", "f:2:8: error: a.b: is given more than once"),
        ("a..b: 1\n", "f:1:1: error: has \"a..b\" as a key; keys are words with dots between"),
        ("\"a\\nb\": 1\n", "f:1:1: error: has \"a\u{FFFD}b\" as a key; keys are words with dots between"),
        ("? [a]\n: 1\n", "f:1:3: error: has a list as a key; keys are words with dots between"),
        ("a: [x, {y: z}]\n", "f:1:4: error: a: is a list with something else than texts in it"),
        ("- a\n", "f:1:1: error: must be an object, not a list"),
    ])
    func saysWhatIsWrong(text: String, error: String) {
        let found = #expect(throws: PlanFileErrors.self) { try FlatYAML.values(of: text, file: "f") }
        #expect(found?.description == error)
    }

    /// Eight levels that each repeat the level below ten times: a hundred million values, were they followed.
    @Test func aliasesDoNotMultiply() {
        var text = "a0: &a0 {x: 1, y: 2}\n"
        for level in 1...8 {
            let members = (0..<10).map { "k\($0): *a\(level - 1)" }.joined(separator: ", ")
            text += "a\(level): &a\(level) {\(members)}\n"
        }
        let found = #expect(throws: PlanFileErrors.self) { try FlatYAML.values(of: text, file: "f") }
        #expect(found?.description.contains("counting what aliases repeat") == true)
    }

    @Test func depthAndSizeAreBounded() throws {
        let limits = FlatYAML.limits
        let deep = { (levels: Int) in
            String(repeating: "{a: ", count: levels) + "1" + String(repeating: "}", count: levels)
        }
        #expect(try FlatYAML.values(of: deep(limits.maximumDepth), file: "f").count == 1)
        #expect(throws: PlanFileErrors.self) { try FlatYAML.values(of: deep(limits.maximumDepth + 1), file: "f") }
        let long = { (bytes: Int) in "a: " + String(repeating: "x", count: bytes - 3) }
        #expect(try FlatYAML.values(of: long(limits.maximumBytes), file: "f").count == 1)
        #expect(throws: PlanFileErrors.self) { try FlatYAML.values(of: long(limits.maximumBytes + 1), file: "f") }
    }
}
