import Analysis
import PlanFormats
import Testing

/// Plans that fit a release equally closely.
@Suite struct PlanTiesTests {
    private static func plans(_ matches: [String]) throws -> PlanDirectory {
        let reader = PlanReader()
        let documents = try matches.enumerated().map { index, match in
            try reader.readInline(
                """
                name: p\(index)
                match: \(match)
                schedule: {interval: 1m, lifetime: 60m}
                metrics: [{name: m, query: "sum(x{${scope}})"}]
                """,
                file: "p\(index).yaml"
            )
        }
        return try PlanDirectory(plans: documents, reader: reader)
    }

    @Test(
        "Ties",
        arguments: [
            (["{applications: [a]}", "{applications: [a]}"], "\"a\" in environment \"any\""),
            (["{}", "{}"], "\"any\" in environment \"any\""),
            (["{applications: [a, b]}", "{applications: [b, c]}"], "\"b\""),
            (["{applications: ['a-*']}", "{applications: ['*-b']}"], "\"a-b\""),
            (["{applications: ['a*']}", "{applications: ['?a']}"], "\"aa\""),
            (
                ["{applications: [a], environments: [e]}", "{applications: [a], environments: [e, f]}"],
                "environment \"e\""
            ),
            (["{environments: ['prod*']}", "{environments: ['*prod']}"], "\"prod\""),
        ]
    )
    func ties(_ matches: [String], text: String) throws {
        let ties = try #require(try Self.plans(matches).ties)
        #expect(ties.errors.count == 1)
        #expect(ties.errors[0].file == "p1.yaml")
        #expect(ties.errors[0].problem.contains(text), "\(ties)")
        #expect(ties.errors[0].problem.contains("as closely as the plan p0 (p0.yaml, line 1)"))
    }

    @Test(
        "No ties",
        arguments: [
            ["{applications: [a]}", "{applications: [b]}"], ["{applications: [a]}", "{applications: ['a*']}"],
            ["{applications: ['a*']}", "{applications: ['ab*']}"],
            ["{applications: ['a-*']}", "{applications: ['b-*']}"], ["{}", "{applications: [a]}"],
            ["{applications: [a], environments: [e]}", "{applications: [a]}"],
        ]
    )
    func noTies(_ matches: [String]) throws {
        #expect(try Self.plans(matches).ties == nil)
    }
}
