import Analysis
import Judging
import Store
import Telemetry

/// The newest analysis of each release as series in Prometheus' text format: what it says, and on what that rests.
///
/// They name releases, so that they are no part of `/metrics`, which every caller may read.
struct ReleaseSeries {
    /// Series of metrics together; those of releases that come later in the listing are left out, and their number is told.
    static let maximumMetrics = 2000

    private static let release = ["application", "environment", "cluster", "namespace", "version"]

    private let results = MetricFamily(
        name: "assay_release_result",
        help:
            "1 for what the newest analysis of the release says (pass, fail, marginal, inconclusive, errored, cancelled, running, none), as its gate does.",
        kind: .gauge,
        labelNames: release + ["result"],
        maximumSeries: SessionQuery.maximumLimit
    )
    private let looks = MetricFamily(
        name: "assay_release_look",
        help: "The last look of that analysis; 0 before the first.",
        kind: .gauge,
        labelNames: release,
        maximumSeries: SessionQuery.maximumLimit
    )
    private let scores = MetricFamily(
        name: "assay_release_score",
        help: "The score of that look, 0 to 100, where one decides.",
        kind: .gauge,
        labelNames: release,
        maximumSeries: SessionQuery.maximumLimit
    )
    private let ratios = MetricFamily(
        name: "assay_release_metric_ratio",
        help:
            "A metric of the new version in multiples of what it is compared with, and the ends of its interval (bound: lower, estimate, upper).",
        kind: .gauge,
        labelNames: release + ["metric", "bound"],
        maximumSeries: maximumMetrics * 3
    )
    private let evidence = MetricFamily(
        name: "assay_release_metric_evidence",
        help: "Evidence about a metric in parts of what decides (of: harm, safety); 1 and more decides.",
        kind: .gauge,
        labelNames: release + ["metric", "of"],
        maximumSeries: maximumMetrics * 2
    )
    private let leftOut = MetricFamily(
        name: "assay_release_metrics_left_out",
        help: "Metrics of analyses that have no series here, because there are too many.",
        kind: .gauge,
        labelNames: []
    )
    private var shown = 0
    private var omitted = 0

    /// - Parameter gate: of the newest version of a release.
    mutating func add(_ gate: ReleaseGate) {
        guard let session = gate.session else { return }
        let event = session.event
        let release = [
            event.application, event.environment, event.cluster ?? "", event.namespace ?? "", event.version,
        ]
        results.set(1, release + [gate.word])
        looks.set(Double(session.lastLook), release)
        guard let verdict = gate.verdict else { return }
        if session.plan.judge != SequentialJudge.name, let score = verdict.score { scores.set(score, release) }
        for metric in verdict.metrics {
            guard let found = metric.judgement.sequential else { continue }
            guard shown < Self.maximumMetrics else {
                omitted += 1
                continue
            }
            shown += 1
            let labels = release + [metric.judgement.name]
            if let effect = found.effect {
                ratios.set(effect.estimate, labels + ["estimate"])
                ratios.set(effect.lower, labels + ["lower"])
                ratios.set(effect.upper, labels + ["upper"])
            }
            for (name, value, threshold) in [
                ("harm", found.harmEvidence, found.harmThreshold),
                ("safety", found.safetyEvidence, found.safetyThreshold),
            ] where threshold > 0 {
                evidence.set(max(0, value / threshold), labels + [name])
            }
        }
    }

    func text() -> String {
        leftOut.set(Double(omitted), [])
        var text = ""
        for family in [results, looks, scores, ratios, evidence, leftOut] { family.render(into: &text) }
        return text
    }
}
