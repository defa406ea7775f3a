import PlanFormats
import Testing

/// A comma ends a text inside of `{…}`: that is said, instead of what comes of it.
@Suite struct CutTextTests {
    private static func errors(_ metric: String) throws -> [PlanFileError] {
        let text = """
            name: p
            judge: conditions
            scopes:
              control: {labels: {track: stable}}
              experiment: {labels: {track: canary}}
            schedule: {interval: 1m, lifetime: 60m}
            metrics: [\(metric)]
            """
        do throws(PlanFileErrors) {
            _ = try PlanReader().readInline(text, file: "p.yaml")
            return []
        } catch { return error.errors }
    }

    @Test func aConditionIsCut() throws {
        let found = try Self.errors(
            "{name: m, query: 'sum(x{${scope}})', condition: canary <= max(1.2 * control, 0.01)}"
        )
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.field == "metrics[0].condition")
        #expect(
            found.first?.problem
                == #"a text with a comma needs quotes inside of {…}: condition: "canary <= max(1.2 * control, 0.01)""#
        )
    }

    @Test func aQueryIsCutTwice() throws {
        let found = try Self.errors("{name: m, query: sum by (a, b, c) (x), condition: canary < 1}")
        #expect(
            found.map(\.problem) == [#"a text with a comma needs quotes inside of {…}: query: "sum by (a, b, c) (x)""#]
        )
    }

    @Test func bracesInAText() throws {
        let found = try Self.errors("{name: m, query: sum(x{${scope}}), condition: canary < 1}")
        #expect(
            found.first?.problem.contains("a text with a comma, a bracket or a brace needs quotes") == true,
            "\(found)"
        )
    }

    @Test func inQuotesItIsRead() throws {
        #expect(
            try Self.errors("{name: m, query: 'sum(x{${scope}})', condition: 'canary <= max(1.2 * control, 0.01)'}")
                .isEmpty
        )
    }
}
