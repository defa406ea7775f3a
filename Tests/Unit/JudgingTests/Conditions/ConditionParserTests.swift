import Foundation
import SeededRandom
import Testing

@testable import Judging

@Suite struct ConditionParserTests {
    @Test(arguments: [
        "canary <= max(1.2 * control, 0.01)", "p95(canary) < 0.5", "canary<control", "(canary) > ((1))",
        "canary < 1 and control > 2 or last(canary) == 3", "canary < 1 && (control > 2 || count(baseline) != 0)",
        "abs(canary - control) / control <= 5%", "-canary < - - 1e-3", "max(canary) < min(control)",
        "max(max(canary), mean(control)) < .5", "p1(canary) < p99(control)", "stddev(canary) * 2 - 1 >= 1E2",
        "median(experiment) + sum(baseline) > 3.", "((canary < 1))", "min(canary, control) > 0",
        "\tcanary\n<\r1 ", "max(canary + 1, 2) > 3", "min((canary), 2) > 3",
    ])
    func reads(text: String) throws {
        let condition = try Condition(parsing: text)
        #expect(condition.text == text.trimmingCharacters(in: .whitespacesAndNewlines))
        #expect(!condition.comparisons.isEmpty)
    }

    @Test(arguments: [
        ("", 1, "the text ends", "canary"),
        ("   ", 4, "the text ends", "a number"),
        ("canary", 7, "the text ends", "<="),
        ("canary <", 9, "the text ends", "a number"),
        ("canary = 1", 8, "'='", "=="),
        ("canary < 1 control", 12, "'control'", "and"),
        ("canary < 1 < 2", 12, "'<'", "and"),
        ("1 + (canary < 2)", 5, "a comparison stands where a number is needed", "a number"),
        ("(canary < 2) * 3 < 1", 1, "a comparison stands where a number is needed", "a number"),
        ("-(1 < 2) < 1", 2, "a comparison stands where a number is needed", "a number"),
        ("canary < 1 and control", 23, "the text ends", "<="),
        ("1 < 2 < (3 < 4)", 7, "'<'", "and"),
        ("abs(1 < 2) < 1", 7, "'<'", ")"),
        ("canary and control", 8, "'and'", "<="),
        ("foo(canary) < 1", 1, "'foo' is not known", "p95"),
        ("p0(canary) < 1", 1, "'p0' is not known", "p95"),
        ("p100(canary) < 1", 1, "'p100' is not known", "p99"),
        ("p05(canary) < 1", 1, "'p05' is not known", "p50"),
        ("Canary < 1", 1, "'Canary' is not known", "canary"),
        ("mean(3) < 1", 6, "'3'", "canary"),
        ("mean canary < 1", 6, "'canary'", "("),
        ("max(1) < 1", 6, "')'", ","),
        ("max(1, 2, 3) < 1", 9, "','", ")"),
        ("abs(1, 2) < 1", 6, "','", ")"),
        ("(canary < 1", 12, "the text ends", ")"),
        ("canary < 1)", 11, "')'", "the end of the text"),
        ("canary < 1e", 10, "'1e' is not a number", "5%"),
        ("canary < .", 10, "'.' is not a number", "5%"),
        ("canary < 1e999", 10, "'1e999' is not a number", "5%"),
        ("canary < 5ms", 11, "'ms'", "and"),
        ("canary < €", 10, "this character has no meaning", "a number"),
        ("canary < 1; drop", 11, "';' has no meaning", "a number"),
        ("canary < 1 or", 14, "the text ends", "canary"),
        ("canary + < 1", 10, "'<'", "a number"),
        ("canary % 2 < 1", 8, "'%' has no meaning", "a number"),
    ])
    func saysWhereAndWhatIsAccepted(text: String, column: Int, problem: String, accepted: String) {
        let error = #expect(throws: ConditionError.self) { try Condition(parsing: text) }
        #expect(error?.column == column)
        #expect(error?.problem.contains(problem) == true, "\(error?.problem ?? "")")
        #expect(error?.accepted.contains { $0.contains(accepted) } == true, "\(error?.accepted ?? [])")
        #expect(error?.description.hasPrefix("column \(column): ") == true)
    }

    @Test func boundsTheLength() throws {
        let longest = "canary < 1" + String(repeating: " ", count: 1_014)
        #expect(try Condition(parsing: longest).text == "canary < 1")
        let error = #expect(throws: ConditionError.self) { try Condition(parsing: longest + " ") }
        #expect(error?.column == 1_025)
    }

    @Test(arguments: ["(", "-", "abs(", "max(1, "])
    func boundsTheDepth(piece: String) {
        let text = String(repeating: piece, count: 1_000 / piece.utf8.count)
        let error = #expect(throws: ConditionError.self) { try Condition(parsing: text) }
        #expect(error?.problem == "a condition nests at most 32 deep")
    }

    @Test func takesLongChains() throws {
        let sum = try Condition(parsing: "1" + String(repeating: "+1", count: 500) + " == 501")
        #expect(sum.evaluate(control: CleanedSamples([]), experiment: CleanedSamples([])).holds)
        let either = try Condition(parsing: "1>2" + String(repeating: "||1>2", count: 200))
        #expect(!either.evaluate(control: CleanedSamples([]), experiment: CleanedSamples([])).holds)
    }

    /// Whatever stands in a plan, the parser answers.
    @Test func survivesAnyMixtureOfPieces() {
        let pieces = [
            "canary", "control", "max(", "p95(", "abs(", "(", ")", ",", "<", "<=", "==", "and", "or", "&&", "1", "5%",
            "-", "*", "/", " ", ".", "e", "é", "\u{0}",
        ]
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...12, using: &generator)
            let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            do throws(ConditionError) {
                let condition = try Condition(parsing: text)
                #expect(!condition.comparisons.isEmpty)
            } catch {
                #expect((1...text.utf8.count + 1).contains(error.column))
                #expect(!error.problem.isEmpty)
            }
        }
    }
}
