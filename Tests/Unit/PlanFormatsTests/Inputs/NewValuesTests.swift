import Analysis
import Judging
import PlanFormats
import Testing

/// Values of a label that only the new version has: `newValues: {label: code}`.
@Suite struct NewValuesTests {
    private static let all = "sum(rate(a_total{${scope}}[1m]))"
    private static let bad = "sum(rate(a_total{code=~\"5..\", ${scope}}[1m])) or vector(0)"
    private static let events = "(sum by (code) (rate(a_total{code=~\"5..\", ${scope}}[1m])) or vector(0))"
    private static let counts = [("errors", InputPlans.quoted(bad)), ("requests", all)]

    @Test func `the errors are asked for by the label, too`() throws {
        let metric = try InputPlans.metric(Self.counts + [("newValues", "{label: code}")])
        #expect(
            metric.newValues == NewValues(NewValuesRule(label: "code", atLeast: 5, policy: .warn), events: Self.events)
        )
        var without = metric
        without.newValues = nil
        #expect(try without == InputPlans.metric(Self.counts))
        let other = try InputPlans.metric(
            InputPlans.query("(\(Self.bad)) / \(Self.all)")
                + [("newValues", "{label: code, atLeast: 2.5, policy: hold}")]
        )
        #expect(other.newValues?.rule == NewValuesRule(label: "code", atLeast: 2.5, policy: .hold))
        #expect(other.newValues?.events == Self.events)
        let both = try InputPlans.metric(Self.counts + [("newValues", "{label: code}"), ("pods", "{label: pod}")])
        #expect(both.newValues?.events == Self.events && both.breakdown?.label == "pod")
    }

    @Test(
        "What cannot be meant is refused at its place",
        arguments: [
            ("{label: track}", "is a label of the scopes"), ("{label: 'a-b'}", "is no name of a label"),
            ("{label: \"\"}", "is no name of a label"),
            ("{label: code, atLeast: 0}", "must be above 0"), ("{label: code, policy: ignore}", "policy"),
            ("{atLeast: 3}", "label"), ("{label: code, most: 3}", "most"),
        ]
    )
    func refused(values: String, problem: String) {
        let message = InputPlans.errors(Self.counts + [("newValues", values)])
        #expect(message.contains(problem), "\(message)")
        #expect(message.contains("newValues"), "\(message)")
    }

    @Test func `values and histograms have none`() {
        for metric in [
            InputPlans.query("avg(a{${scope}})"),
            [("buckets", "sum by (le) (rate(a_bucket{${scope}}[1m]))")],
        ] {
            let message = InputPlans.errors(metric + [("newValues", "{label: code}")])
            #expect(message.contains("needs counts"), "\(message)")
        }
    }

    @Test func `another judge refuses it`() {
        let message = InputPlans.errors(Self.counts + [("newValues", "{label: code}")], judge: "NetflixACAJudge-v1.0")
        #expect(message.contains("only known to the judge sequential"), "\(message)")
    }
}
