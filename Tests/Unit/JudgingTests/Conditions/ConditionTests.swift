import Foundation
import Testing

@testable import Judging

@Suite struct ConditionTests {
    private static let control: [Double] = [1, 2, 3, 4, 10]
    private static let canary: [Double] = [2, .nan, 4, 6, 8]

    @Test(arguments: [
        ("canary == 5", true), ("control == 4", true), ("experiment == canary", true), ("baseline == control", true),
        ("median(control) == 3", true), ("mean(control) == 4", true), ("min(control) == 1", true),
        ("max(canary) == 8", true), ("sum(canary) == 20", true), ("last(control) == 10", true),
        ("count(canary) == 4", true), ("count(control) == 5", true), ("p50(control) == 3", true),
        ("p75(control) == 4", true), ("stddev(control) > 3.5 and stddev(control) < 3.6", true),
        ("canary <= max(1.2 * control, 0.01)", false), ("canary <= max(1.25 * control, 0.01)", true),
        ("2 + 3 * 4 == 14", true), ("(2 + 3) * 4 == 20", true), ("10 - 3 - 2 == 5", true), ("16 / 4 / 2 == 2", true),
        ("-2 * -3 == 6", true), ("50% == 0.5", true), ("abs(control - canary) == 1", true),
        ("min(3, 2) == 2 and max(3, 2) == 3", true), ("1 > 2 or 3 > 2 and 1 > 2", false),
        ("1 < 2 or 3 > 2 and 1 > 2", true), ("(1 < 2 or 3 > 2) and 1 > 2", false), ("1 != 2", true), ("1 >= 1", true),
        ("0 / 0 == 0 / 0", false), ("0 / 0 != 1", false), ("1 / 0 > 1e308", true), ("max(0 / 0, 1) > 0", false),
    ])
    func evaluates(text: String, expected: Bool) throws {
        let evidence = try Condition(parsing: text).evaluate(
            control: CleanedSamples(Self.control),
            experiment: CleanedSamples(Self.canary)
        )
        #expect(evidence.holds == expected)
        #expect(evidence.condition == text)
    }

    @Test(arguments: [
        "canary < 1", "canary >= 1", "canary != 1", "max(canary) > 0", "last(canary) == 0", "sum(canary) == 0",
    ])
    func nothingHoldsWithoutSamples(text: String) throws {
        #expect(
            try !Condition(parsing: text).evaluate(control: CleanedSamples([1]), experiment: CleanedSamples([.nan]))
                .holds
        )
    }

    @Test func showsEveryComparisonInOrder() throws {
        let evidence = try Condition(parsing: "canary > 9 or (p50(control) < 5 and 1 < 2)")
            .evaluate(control: CleanedSamples(Self.control), experiment: CleanedSamples(Self.canary))
        #expect(
            evidence.comparisons == [
                .init(text: "canary > 9", left: 5, right: 9, holds: false),
                .init(text: "p50(control) < 5", left: 3, right: 5, holds: true),
                .init(text: "1 < 2", left: 1, right: 2, holds: true),
            ]
        )
    }

    @Test(arguments: [
        ("canary < 1", false, true), ("1 < baseline", true, false),
        ("max(1, abs(-control)) < p95(experiment)", true, true),
        ("1 < 2", false, false), ("1 < 2 or count(canary) > 3", false, true),
    ])
    func knowsTheSidesItUses(text: String, control: Bool, experiment: Bool) throws {
        let condition = try Condition(parsing: text)
        #expect(condition.usesControl == control)
        #expect(condition.usesExperiment == experiment)
    }

    @Test(arguments: [
        ("canary <= max(0.5 * control, 0.01)", "canary 5 > max(0.5 * control, 0.01) = 2"),
        ("p95(canary) < 0.5", "p95(canary) 7.7 >= 0.5"),
        ("canary / control == 1", "canary / control = 1.25 != 1"),
        ("canary < 3 and control < 2 and 1 < 2", "canary 5 >= 3, control 4 >= 2"),
        ("canary / 0 * 0 < 1", "canary / 0 * 0 has no value, so canary / 0 * 0 < 1 does not hold"),
    ])
    func explainsWhyItDoesNotHold(text: String, expected: String) throws {
        let condition = try Condition(parsing: text)
        let evidence = condition.evaluate(
            control: CleanedSamples(Self.control),
            experiment: CleanedSamples(Self.canary)
        )
        #expect(condition.explanation(of: evidence) == expected)
    }

    @Test func isCodedAsItsText() throws {
        let condition = try Condition(parsing: " canary < 1 ")
        let data = try JSONEncoder().encode([condition])
        #expect(String(decoding: data, as: UTF8.self) == #"["canary < 1"]"#)
        #expect(try JSONDecoder().decode([Condition].self, from: data) == [try Condition(parsing: "canary < 1")])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Condition].self, from: Data(#"["canary"]"#.utf8))
        }
    }
}
