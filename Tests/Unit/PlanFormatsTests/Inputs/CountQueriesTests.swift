import Analysis
import Judging
import PlanFormats
import Testing

/// `errors`, `requests` and `buckets`: what they become, and what they may not be.
@Suite struct CountQueriesTests {
    private static let all = "sum(rate(a_total{${scope}}[1m]))"

    @Test(
        "Errors and requests make a quotient that every judge can ask",
        arguments: ["sequential", "NetflixACAJudge-v1.0"]
    )
    func counts(judge: String) throws {
        let metric = try InputPlans.metric(
            [("errors", "'sum(rate(b_total{${scope}}[1m])) # all'"), ("requests", Self.all)],
            judge: judge
        )
        #expect(
            metric.input
                == .counts(
                    events: CountQuery(query: "sum(rate(b_total{${scope}}[1m]))"),
                    requests: CountQuery(query: Self.all)
                )
        )
        #expect(metric.query == "(sum(rate(b_total{${scope}}[1m]))) / (\(Self.all))")
        #expect(metric.kind == .errors)
        #expect(metric.direction == .increase)
    }

    private struct Unexpected: Error {}

    @Test func `a difference of counts does not fall below 0`() throws {
        let metric = try InputPlans.metric([
            (
                "errors",
                InputPlans.quoted("\(Self.all) - (sum(rate(a_total{code=\"200\", ${scope}}[1m])) or vector(0))")
            ),
            ("requests", Self.all),
        ])
        guard case .counts(let events, _) = metric.input else { throw Unexpected() }
        #expect(
            events.query == "clamp_min(\(Self.all) - (sum(rate(a_total{code=\"200\", ${scope}}[1m])) or vector(0)), 0)"
        )
    }

    @Test func `buckets make a quantile`() throws {
        let buckets = "sum by (le) (rate(x_seconds_bucket{${scope}}[1m]))"
        let metric = try InputPlans.metric([("buckets", InputPlans.quoted(buckets)), ("objective", "0.3")])
        #expect(metric.input == .histogram(buckets: CountQuery(query: buckets)))
        #expect(metric.query == "histogram_quantile(0.99, \(buckets))")
        #expect(metric.kind == .latency)
        #expect(metric.objective == 0.3)
    }

    @Test(
        "The time that a sample counts over",
        arguments: [
            ("sum(rate(x_total{${scope}}[5m]))", 1), ("sum(irate(x_total{${scope}}[5m]))", 1),
            ("sum(increase(x_total{${scope}}[5m]))", 300), ("sum(increase(x_total{${scope}}[${step}]))", 15),
            ("sum(increase(x_total{${scope}}[${interval}]))", 60),
            ("sum(increase(x_total{${scope}}[${window}]))", 3600),
            ("60 * sum(rate(x_total{${scope}}[1m]))", 60), ("sum(rate(x_total{${scope}}[1m]) * 60)", 60),
            ("sum(increase(x_total{${scope}}[1m])) / 60", 1), ("(sum(rate(x_total{${scope}}[1m]) or vector(0)))", 1),
            ("sum(rate(x_total{${scope}}[1m])) or 0 * sum(rate(y_total{${scope}}[1m]))", 1),
            ("(sum(rate(x_total{${scope}}[1m])) or vector(0)) + (sum(rate(y_total{${scope}}[1m])) or vector(0))", 1),
            ("sum(label_replace(rate(x_total{${scope}}[1m]), \"a\", \"$1\", \"b\", \"(.*)\"))", 1),
            ("sum(rate(x_total{${scope}}[1m])) > 0", 1), ("clamp_min(sum(rate(x_total{${scope}}[1m])), 0)", 1),
            ("sum(job:x:rate5m{${scope}})", 1), ("sum(job:x:increase5m{${scope}})", 300),
            ("sum(histogram_count(rate(x_seconds{${scope}}[1m])))", 1),
            ("sum(rate(x_total{${scope}}[1m] offset 30s))", 1),
        ]
    )
    func time(query: String, seconds: Int) throws {
        let metric = try InputPlans.metric([
            ("errors", InputPlans.quoted(query)), ("requests", InputPlans.quoted(query)),
        ])
        guard case .counts(_, let requests) = metric.input else { throw Unexpected() }
        #expect(requests == CountQuery(query: query, per: .seconds(seconds)))
    }

    @Test(
        "What is no count",
        arguments: [
            (
                "sum(x_total{${scope}})",
                "5:is the counter x_total as it stands, and no count of a time: write rate(x_total[1m])"
            ),
            (
                "sum(queue{${scope}})",
                "5:queue is a value at a time, and no count: accepted are rate(), irate() and increase()"
            ),
            ("avg(rate(x_total{${scope}}[1m]))", "1:avg of counts is no count: sum is accepted"),
            ("max(rate(x_total{${scope}}[1m]))", "1:max of counts"),
            ("quantile(0.9, rate(x_total{${scope}}[1m]))", "1:quantile of counts"),
            ("sum(avg by (pod) (rate(x_total{${scope}}[1m])))", "5:avg of counts"),
            ("sum(deriv(x_total{${scope}}[1m]))", "5:deriv() gives no count"),
            ("sum(rate(x_total{${scope}}[5m:1m]))", "5:rate() of a subquery is no count"),
            (
                "sum(rate(x_seconds_sum{${scope}}[1m]))",
                "5:adds up the values of x_seconds_sum, and counts nothing: use its _count"
            ),
            ("sum(rate(a_total{${scope}}[1m])) / sum(rate(b_total{${scope}}[1m]))", "1:is a quotient, and no count"),
            ("sum(rate(x_total{${scope}}[1m])) * -1", "1:gives no count: a factor above 0 is accepted"),
            ("sum(rate(x_total{${scope}}[1m])) * 0", "1:gives no count: a factor above 0"),
            ("-sum(rate(x_total{${scope}}[1m]))", "1:is no count"),
            ("sum(rate(x_total{${scope}}[1m] @ end()))", "5:is the same at each step: leave out @"),
            (
                "sum(rate(a_total{${scope}}[1m])) + sum(rate(b_total{${scope}}[2m]))",
                "1:puts counts of different times together: use the same function and the same range"
            ),
            ("sum(job:x:ratio_rate5m{${scope}})", "5:job:x:ratio_rate5m is a value at a time"),
            ("sum(rate(x_total{${scope}}[1m]))[5m:1m]", "gives a range vector, not numbers over time"),
            ("sum(rate(x_total[1m]))", "asks for the same series on both sides"),
            ("sum(rate(x_total{${scope}}[1m])", "is not PromQL"),
        ]
    )
    func notCounts(query: String, problem: String) {
        let errors = InputPlans.errors([
            ("errors", InputPlans.quoted(query)), ("requests", InputPlans.quoted(Self.all)),
        ])
        let parts = problem.split(separator: ":", maxSplits: 1).map(String.init)
        if parts.count == 2, let column = Int(parts[0]) {
            // After `    errors: '`.
            #expect(errors.hasPrefix("p.yaml:11:\(13 + column): error: metrics[0].errors: \(parts[1])"), "\(errors)")
        } else {
            #expect(errors.contains("metrics[0].errors: \(problem)"), "\(errors)")
        }
    }

    /// Where one part has no series, the whole has none: no event, as it seems.
    @Test(
        "Events are not lost with a part of their sum",
        arguments: [
            "sum(rate(a_total{${scope}}[1m])) + sum(rate(b_total{${scope}}[1m]))",
            "sum(rate(a_total{${scope}}[1m])) + sum(rate(b_total{${scope}}[1m])) or vector(0)",
            "(sum(rate(a_total{${scope}}[1m])) or vector(0)) + sum(rate(b_total{${scope}}[1m]))",
            "sum(rate(a_total{${scope}}[1m])) - sum(rate(b_total{${scope}}[1m]))",
            "sum by (x) (rate(a_total{${scope}}[1m])) - (sum by (x) (rate(b_total{${scope}}[1m])) or vector(0))",
        ]
    )
    func parts(query: String) throws {
        let problem = "may have no series, and then the whole sum or difference has none"
        let metric = [("errors", InputPlans.quoted(query)), ("requests", Self.all)]
        #expect(InputPlans.errors(metric).contains(problem))
        // Of requests it only leaves a unit out.
        #expect(try InputPlans.metric([("errors", Self.all), ("requests", InputPlans.quoted(query))]).input != .value)
        let share = try InputPlans.document(InputPlans.query("(\(query)) / \(Self.all)") + [("kind", "errors")])
        #expect(share.plan.metrics[0].input == .value)
        #expect(PlanWarnings.ofVerdict(share.plan).contains { $0.contains("which finds less") })
    }

    @Test(
        "Keys that do not go together",
        arguments: [
            ([("errors", all)], "metrics[0].errors: needs requests beside it"),
            ([("requests", all)], "metrics[0].requests: needs errors beside it"),
            (
                [("errors", all), ("requests", all), ("buckets", all)],
                "metrics[0].buckets: cannot be given beside errors"
            ),
            (
                [("errors", all), ("requests", all), ("kind", "gauge")],
                "metrics[0].kind: gauge does not go with the queries"
            ),
            ([("errors", all), ("requests", all), ("kind", "latency")], "metrics[0].kind: latency does not go with"),
            (
                [("buckets", "'sum by (le) (rate(x_bucket{${scope}}[1m]))'"), ("kind", "errors")],
                "metrics[0].kind: errors does"
            ),
            ([("errors", "''"), ("requests", all)], "metrics[0].errors: is empty"),
            (
                [("kind", "error"), ("query", all)],
                "metrics[0].kind: \"error\" is not one of errors, latency, gauge, ratio"
            ),
            (
                [("errors", all), ("requests", "sum(rate(a_total{${scope}}[2m]))")],
                "metrics[0].requests: counts over 2m"
            ),
            (
                [("errors", all), ("requests", "sum(increase(a_total{${scope}}[1m]))")],
                "metrics[0].requests: is given per 1m, and errors per 1s"
            ),
            (
                [("buckets", "sum(rate(x_bucket{${scope}}[1m]))")],
                "metrics[0].buckets: gives no buckets by their bounds"
            ),
            ([("buckets", "'sum by (pod) (rate(x_bucket{${scope}}[1m]))'")], "metrics[0].buckets: gives no buckets"),
            (
                [("role", "info"), ("critical", "true"), ("query", all)],
                "metrics[0].role: info contradicts critical: true"
            ),
            (
                [("role", "critical"), ("critical", "false"), ("query", all)],
                "role: critical contradicts critical: false"
            ),
            (
                [("role", "signal"), ("muted", "true"), ("query", all)],
                "metrics[0].role: signal contradicts muted: true"
            ),
            ([("role", "boss"), ("query", all)], "is not one of critical, guardrail, signal, info"),
            ([("query", all), ("objective", "0.3")], "metrics[0].objective: needs a histogram"),
        ] as [([(String, String)], String)]
    )
    func contradictions(metric: [(String, String)], problem: String) {
        let errors = InputPlans.errors(metric)
        #expect(errors.contains(problem), "\(errors)")
        #expect(!errors.contains("query: is required"), "\(errors)")
        #expect(errors.hasPrefix("p.yaml:1"), "\(errors)")
    }

    @Test(arguments: MetricRole.allCases) func roles(role: MetricRole) throws {
        // Something has to count.
        let other = ("noData", "hold\n  - {name: n, query: 'sum(y{${scope}})'}")
        let metric = try InputPlans.metric([("query", "sum(x{${scope}})"), ("role", role.rawValue), other])
        #expect(metric.role == role)
        let critical = try InputPlans.metric([
            ("query", "sum(x{${scope}})"), ("role", role.rawValue), ("critical", "\(role == .critical)"), other,
        ])
        #expect(critical.role == role)
    }

    @Test("Numbers of the judge are read, and bounded") func limits() throws {
        let metric = try InputPlans.metric([
            ("query", "sum(x{${scope}})"), ("effect", "{margin: 1.1, harm: 2, gate: 1.2, floor: 0.5}"),
        ])
        #expect(metric.limits() == SequentialLimits(margin: 1.1, harm: 2, gate: 1.2, floor: 0.5))
        let standard = try InputPlans.metric([("query", "sum(x{${scope}})")])
        #expect(standard.limits() == SequentialLimits(margin: 1.05, harm: 1.5, gate: 1.1, floor: 0))
        let plan = try InputPlans.document(
            [("query", "sum(x{${scope}})")],
            extra: "sequential: {alpha: 0.01, beta: 0.2, undecided: pass, minimumRequests: 500, split: warn,"
                + " passAfter: 5m}"
        ).plan
        #expect(
            plan.sequential
                == SequentialPolicy(
                    alpha: 0.01,
                    beta: 0.2,
                    undecided: .pass,
                    minimumRequests: 500,
                    passesWithWrongSplit: true,
                    passAfter: .seconds(300)
                )
        )
    }

    @Test(
        "Numbers that cannot be meant",
        arguments: [
            ("effect", "{margin: 0.9}", "effect.margin: must be 1 or more"),
            ("effect", "{margin: 1.2, harm: 1.2}", "effect.harm: must be above the margin (1.2)"),
            ("effect", "{margin: 1.2, gate: 1.1}", "effect.gate: must not be below the margin (1.2)"),
            ("effect", "{floor: -1}", "effect.floor: must be 0 or more"),
        ]
    )
    func bounds(key: String, value: String, problem: String) {
        let errors = InputPlans.errors([("query", "sum(x{${scope}})"), (key, value)])
        #expect(errors.contains("metrics[0].\(problem)"), "\(errors)")
    }

    @Test(
        "Levels that cannot be meant",
        arguments: [
            ("{alpha: 0}", "sequential.alpha: must be above 0, and at most 0.5"), ("{alpha: 0.6}", "sequential.alpha"),
            ("{beta: -1}", "sequential.beta"),
            ("{minimumRequests: -1}", "sequential.minimumRequests: must be 0 or more"),
            ("{split: wait}", "sequential.split: \"wait\" is not one of hold, warn"),
            ("{undecided: hold}", "sequential.undecided"),
            ("{alph: 1}", "is not a known key (did you mean \"alpha\"?)"),
        ]
    )
    func levels(value: String, problem: String) {
        let errors = InputPlans.errors([("query", "sum(x{${scope}})")], extra: "sequential: \(value)")
        #expect(errors.contains(problem), "\(errors)")
    }

    @Test(
        "Keys that only this judge reads are refused with another",
        arguments: ["NetflixACAJudge-v1.0", "conditions"]
    )
    func foreign(judge: String) {
        let errors = InputPlans.errors(
            [
                ("query", "sum(x{${scope}})"), ("condition", "canary < 1"), ("objective", "0.3"), ("role", "signal"),
                ("effect", "{margin: 1.1, harm: 2, gate: 1.2, floor: 0}"),
            ],
            judge: judge,
            extra: "sequential: {alpha: 0.01}"
        )
        for field in ["objective", "role", "effect.margin", "effect.harm", "effect.gate", "effect.floor"] {
            #expect(errors.contains("metrics[0].\(field): "), "\(field): \(errors)")
        }
        #expect(errors.contains("error: sequential: is only known to the judge sequential"), "\(errors)")
    }
}
