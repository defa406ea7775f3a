import Analysis
import Judging
import PlanFormats
import PromQL
import Testing

/// What is said about queries, and where it stands in the file.
@Suite struct QueryFindingsTests {
    private static let tracks = PlanScopes(control: .labels(["track": "stable"]), experiment: ["track": "canary"])

    private static func findings(
        _ query: String,
        noData: NoDataPolicy = .pass,
        combine: SeriesCombination? = nil,
        scopes: PlanScopes = tracks,
        condition: String? = nil
    ) throws -> [QueryFinding] {
        let metric = PlannedMetric(
            name: "m",
            query: query,
            noData: noData,
            combine: combine,
            condition: try condition.map { try Condition(parsing: $0) }
        )
        let schedule = AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(600))
        let plan = AnalysisPlan(name: "p", scopes: scopes, schedule: schedule, metrics: [metric])
        return PlannedQuery.findings(of: metric, in: plan)
    }

    @Test(
        "Queries about which nothing is said",
        arguments: [
            "sum(rate(http_requests_total{app=\"${application}\", ${scope}}[1m]))",
            "(sum(rate(a_total{${scope}, code=~\"5..\"}[1m])) or vector(0)) / sum(rate(a_total{${scope}}[1m]))",
            "histogram_quantile(0.99, sum by (le) (rate(x_bucket{${scope}}[${step}]))) * 1000",
            "histogram_quantile(0.9, sum(rate(http_seconds{${scope}}[1m])))",
            "sum(rate(x_seconds_sum{${scope}}[1m])) / sum(rate(x_seconds_count{${scope}}[1m]))",
            "max by () (x{${scope}})", "avg(x{track=\"${scope.track}\"})", "job:errors:ratio5m{${scope}}",
            "count(up_total{${scope}})",
            "sum by (track) (rate(a_total{${scope}}[1m]))",
            "sum by (app) (rate(a_total{app=\"${application}\", ${scope}}[1m]))",
            "topk(1, sum(x{${scope}}))", "absent(x_total{${scope}})",
            "sum(x_total{${scope}} - x_total{${scope}} offset 5m)",
            "sum(rate(x_total{${scope}}[1m]) and on (pod) (y_total > 5))",
            "max_over_time(sum(rate(x_total{${scope}}[1m]))[5m:1m])",
            "scalar(sum(x{${scope}}))", "label_replace(sum(x{${scope}}), \"a\", \"$1\", \"b\", \"(.*)\")",
            "sum(x{${scope}, path=~\"/a$\", price=\"$$5\"})", "sum(x{${scope}}) # ${scope} or $old",
        ]
    )
    func nothing(_ query: String) throws {
        let found = try Self.findings(query)
        #expect(found.isEmpty, "\(found)")
    }

    private static let scoped = "sum(rate(x_total{${scope}}[1m]))"

    @Test(
        "What is an error",
        arguments: [
            ("PromQL:sum(up{${scope}})", "begins with PromQL:", 1),
            (
                "sum(rate(x_total{service=\"{{args.service-name}}\", ${scope}}[1m]))",
                "{{args.service-name}} is a template of Argo Rollouts", 27
            ),
            (
                "sum(x{app=\"{{ target }}\",${scope}})",
                "is a template of Flagger, which is not expanded here: write \"${application}\"", 12
            ),
            ("sum(x{app=\"{{ .Values.app }}\",${scope}})", "Helm", 12),
            (
                "rate(x_total{${scope}}[$__rate_interval])",
                "$__rate_interval is a variable of Grafana, which is not expanded here: write a time such as 1m", 24
            ),
            (
                "rate(x_total{${scope}}[${__range}])",
                "${__range} is a variable of Grafana, which is not expanded here: write ${window}", 24
            ),
            (
                "sum(x{env=\"$env\",${scope}})",
                "$env is a variable of Grafana, which is not expanded here: write \"${environment}\"", 12
            ),
            ("sum(x{env=\"[[env]]\",${scope}})", "[[env]] is a variable of Grafana", 12),
            ("sum(x{job=\"$SERVICE\"})", "$SERVICE is a variable of another tool", 12),
            ("sum(x{env=~\"${env:regex}\"})", "${env:regex} is a variable of Grafana", 13),
            (
                "sum(rate(x_total{${scope}}))",
                "is not PromQL: the argument of rate() must be a range vector, as in x[5m]", 10
            ),
            ("sum(x{${scope}}", "is not PromQL: the query ends in the arguments of sum", 16),
            ("\"abc\"", "gives a string", 0), ("x{${scope}}[5m]", "gives a range vector", 0),
            ("vector(1)", "reads no series", 0),
            ("sum(rate(http_requests_total{app=\"checkout\"}[2s]))", "asks for the same series on both sides", 0),
            ("sum(x{app=\"${application}\", version=\"${version}\"})", "asks for the same series on both sides", 0),
            (
                "label_replace(sum(x), \"t\", \"${scope.track}\", \"\", \"\")",
                "asks for the same series on both sides", 0
            ),
        ]
    )
    func errors(_ query: String, problem: String, column: Int) throws {
        let found = try Self.findings(query)
        let error = try #require(found.first { $0.severity == .error && $0.problem.contains(problem) }, "\(found)")
        #expect(error.place?.column ?? 0 == column)
    }

    @Test(
        "What may surprise",
        arguments: [
            (
                "sum by (action) (rate(x_total{${scope}}[1m]))", "gives a series for each value of action",
                QueryFinding.Severity.warning
            ),
            ("rate(x_total{${scope}}[1m])", "may give several series", .advice),
            ("sum without (pod) (x{${scope}})", "may give several series", .advice),
            ("sum by (a) (x{${scope}}) / sum by (a, b) (y{${scope}})", "each value of a,", .warning),
            (
                "sum(http_requests_total{code=\"500\", ${scope}})",
                "reads the counter http_requests_total without rate()", .warning
            ),
            ("avg_over_time(x_count{${scope}}[5m])", "reads the counter x_count", .warning),
            ("sum(a_sum{${scope}}) / sum(a_count{${scope}})", "reads the counter a_count", .warning),
            ("histogram_quantile(0.9, sum(rate(x_bucket{${scope}}[1m])))", "without their label le", .warning),
            (
                "histogram_quantile(0.9, sum by (pod) (rate(x_bucket{${scope}}[1m])))", "without their label le",
                .warning
            ),
            ("sum(rate(http_request_duration_seconds{${scope}}[2s]))", "is a native histogram", .warning),
        ]
    )
    func surprises(_ query: String, problem: String, severity: QueryFinding.Severity) throws {
        let found = try Self.findings(query)
        #expect(found.contains { $0.problem.contains(problem) && $0.severity == severity }, "\(found)")
        #expect(!found.contains { $0.severity == .error })
    }

    @Test func combinedSeriesAreMeant() throws {
        #expect(try Self.findings("rate(x_total{${scope}}[1m])", combine: .sum).isEmpty)
    }

    @Test("Sides that cannot differ, and those that can")
    func sides() throws {
        let query = "sum(rate(x_total{app=\"a\"}[1m]))"
        let before = PlanScopes(control: .before(.seconds(3600)), experiment: ["a": "b"])
        #expect(try Self.findings(query, scopes: before).isEmpty)
        // The event may bring a control in the past along.
        #expect(try Self.findings(query, scopes: PlanScopes()).map(\.severity) == [.warning])
        // A fixed limit compares nothing.
        #expect(try Self.findings(query, condition: "canary < 5").isEmpty)
        let same = PlanScopes(control: .labels(["app": "a", "track": "s"]), experiment: ["app": "a", "track": "c"])
        #expect(try Self.findings("sum(x{app=\"${scope.app}\"})", scopes: same).map(\.severity) == [.warning])
        #expect(try Self.findings("sum(x{app=\"${scope.app}\", ${scope}})", scopes: same).isEmpty)
    }

    @Test(
        "A query of which only a part depends on the side",
        arguments: [
            ("sum(rate(a_total{${scope}}[1m])) / sum(rate(b_total[1m]))", "has no ${scope}, while the rest", 45),
            ("sum(rate(b_total[1m])) + 0 * sum(up{${scope}})", "has no ${scope}, while the rest", 10),
            ("sum(rate(b_total[1m])) or sum(rate(a_total{${scope}}[1m]))", "stands in for the other side", 10),
            ("sum(rate(a_total{${scope}}[1m])) or sum(rate(b_total[1m]))", "stands in for the other side", 46),
            ("sum(rate(b_total[1m])) and on () sum(up{${scope}})", "has the same value on both sides", 0),
            ("sum(rate(b_total[1m])) unless sum(up{track=\"${scope.track}\"})", "has the same value on both sides", 0),
            ("sum(rate(b_total[1m])) > sum(up{${scope}})", "has the same value on both sides", 0),
        ]
    )
    func partialScopes(_ query: String, problem: String, column: Int) throws {
        let found = try Self.findings(query)
        #expect(found.map(\.severity) == [.warning], "\(found)")
        #expect(found.first?.problem.contains(problem) == true, "\(found)")
        #expect(found.first?.place?.column ?? 0 == column, "\(found)")
    }

    @Test(
        "A query that picks the side out by joining",
        arguments: [
            "sum(rate(x_total[1m]) * on (pod) group_left () kube_pod_labels{label_track=\"${scope.track}\"})",
            "sum(rate(x_total[1m]) and on (pod) up{${scope}})", "sum(rate(x_total{${scope}}[1m])) > 5",
            "sum(rate(x_total{${scope}}[1m])) or vector(0)", "sum(rate(x_total{${scope}}[1m])) / scalar(vector(2))",
            "sum(x{${scope}} / y)",
        ]
    )
    func joinedScopes(_ query: String) throws {
        let found = try Self.findings(query)
        #expect(found.isEmpty, "\(found)")
    }

    @Test(
        "Failures of which a healthy service has no series",
        arguments: [
            (
                "sum(rate(a_total{${scope},code=~\"5..\"}[1m])) / sum(rate(a_total{${scope}}[1m]))", NoDataPolicy.hold,
                "write (… or vector(0)) around the numerator"
            ),
            (
                "100 * sum(rate(a_total{${scope},status!~\"2..\"}[1m])) / sum(rate(a_total{${scope}}[1m]))", .fail,
                "then fails"
            ),
            ("sum(rate(a_total{${scope},code=\"500\"}[1m]))", .hold, "or noData: zero"),
            (
                "1 - sum(rate(a_total{${scope},outcome=\"failure\"}[1m])) / sum(rate(a_total{${scope}}[1m]))", .hold,
                "then waits"
            ),
            (
                "sum(rate(a_total{${scope},code=~\"5..\"}[1m])) / sum(rate(a_total{${scope}}[1m]))", .zero,
                "is a ratio with noData: zero"
            ),
        ]
    )
    func missingNumerators(_ query: String, noData: NoDataPolicy, problem: String) throws {
        let found = try Self.findings(query, noData: noData)
        #expect(found.contains { $0.problem.contains(problem) }, "\(found)")
    }

    @Test(
        "Nothing of that where zero is said, or nothing fails",
        arguments: [
            (
                "(sum(rate(a_total{${scope},code=~\"5..\"}[1m])) or vector(0)) / sum(rate(a_total{${scope}}[1m]))",
                NoDataPolicy.hold
            ),
            ("sum(rate(a_total{${scope},code=\"500\"}[1m])) or vector(0)", .hold),
            ("sum(rate(a_total{${scope},code=\"500\"}[1m]))", .zero),
            ("sum(rate(a_total{${scope},code=~\"2..\"}[1m])) / sum(rate(a_total{${scope}}[1m]))", .hold),
            ("sum(rate(a_seconds_sum{${scope}}[1m])) / sum(rate(a_seconds_count{${scope}}[1m]))", .hold),
        ]
    )
    func presentNumerators(_ query: String, noData: NoDataPolicy) throws {
        let found = try Self.findings(query, noData: noData)
        #expect(found.isEmpty, "\(found)")
    }

    // MARK: In a file

    private static func text(_ query: String) -> String {
        """
        name: p
        schedule: {interval: 1m, lifetime: 60m}
        metrics:
          - name: m
            query: \(query)
        """
    }

    @Test(
        "An error stands where the query is wrong, however YAML spells it",
        arguments: [
            ("sum(rate(x{${scope}}))", "5:21"), ("'sum(rate(x{${scope}}))'", "5:22"),
            ("\"sum(rate(x{${scope}}))\"", "5:22"),
            ("\"sum(rate(x{a=\\\"b\\\"}))\"", "5:22"), ("'sum by (''a'') (rate(x))'", "5:34"),
            ("|\n      sum(\n        rate(x)\n      )", "7:14"),
            (">-\n      sum(\n      rate(x)\n      )", "7:12"), ("sum(\n      rate(x))", "6:12"),
            ("&q |\n      sum(rate(x))", "6:16"),
            ("\"sum(\\n  rate(\\x78))\"", "5:26"), ("sum(x", "5:17"), ("|\n      sum(x\n", "6:12"),
        ]
    )
    func places(_ query: String, place: String) throws {
        let error = #expect(throws: PlanFileErrors.self) {
            try PlanReader().readInline(Self.text(query), file: "p.yaml")
        }
        let first = try #require(error?.errors.first)
        #expect("\(first.line):\(first.column)" == place, "\(first)")
        let mark = try #require(first.excerpt).description.split(separator: "\n").last
        #expect(mark?.trimmingPrefix { $0 == " " } == "^")
    }

    @Test func theMarkStandsUnderTheFault() throws {
        let error = #expect(throws: PlanFileErrors.self) {
            try PlanReader().readInline(Self.text("sum(rate(x))"), file: "p.yaml")
        }
        #expect(
            error?.illustrated == """
                p.yaml:5:21: error: metrics[0].query: is not PromQL: the argument of rate() must be a range vector, as in x[5m], not an instant vector
                    query: sum(rate(x))
                                    ^
                """
        )
    }

    @Test("Queries are not checked where their metric could not be read, and several at once")
    func severalErrors() throws {
        let text = """
            name: p
            schedule: {interval: 1m, lifetime: 60m}
            metrics:
              - {name: a, query: rate(x)}
              - {name: b, query: "sum(", critical: maybe}
              - {name: c, query: "\\"x\\""}
            """
        let error = #expect(throws: PlanFileErrors.self) { try PlanReader().readInline(text, file: "p.yaml") }
        #expect(
            error?.errors.map(\.field) == ["metrics[0].query", "metrics[1].critical", "metrics[2].query"],
            "\(error!)"
        )
    }

    @Test("MetricsQL is left to the back end; its variables are not") func otherLanguages() throws {
        let plan = Self.text("sum(rate(x{${scope}})) default 0")
        #expect(throws: PlanFileErrors.self) { try PlanReader().readInline(plan) }
        let metricsQL = plan.replacing("name: p", with: "name: p\nqueryLanguage: metricsql")
        let document = try PlanReader().readInline(metricsQL)
        #expect(PlanWarnings.ofVerdict(document.plan).isEmpty)
        let foreign = metricsQL.replacing("${scope}", with: "a=\"{{args.b}}\"")
        #expect(throws: PlanFileErrors.self) { try PlanReader().readInline(foreign) }
        let scopes = "scopes: {control: {labels: {a: s}}, experiment: {labels: {a: c}}}\nmetrics:"
        for query in ["sum(rate(x)) default 0", "sum(rate(x[1m])) # ${scope}"] {
            let same = metricsQL.replacing("metrics:", with: scopes)
                .replacing("sum(rate(x{${scope}})) default 0", with: "'\(query)'")
            let error = #expect(throws: PlanFileErrors.self) { try PlanReader().readInline(same) }
            #expect(error?.description.contains("asks for the same series on both sides: put ${scope}") == true)
        }
        let slip = #expect(throws: PlanFileErrors.self) {
            try PlanReader().readInline(metricsQL.replacing("metricsql", with: "metricql"))
        }
        #expect(slip?.description.contains("did you mean \"metricsql\"?") == true)
    }

    @Test("The verdict repeats what matters to it") func ofVerdict() throws {
        let text = """
            name: p
            scopes:
              control: {labels: {track: stable}}
              experiment: {labels: {track: canary}}
            schedule: {interval: 1m, lifetime: 60m}
            metrics:
              - {name: http-500, query: 'sum(http_requests_total{code="500", ${scope}})', noData: hold}
              - {name: load, query: "load{${scope}}"}
            """
        let warnings = PlanWarnings.ofVerdict(try PlanReader().readInline(text).plan)
        #expect(warnings.count == 1)
        #expect(warnings.first?.hasPrefix("http-500: reads the counter http_requests_total without rate()") == true)
    }
}
