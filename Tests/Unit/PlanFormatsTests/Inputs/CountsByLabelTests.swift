import Analysis
import Judging
import PlanFormats
import Testing

/// Counts that are asked for by a label: `pods: {label: pod}`.
@Suite struct CountsByLabelTests {
    private static let all = "sum(rate(a_total{${scope}}[1m]))"
    private static let bad = "sum(rate(a_total{code=\"5\", ${scope}}[1m]))"
    private static let pods = ("pods", "{label: pod}")

    @Test(
        "What a count becomes",
        arguments: [
            ("sum(rate(b{${scope}}[1m]))", "sum by (pod) (rate(b{${scope}}[1m]))"),
            ("sum by (pod) (rate(b{${scope}}[1m]))", "sum by (pod) (rate(b{${scope}}[1m]))"),
            ("sum by (track, pod) (rate(b{${scope}}[1m]))", "sum by (pod) (rate(b{${scope}}[1m]))"),
            ("sum without (code) (rate(b{${scope}}[1m]))", "sum by (pod) (rate(b{${scope}}[1m]))"),
            ("sum(sum by (code) (rate(b{${scope}}[1m])))", "sum by (pod) (rate(b{${scope}}[1m]))"),
            ("rate(b{${scope}}[1m])", "sum by (pod) (rate(b{${scope}}[1m]))"),
            ("job:b:rate1m{${scope}}", "sum by (pod) (job:b:rate1m{${scope}})"),
            ("sum(rate(b{${scope}}[1m])) or vector(0)", "(sum by (pod) (rate(b{${scope}}[1m])) or vector(0))"),
            ("sum(rate(b{${scope}}[1m]) or vector(0))", "sum by (pod) (rate(b{${scope}}[1m]) or vector(0))"),
            ("60 * sum(rate(b{${scope}}[1m])) / 60", "((60 * sum by (pod) (rate(b{${scope}}[1m]))) / 60)"),
            ("(sum(rate(b{${scope}}[1m])) > 0)", "(sum by (pod) (rate(b{${scope}}[1m])) > 0)"),
            (
                "(sum(rate(b{${scope}}[1m])) or vector(0)) + (sum(rate(c{${scope}}[1m])) or vector(0))",
                "(sum by (pod) (label_replace(sum by (pod) (rate(b{${scope}}[1m])), \"assay_part\", \"0\", \"\", \"\") or"
                    + " label_replace(sum by (pod) (rate(c{${scope}}[1m])), \"assay_part\", \"1\", \"\", \"\")) or vector(0))"
            ),
            (
                "sum(rate(b{${scope}}[1m])) - (sum(rate(c{${scope}}[1m])) or vector(0))",
                "clamp_min(sum by (pod) (label_replace(sum by (pod) (rate(b{${scope}}[1m])), \"assay_part\", \"0\", \"\", \"\")"
                    + " or label_replace(-1 * sum by (pod) (rate(c{${scope}}[1m])), \"assay_part\", \"1\", \"\", \"\")), 0)"
            ),
        ]
    )
    func rewritten(query: String, byPod: String) throws {
        let given = [("errors", InputPlans.quoted(query)), ("requests", Self.all)]
        let metric = try InputPlans.metric(given + [Self.pods])
        let whole = try InputPlans.metric(given)
        #expect(metric.breakdown == Breakdown(.pods(PodRule()), label: "pod", events: byPod, requests: byPodOfAll))
        // The rest of the metric is the same.
        var without = metric
        without.breakdown = nil
        #expect(without == whole)
    }

    private let byPodOfAll = "sum by (pod) (rate(a_total{${scope}}[1m]))"

    @Test func `a share in one query is two counts by the label`() throws {
        let metric = try InputPlans.metric(InputPlans.query("100 * \(Self.bad) / \(Self.all)") + [Self.pods])
        #expect(metric.breakdown?.events == "sum by (pod) (rate(a_total{code=\"5\", ${scope}}[1m]))")
        #expect(metric.breakdown?.requests == byPodOfAll)
        let grouped =
            "sum by (pod) (rate(a_total{code=\"5\", ${scope}}[1m])) / sum by (pod) (rate(a_total{${scope}}[1m]))"
        let same = try InputPlans.metric(InputPlans.query(grouped) + [Self.pods])
        #expect(same.breakdown == metric.breakdown)
    }

    @Test(
        "What cannot be told apart is refused where it stands",
        arguments: [
            (
                "sum(rate(b{${scope}}[1m])) or sum(rate(c{${scope}}[1m]))", "1:17",
                "takes one count where the other is missing"
            ),
            (
                "sum(label_replace(sum(rate(b{${scope}}[1m])), \"pod\", \"x\", \"\", \"\"))", "1:21",
                "changes labels of sums with label_replace()"
            ),
        ]
    )
    func refused(query: String, place: String, problem: String) {
        let given = [("errors", InputPlans.quoted(query)), ("requests", Self.all)]
        let errors = InputPlans.errors(given + [Self.pods])
        #expect(errors.contains("metrics[0].errors: \(problem), so that it cannot be asked for by pod"), "\(errors)")
        #expect(errors.split(separator: "\n").count == 1, "\(errors)")
    }

    @Test(
        "What pods may not be given for",
        arguments: [
            ([("query", "up{${scope}}")], "{label: pod}", "metrics[0].pods: needs counts"),
            (
                [("buckets", "sum by (le) (rate(x_bucket{${scope}}[1m]))")], "{label: pod}",
                "metrics[0].pods: needs counts"
            ),
            ([("errors", bad), ("requests", all)], "{label: track}", "pods.label: is a label of the scopes"),
            ([("errors", bad), ("requests", all)], "{label: \"a b\"}", "pods.label: is no name of a label"),
            ([("errors", bad), ("requests", all)], "{label: 1a}", "pods.label: is no name of a label"),
            ([("errors", bad), ("requests", all)], "{label: \"\"}", "pods.label: is no name of a label"),
            ([("errors", bad), ("requests", all)], "{}", "pods.label: is required"),
            (
                [("errors", bad), ("requests", all), ("combine", "average")], "{label: pod}",
                "pods: adds up counts, and cannot be given beside combine: average"
            ),
        ]
    )
    func misplaced(metric: [(String, String)], pods: String, problem: String) {
        let quoted = metric.map { ($0.0, $0.0 == "combine" ? $0.1 : InputPlans.quoted($0.1)) }
        let errors = InputPlans.errors(quoted + [("pods", pods)])
        #expect(errors.contains(problem), "\(errors)")
    }

    @Test(
        "A past is no side",
        arguments: ["pods", "strata", "newValues"]
    )
    func past(key: String) {
        let counts = [("errors", InputPlans.quoted(Self.bad)), ("requests", InputPlans.quoted(Self.all))]
        let errors = InputPlans.errors(counts + [(key, "{label: pod}")], control: "{before: 1d}")
        #expect(errors.contains("metrics[0].\(key): compares the two sides, and a past"), "\(errors)")
        #expect(errors.split(separator: "\n").count == 1, "\(errors)")
    }

    @Test func `queries that are no counts are one mistake`() {
        let errors = InputPlans.errors([("errors", "up"), ("requests", InputPlans.quoted(Self.all)), Self.pods])
        #expect(!errors.contains("needs counts"), "\(errors)")
    }

    @Test func `other judges do not take pods`() {
        let errors = InputPlans.errors(
            InputPlans.query("\(Self.bad) / \(Self.all)") + [Self.pods],
            judge: "NetflixACAJudge-v1.0"
        )
        #expect(errors.contains("metrics[0].pods: is only known to the judge sequential"), "\(errors)")
    }
}
