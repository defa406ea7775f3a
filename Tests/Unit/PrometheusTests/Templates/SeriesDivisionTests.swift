import Analysis
import PromQL
import Testing

@testable import Prometheus

/// What is asked of a part of a side's series.
@Suite struct SeriesDivisionTests {
    static func session(stable: String = "stable") -> AnalysisSession {
        AnalysisSession(
            id: "s",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "production",
                version: "2.0"
            ),
            plan: AnalysisPlan(
                name: "p",
                scopes: PlanScopes(
                    control: .labels(["app": "shop", "track": stable]),
                    experiment: ["app": "shop", "track": "canary"]
                ),
                schedule: AnalysisSchedule(step: .seconds(10), interval: .seconds(60), lifetime: .seconds(300)),
                metrics: [PlannedMetric(name: "m", query: "m{${scope}}")]
            ),
            receivedAt: Timestamp(milliseconds: 1_772_359_200_000)
        )
    }

    private static func texts(
        _ query: String,
        _ division: SeriesDivision = SeriesDivision(of: .control, by: "pod", control: ["a", "b"], experiment: ["c"]),
        in session: AnalysisSession = session()
    ) -> [Side: Result<String, SamplingFailure>] {
        let texts = ScopedQueries(of: session, dividing: division).texts(of: query, Side.allCases, isMuted: false)
        return Dictionary(uniqueKeysWithValues: texts.map { ($0.side, $0.text) })
    }

    @Test(
        "Each selector of the side gets the part's matcher, whatever stands around it",
        arguments: [
            ("r{${scope}}", #"r{app="shop", track="stable", pod=~"PART"}"#),
            (
                "sum by (le) (rate(b{${scope}}[1m] offset 5m))",
                #"sum by (le) (rate(b{app="shop", track="stable", pod=~"PART"}[1m] offset 5m))"#
            ),
            (
                #"sum(e{track="${scope.track}"}) / sum(r{track=~"${scope.track}|x",zone!=""})"#,
                #"sum(e{track="stable", pod=~"PART"}) / sum(r{track=~"stable|x", zone!="", pod=~"PART"})"#
            ),
            (
                "max_over_time((-avg(g{${scope}}))[5m:10s])",
                #"max_over_time((-avg(g{app="shop", track="stable", pod=~"PART"}))[5m:10s])"#
            ),
            (
                #"quantile(scalar(q{${scope}}), {__name__="l",${scope}})"#,
                #"quantile(scalar(q{app="shop", track="stable", pod=~"PART"}), "#
                    + #"{__name__="l", app="shop", track="stable", pod=~"PART"})"#
            ),
        ]
    )
    func injection(_ query: String, _ expected: String) throws {
        let texts = Self.texts(query)
        #expect(try texts[.control]?.get() == expected.replacing("PART", with: "a|b"))
        #expect(try texts[.experiment]?.get() == expected.replacing("PART", with: "c"))
    }

    @Test("What is the same for both sides stays as it is: the whole is not divided with its parts")
    func sharedSelectors() throws {
        let texts = Self.texts(#"sum(e{${scope}}) / scalar(sum(r{app="shop"}))"#)
        let expected = #"sum(e{app="shop", track="stable", pod=~"c"}) / scalar(sum(r{app="shop"}))"#
        #expect(try texts[.experiment]?.get() == expected)
    }

    @Test("The divided side's labels are those of both parts")
    func labels() throws {
        let division = SeriesDivision(of: .experiment, by: "pod", control: ["a"], experiment: ["b"])
        let queries = ScopedQueries(of: Self.session(), dividing: division)
        for side in Side.allCases { #expect(queries.labels(of: side)["track"] == "canary") }
        #expect(try Self.texts("r{${scope}}", division)[.control]?.get().contains(#"track="canary""#) == true)
    }

    @Test("A query that does not depend on the side is refused")
    func undivided() {
        let failure = #expect(throws: SamplingFailure.self) { try Self.texts(#"r{app="shop"}"#)[.control]?.get() }
        #expect(failure?.kind == .badQuery)
        #expect(throws: SamplingFailure.self) {
            try ScopedQueries(of: Self.session()).values(of: "pod", in: #"r{app="shop"}"#, of: .control)
        }
    }

    @Test("A query of another language than PromQL is refused")
    func otherLanguage() {
        let failure = #expect(throws: SamplingFailure.self) {
            try Self.texts("rate(r{${scope}}[1m]) default 0")[.control]?.get()
        }
        #expect(failure?.kind == .badQuery)
    }

    @Test("The label's values are asked for in the first series that tell the sides apart")
    func values() throws {
        let query = #"sum by (pod) (rate(other[1m])) + sum by (pod) (increase(r{${scope},code!=""}[1m] offset 1h))"#
        let text = try ScopedQueries(of: Self.session()).values(of: "pod", in: query, of: .control)
        #expect(text == #"group by (pod) (r{app="shop", track="stable", code!=""})"#)
    }

    @Test("A value is a literal of the pattern, whatever is in it", arguments: HostileValues.all)
    func hostileValues(_ value: String) throws {
        let division = SeriesDivision(of: .control, by: "pod", control: ["a.b", value], experiment: [value])
        let texts = Self.texts("r{${scope}}", division)
        for side in Side.allCases {
            let expression = try PromQLParser.parse(try #require(try texts[side]?.get()))
            let matchers = try #require(expression.selectors.first?.matchers)
            #expect(matchers.count == 3 && expression.selectors.count == 1)
            guard case .label(let matcher)? = matchers.last else {
                Issue.record("no matcher of the label")
                continue
            }
            #expect(matcher.name == "pod" && matcher.kind == .matches)
            // As Go's QuoteMeta writes it.
            let quoted = value.unicodeScalars.reduce(into: "") { text, scalar in
                if #"\.+*?()|[]{}^$"#.unicodeScalars.contains(scalar) { text += "\\" }
                text.unicodeScalars.append(scalar)
            }
            #expect(matcher.value.value == (side == .control ? #"a\.b|"# + quoted : quoted))
        }
    }
}
