import Foundation
import JSON
import Testing

@testable import JudgeInputs

/// A judging case and what Kayenta's own judge answers.
struct AnsweredCase: Sendable, CustomTestStringConvertible {
    var line: String
    var expected: JSONValue

    var testDescription: String { String(line.prefix(60)) }

    static func all() throws -> [AnsweredCase] {
        let url = try #require(
            Bundle.module.url(forResource: "kayenta-cases", withExtension: "jsonl", subdirectory: "Resources")
        )
        return try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map { line in
            let head = #"{"case":"#
            let separator = try #require(line.firstRange(of: #","expected":"#))
            return AnsweredCase(
                line: String(line[..<separator.lowerBound].dropFirst(head.count)),
                expected: try JSONValue.kayenta(String(line[separator.upperBound...].dropLast()))
            )
        }
    }
}

@Suite struct KayentaCaseTests {
    @Test(arguments: try AnsweredCase.all())
    func answersAsKayenta(answered: AnsweredCase) throws {
        let answer = try JSONValue.kayenta(KayentaCase.answer(line: answered.line))
        if answered.expected.object?["error"] != nil {
            #expect(answer.object?["error"] != nil)
        } else {
            #expect(difference(answer, answered.expected) == nil)
        }
    }

    @Test func coversManyCases() throws {
        let cases = try AnsweredCase.all()
        #expect(cases.count == 150)
        #expect(cases.count { $0.expected.object?["error"] != nil } > 20)
    }

    /// The first place where two answers differ; numbers within 1e-9, group scores in any order.
    private func difference(_ left: JSONValue, _ right: JSONValue, at path: String = "") -> String? {
        switch (left, right) {
        case (.object(let left), .object(let right)):
            guard left.names.sorted() == right.names.sorted() else { return "\(path): \(left.names) \(right.names)" }
            return left.members.lazy.compactMap { key, value in
                right[key].flatMap { difference(value, $0, at: "\(path).\(key)") }
            }.first
        case (.array(let left), .array(let right)):
            guard left.count == right.count else { return "\(path): \(left.count) \(right.count)" }
            let isUnordered = path == ".groupScores"
            return zip(isUnordered ? sorted(left) : left, isUnordered ? sorted(right) : right).lazy.enumerated()
                .compactMap { difference($1.0, $1.1, at: "\(path)[\($0)]") }.first
        default:
            guard let first = number(left), let second = number(right) else {
                return left == right ? nil : "\(path): \(left) \(right)"
            }
            let isSame = (first - second).magnitude <= 1e-9 * max(first.magnitude, second.magnitude)
            return isSame ? nil : "\(path): \(first) \(second)"
        }
    }

    private func sorted(_ groups: [JSONValue]) -> [JSONValue] {
        groups.sorted { "\($0.object?["name"] ?? .null)" < "\($1.object?["name"] ?? .null)" }
    }

    private func number(_ value: JSONValue) -> Double? {
        if case .number(let text) = value { Double(text) } else { nil }
    }
}

@Suite struct KayentaCaseInputTests {
    private static func line(
        canary: String = "{}",
        groups: String? = #"["g"]"#,
        classifier: String? = #"{"groupWeights":{"g":100}}"#,
        thresholds: String = #"{"pass":95,"marginal":75}"#,
        values: String = #"{"control":[1],"experiment":[1]}"#,
        name: String = #""m""#
    ) -> String {
        let groupsMember = groups.map { #","groups":\#($0)"# } ?? ""
        let classifierMember = classifier.map { #","classifier":\#($0)"# } ?? ""
        return #"{"config":{"metrics":[{"name":"m"\#(groupsMember),"analysisConfigurations":{"canary":\#(canary)}}]"#
            + #"\#(classifierMember)},"scoreThresholds":\#(thresholds),"metricSetPairs":[{"name":\#(name),"values":\#(values)}]}"#
    }

    @Test(arguments: [
        ("plain", line()),
        ("null number", line(canary: #"{"effectSize":{"allowedIncrease":null}}"#)),
        ("null boolean", line(canary: #"{"critical":null}"#)),
        ("null options", line(canary: "null")),
        ("unknown words", line(canary: #"{"direction":"UP","nanStrategy":"Remove","outliers":{"strategy":"drop"}}"#)),
        ("words of other types", line(canary: #"{"direction":5,"nanStrategy":true,"outliers":[]}"#)),
        ("unused bad factor", line(canary: #"{"outliers":{"strategy":"keep","outlierFactor":-1}}"#)),
        ("integer for a number", line(canary: #"{"effectSize":{"allowedIncrease":2}}"#)),
        ("no thresholds", line(thresholds: "{}")),
        ("thresholds as text", line(thresholds: #"{"pass":" 95.0 ","marginal":"7.5e1"}"#)),
        ("no weights", line(classifier: "{}")),
        ("null weight", line(classifier: #"{"groupWeights":{"g":null}}"#)),
        ("weight as text", line(classifier: #"{"groupWeights":{"g":"100"}}"#)),
        ("null sample", line(values: #"{"control":[null],"experiment":["0"]}"#)),
        ("no groups but muted", line(canary: #"{"muted":true}"#, groups: nil)),
        ("options in a list", line(canary: #"{"outliers":[{"strategy":"remove"}]}"#)),
    ])
    func reads(what: String, line: String) throws {
        let answer = try JSONValue.kayenta(KayentaCase.answer(line: line))
        #expect(answer.object?["judgeName"] == .string("NetflixACAJudge-v1.0"), "\(answer)")
    }

    @Test(arguments: [
        ("", "not JSON"),
        ("[]", "A case must be an object, not a list."),
        ("{}", "no config"),
        (#"{"config":{}}"#, "no scoreThresholds"),
        (#"{"config":{},"scoreThresholds":{}}"#, "no metricSetPairs"),
        (#"{"config":{},"scoreThresholds":{},"metricSetPairs":[]}"#, "no classifier"),
        (line(name: #""other""#), "Could not find metric config for other."),
        (line(name: "null"), "Could not find metric config for null."),
        (line(groups: nil), "Metric 'm' has no groups"),
        (line(groups: #""g""#), "must be a list"),
        (line(classifier: nil), "no classifier"),
        (line(values: #"{"control":[1]}"#), "no list of experiment values"),
        (line(values: #"{"experiment":[1],"control":null}"#), "no list of control values"),
        (line(values: #"{"experiment":[true],"control":[]}"#), "A sample of experiment must be a number"),
        (line(values: #"{"experiment":["x"],"control":[]}"#), "the text 'x'"),
        (line(values: #"{"experiment":["nan"],"control":[]}"#), "the text 'nan'"),
        (line(canary: #"{"critical":"true"}"#), "Option critical of metric 'm' must be a boolean, not a text."),
        (line(canary: #"{"muted":1}"#), "Option muted of metric 'm' must be a boolean"),
        (line(canary: #"{"direction":null}"#), "Option direction of metric 'm' is null."),
        (line(canary: #"{"effectSize":{"allowedIncrease":9999999999}}"#), "not a whole number of more than 32 bits"),
        (line(canary: #"{"effectSize":{"allowedIncrease":"1"}}"#), "Option effectSize.allowedIncrease of metric 'm'"),
        (line(canary: #"{"effectSize":[{"allowedIncrease":1.0}]}"#), "not a list"),
        (line(canary: #"{"outliers":{"strategy":"remove","outlierFactor":0}}"#), "must be above 0"),
        (line(canary: #"{"outliers":{"strategy":"remove","outlierFactor":null}}"#), "must be above 0"),
        (line(canary: #""remove""#), "analysisConfigurations.canary must be an object"),
        (line(thresholds: #"{"pass":true}"#), "scoreThresholds.pass must be a number, not a boolean."),
    ])
    func refuses(line: String, error: String) throws {
        let answer = try JSONValue.kayenta(KayentaCase.answer(line: line))
        guard case .string(let text)? = answer.object?["error"] else {
            Issue.record("no error: \(answer)")
            return
        }
        #expect(text.contains(error), "\(text)")
    }

    @Test func boundsTheLine() {
        let line = String(repeating: " ", count: KayentaCase.longestLine + 1)
        #expect(KayentaCase.answer(line: line).contains("at most"))
    }

    @Test func writesNamesAndTagsBack() throws {
        let line = #"""
            {"config":{"metrics":[{"name":"a \"b\"\n","groups":["Ü"]}],"classifier":{}},"scoreThresholds":{"pass":1},
            "metricSetPairs":[{"name":"a \"b\"\n","id":7,"tags":{"k":null,"j":"\ud83d\ude00"},
            "values":{"control":["Infinity"],"experiment":[1]}}]}
            """#
        let answer = try JSONValue.kayenta(KayentaCase.answer(line: line))
        guard case .array(let results)? = answer.object?["results"], let result = results.first else {
            Issue.record("no results: \(answer)")
            return
        }
        #expect(result.object?["name"] == .string("a \"b\"\n"))
        #expect(result.object?["id"] == .string("7"))
        #expect(result.object?["tags"] == .object(["k": .null, "j": .string("😀")]))
        #expect(result.object?["controlMetadata"]?.object?["stats"]?.object?["max"] == .string("Infinity"))
        #expect(result.object?["controlMetadata"]?.object?["stats"]?.object?["mean"] == .string("NaN"))
    }
}
