import Analysis
import Judging
import PlanFormats
import PromQL
import Testing

/// What a query alone shows of its input.
@Suite struct InputRecognitionTests {
    private static let bad = #"sum(rate(a_total{app="${application}", ${scope}, code=~"5.."}[1m]))"#
    private static let good = #"sum(rate(a_total{app="${application}", ${scope}, code!~"5.."}[1m]))"#
    private static let all = #"sum(rate(a_total{app="${application}", ${scope}}[1m]))"#
    private static let other = "sum(rate(b_total{${scope}}[1m]))"

    @Test(
        "Shares become counts",
        arguments: [
            ("\(bad) / \(all)", bad, all),
            ("(\(bad) or vector(0)) / \(all)", "(\(bad) or vector(0))", all),
            ("100 * \(bad) / \(all)", bad, all),
            ("100 * (\(bad) / \(all))", bad, all),
            ("(\(bad)) / (\(all)) * 100", "(\(bad))", "(\(all))"),
            ("\(bad) / \(all) or vector(0)", bad, all),
            ("(\(bad) or 0 * \(all)) / \(all)", "(\(bad) or 0 * \(all))", all),
            ("\(bad) / on () (\(all) > 0)", bad, "(\(all) > 0)"),
            ("1 - \(good) / \(all)", "clamp_min((\(all)) - ((\(good)) or vector(0)), 0)", all),
            ("100 - 100 * \(good) / \(all)", "clamp_min((\(all)) - ((\(good)) or vector(0)), 0)", all),
            ("(1 - \(good) / \(all)) * 100", "clamp_min((\(all)) - ((\(good)) or vector(0)), 0)", all),
            ("(\(all) - (\(good) or vector(0))) / \(all)", "clamp_min((\(all) - (\(good) or vector(0))), 0)", all),
            ("\(bad) / (\(bad) + \(other))", bad, "(\(bad) + \(other))"),
            (
                #"sum(rate(x_bucket{${scope}, le="0.3"}[1m])) / sum(rate(x_count{${scope}}[1m]))"#,
                #"sum(rate(x_bucket{${scope}, le="0.3"}[1m]))"#, "sum(rate(x_count{${scope}}[1m]))"
            ),
        ]
    )
    func shares(query: String, events: String, requests: String) throws {
        let metric = try InputPlans.metric(InputPlans.query(query))
        let isDeclared = query.hasPrefix("(\(Self.all) - ")
        if isDeclared {
            // Two selectors: the plan must say that the events are requests.
            #expect(metric.input == .value)
            let declared = try InputPlans.metric(InputPlans.query(query) + [("kind", "errors")])
            #expect(declared.input == .counts(events: CountQuery(query: events), requests: CountQuery(query: requests)))
            return
        }
        #expect(metric.input == .counts(events: CountQuery(query: events), requests: CountQuery(query: requests)))
        #expect(metric.query == query)
        #expect(metric.kind == (query.contains("_bucket") ? .ratio : .errors))
        #expect(metric.direction == (query.contains("_bucket") ? .either : .increase))
    }

    @Test func `increases count over their range, and other judges keep the query`() throws {
        let query = "sum(increase(a_total{${scope}, x=\"y\"}[1m])) / sum(increase(a_total{${scope}}[1m]))"
        let metric = try InputPlans.metric(InputPlans.query(query))
        guard case .counts(let events, let requests) = metric.input else {
            Issue.record("\(metric.input)")
            return
        }
        #expect(events.per == .seconds(60) && requests.per == .seconds(60))
        #expect(metric.kind == .ratio)
        #expect(try InputPlans.metric(InputPlans.query(query), judge: "NetflixACAJudge-v1.0").input == .value)
    }

    @Test("A floor is a difference of shares, whatever the query is multiplied by") func floor() throws {
        let metric = try InputPlans.metric(
            InputPlans.query("100 * \(Self.bad) / \(Self.all)") + [("effect", "{floor: 0.5}")]
        )
        #expect(metric.limits().floor == 0.005)
    }

    private static let buckets = "sum by (le) (rate(x_seconds_bucket{${scope}}[1m]))"

    @Test(
        "Quantiles become histograms",
        arguments: [
            ("histogram_quantile(0.99, \(buckets))", buckets), ("histogram_quantile(0.9, \(buckets)) * 1000", buckets),
            ("1000 * (histogram_quantile(0.5, (\(buckets))))", "(\(buckets))"),
            (
                "histogram_quantile(0.9, sum by (le, track) (rate(x_bucket{${scope}}[1m])))",
                "sum by (le, track) (rate(x_bucket{${scope}}[1m]))"
            ),
            (
                "histogram_quantile(0.9, sum by (le, route) (rate(x_bucket{${scope}}[1m])))",
                "sum by (le) (sum by (le, route) (rate(x_bucket{${scope}}[1m])))"
            ),
            ("histogram_quantile(0.9, rate(x_bucket{${scope}}[1m]))", "sum by (le) (rate(x_bucket{${scope}}[1m]))"),
            ("histogram_quantile(0.9, sum by (le) (job:x:rate5m{${scope}}))", "sum by (le) (job:x:rate5m{${scope}})"),
        ]
    )
    func quantiles(query: String, buckets: String) throws {
        let metric = try InputPlans.metric(InputPlans.query(query))
        #expect(metric.input == .histogram(buckets: CountQuery(query: buckets)))
        #expect(metric.query == query)
        #expect(metric.kind == .latency)
        #expect(metric.direction == .increase)
    }

    @Test(
        "What stays a value, and why",
        arguments: [
            (
                "sum by (route) (rate(a_total{${scope}, x=\"y\"}[1m])) / sum by (route) (rate(a_total{${scope}}[1m]))",
                "", "route"
            ),
            (
                "\(bad) / on (a) group_left sum by (a) (rate(a_total{${scope}}[1m]))", "",
                "matched by on, ignoring or group"
            ),
            ("\(bad) / sum(rate(a_total{${scope}}[5m]))", "", "different times"),
            ("\(bad) / sum(increase(a_total{${scope}}[1m]))", "kind: errors", nil),
            ("sum(irate(a_total{${scope}, x=\"y\"}[1m])) / sum(rate(a_total{${scope}}[1m]))", "", "different times"),
            ("rate(a_total{${scope}, x=\"y\"}[1m]) / rate(a_total{${scope}}[1m])", "", "possibly several series"),
            (
                "avg(rate(a_total{${scope}, x=\"y\"}[1m])) / avg(rate(a_total{${scope}}[1m]))", "",
                "avg of counts is no count"
            ),
            ("\(other) / \(all)", "", "say kind: errors"), ("\(other) / \(all)", "kind: ratio", nil),
            ("\(good) / \(bad)", "", "say kind: errors"), ("\(other) / \(all)", "kind: errors", nil),
            ("\(bad) / \(all)", "kind: gauge", nil), ("\(bad) / \(all)", "kind: latency", nil),
            ("sum(rate(x_sum{${scope}}[1m])) / sum(rate(x_count{${scope}}[1m]))", "", nil),
            (
                "sum(rate(x_sum{${scope}}[1m])) / sum(rate(x_count{${scope}}[1m]))", "kind: errors",
                "is no share of two counts"
            ),
            ("avg(x{${scope}})", "", nil), ("2 - \(bad) / \(all)", "", nil), ("\(bad) / \(all) + 1", "", nil),
            ("histogram_quantile(0.9, avg by (le) (rate(x_bucket{${scope}}[1m])))", "", "avg of counts is no count"),
            (
                "histogram_quantile(0.9, sum by (le, a) (rate(x_bucket{${scope}}[1m])))", "combine: maximum",
                "combines quantiles"
            ),
            ("histogram_quantile(0.9, sum(rate(x_seconds{${scope}}[1m])))", "", nil),
            (buckets, "", nil),
        ]
    )
    func values(query: String, extra: String, remark: String?) throws {
        let more = extra.isEmpty ? [] : [extra.split(separator: ": ").map(String.init)].map { ($0[0], $0[1]) }
        let document = try InputPlans.document(InputPlans.query(query) + more)
        let metric = document.plan.metrics[0]
        let isDeclared = extra == "kind: errors" && remark == nil
        if isDeclared { #expect(metric.input != .value) } else { #expect(metric.input == .value) }
        let remarks = PlanWarnings.warnings(for: document).filter { $0.problem.contains("which finds less") }
        #expect(remarks.count == (remark == nil ? 0 : 1), "\(remarks)")
        if let remark { #expect(remarks.first?.problem.contains(remark) == true, "\(remarks)") }
        let told = PlanWarnings.ofVerdict(document.plan).contains { $0.contains("which finds less") }
        #expect(told == (remark != nil && remark != "say kind: errors"))
    }

    @Test("What a healthy service has no series of is told once, and to who writes the plan alone") func advice() throws
    {
        let documents = [
            try InputPlans.document(InputPlans.query("\(Self.bad) / \(Self.all)")),
            try InputPlans.document([
                ("errors", InputPlans.quoted(Self.bad)), ("requests", InputPlans.quoted(Self.all)),
            ]),
        ]
        for document in documents {
            let warnings = PlanWarnings.warnings(for: document)
            #expect(warnings.count == 1, "\(warnings)")
            #expect(warnings.first?.problem.contains("the metric passes nothing until it has had one") == true)
            #expect(PlanWarnings.ofVerdict(document.plan) == [])
        }
        for extra in [("noData", "zero"), ("noData", "pass")] {
            let document = try InputPlans.document(InputPlans.query("\(Self.bad) / \(Self.all)") + [extra])
            #expect(PlanWarnings.warnings(for: document).map(\.description) == [])
        }
        let complete = try InputPlans.document(InputPlans.query("(\(Self.bad) or vector(0)) / \(Self.all)"))
        #expect(PlanWarnings.warnings(for: complete).map(\.description) == [])
    }

    @Test("Warnings about parts stand where the file has them") func places() throws {
        let document = try InputPlans.document([
            ("errors", InputPlans.quoted("sum by (route) (rate(b_total{${scope}}[1m]))")),
            ("requests", InputPlans.quoted(Self.all)),
        ])
        let warnings = PlanWarnings.warnings(for: document)
        #expect(warnings.map(\.field) == ["metrics[0].errors"])
        #expect(warnings.first?.line == 11 && warnings.first?.column == 14)
        #expect(warnings.first?.problem.contains("gives a series for each value of route") == true)
    }

    /// Texts around and inside of which a split must not lose anything.
    @Test(
        "Parts are cut out of the text as they are written",
        arguments: [
            "# share\n  \(bad)  # of\n  /\n  \(all) # all",
            "((\(bad))) / ((\(all)))", "\(bad)/\(all)",
            "sum without () (rate(a_total{${scope}, x=\"/ ) ü\"}[1m])) / sum(rate(a_total{${scope}}[1m]))",
            "sum(rate(a_total{${scope}, x=\"ü / (\"}[1m] offset 5m)) by () / sum(rate(a_total{${scope}}[1m] offset 5m)) by ()",
            "100 * sum(rate(a_total{${scope}, x=\"it's\"}[1m] # 1\n)) / sum(rate(a_total{${scope}}[1m]))",
        ]
    )
    func roundTrip(query: String) throws {
        let text = "|-\n" + query.split(separator: "\n").map { "      \($0)" }.joined(separator: "\n")
        let metric = try InputPlans.metric([("query", text), ("kind", "errors")])
        guard case .counts(let events, let requests) = metric.input else {
            if query.contains("without") { return }
            Issue.record("\(metric.input)")
            return
        }
        let quotient = try PromQLParser.parse(template: metric.query)
        let split = try PromQLParser.parse(template: "(\(events.query)) / (\(requests.query))")
        let texts = { (expression: PromQLExpression) in
            Set(expression.selectors.map { PromQLExpression.selector($0).text })
        }
        #expect(texts(split) == texts(quotient))
        #expect(metric.query.contains(requests.query))
        for part in [events.query, requests.query] { _ = try PromQLParser.parse(template: part) }
    }

    private static let plain = "sum(rate(a_total{${scope}}[1m]))"
    private static let failed = "sum(rate(a_total{${scope}, code=~\"5..\"}[1m]))"
    private static let served = "sum(rate(a_total{${scope}, code=\"200\"}[1m]))"

    /// What the counts say is what the query says, and where the query says nothing they do not say more.
    @Test(
        "The quotient of the counts is the value of the query",
        arguments: [
            ("\(failed) / \(plain)", 1), ("100 * \(failed) / \(plain)", 100),
            ("(\(failed) or vector(0)) / \(plain)", 1),
            ("100 * ((\(failed) or vector(0)) / (\(plain) > 0))", 100), ("1 - \(served) / \(plain)", 1),
            ("100 * (1 - \(served) / \(plain))", 100), ("100 - \(served) * 100 / \(plain)", 100),
            ("60 * \(failed) / (60 * \(plain))", 1), ("\(failed) / (\(failed) + \(served))", 1),
            ("(\(failed) or 0 * \(plain)) / \(plain) * 1e2", 100), ("\(failed) * 60 / \(plain)", 60),
        ] as [(String, Double)]
    )
    func quotient(query: String, scale: Double) throws {
        let metric = try InputPlans.metric(InputPlans.query(query))
        guard case .counts(let events, let requests) = metric.input else {
            Issue.record("\(metric.input)")
            return
        }
        let failures = "a_total{${scope}, code=~\"5..\"}"
        for evaluator in [FakeEvaluator(), FakeEvaluator(missing: [failures])] {
            func value(_ text: String) throws -> Double? { evaluator.value(try PromQLParser.parse(template: text)) }
            let asked = try value(query)
            let counted = try value(events.query).flatMap { events in
                try value(requests.query).map {
                    (events * (1 / self.seconds(of: metric).0)) / ($0 / self.seconds(of: metric).1)
                }
            }
            #expect((asked == nil) == (counted == nil))
            guard let asked, let counted else { continue }
            #expect(abs(asked / scale - counted) < 1e-12)
        }
    }

    /// What the counts' samples count over.
    private func seconds(of metric: PlannedMetric) -> (Double, Double) {
        guard case .counts(let events, let requests) = metric.input else { return (1, 1) }
        return (events.per / .seconds(1), requests.per / .seconds(1))
    }
}
