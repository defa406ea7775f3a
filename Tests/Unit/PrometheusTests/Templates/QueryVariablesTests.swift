import Testing

@testable import Prometheus

@Suite struct QueryVariablesTests {
    private func problem(
        _ template: String,
        scope: [(String, String)] = [("pod", "x")],
        values: [String: String] = [:],
        step: String = "60s"
    ) throws -> String {
        let template = try QueryTemplate(parsing: template)
        let variables = QueryVariables(scope: scope, values: values, step: step, interval: "5m", window: "30m")
        return try #require(throws: QueryTemplateError.self) { try template.expand(variables) }.description
    }

    @Test func namesAVariableWithoutValue() throws {
        #expect(try problem(#"up{v="${version}"}"#).hasPrefix("column 7: ${version} has no value"))
        #expect(try problem(#"up{v="${version}"}"#, values: ["version": ""]).contains("${version} has no value"))
        #expect(try problem("up{${scope}}", scope: []).hasPrefix("column 4: ${scope} has no value"))
        #expect(
            try problem(#"up{v="${scope.track}"}"#)
                .hasSuffix("${scope.track} has no value: the scope has the labels pod and no track")
        )
        #expect(try problem(#"up{v="${scope.track}"}"#, scope: []).hasSuffix("the scope has no labels"))
    }

    @Test(arguments: ["", "a-b", "1a", "a b", "é", "a\"", "a=\"b\",c", "a\n"])
    func refusesLabelNames(name: String) throws {
        #expect(try problem("up{${scope}}", scope: [("ok", "1"), (name, "x")]).contains("which is no label name"))
    }

    @Test func refusesALabelTwice() throws {
        #expect(try problem("up{${scope}}", scope: [("a", "1"), ("a", "2")]).contains("holds the label a twice"))
    }

    @Test(arguments: [
        "60", "s", "1.5s", "-1s", "1s1m", "1m1m", "0s", "0h0m", "60s]", "5m:1m", " 5m", "5M", "1h ", "1\u{301}s",
        "99999999999999999999999999s",
    ])
    func refusesDurations(text: String) throws {
        #expect(try problem("a[${step}]", step: text).contains("${step} is not a duration"))
    }

    @Test(arguments: ["60s", "1h30m", "1y2w3d4h5m6s7ms", "500ms", "0h1m"])
    func acceptsDurations(text: String) throws {
        let variables = QueryVariables(scope: [], values: [:], step: text, interval: text, window: text)
        let template = try QueryTemplate(parsing: "a[${window}:${step}] offset ${interval}")
        #expect(try template.expand(variables) == "a[\(text):\(text)] offset \(text)")
    }

    @Test func namesAMissingDuration() throws {
        #expect(try problem("a[${step}]", step: "").contains("${step} has no value"))
    }

    @Test func neverShowsAValue() throws {
        #expect(try !problem("a[${step}]", step: "secret").contains("secret"))
    }
}
