import Analysis
import Judging
import Store
package import Telemetry

/// What the judges export about their decisions and about what these rest on.
package struct JudgeMetrics: Sendable {
    package let decisions: Counter<ThreeLabels>
    package let looks: Histogram<TwoLabels>
    package let lateSamples: Counter<NoLabels>
    package let skippedUnits: Counter<NoLabels>
    package let noise: Counter<OneLabel>
    package let heldPasses: Counter<OneLabel>

    init(_ registry: MetricRegistry) {
        decisions = registry.counter(
            "assay_judge_decisions_total",
            "Analyses that a judge decided, by judge, time (early: before the last look, or last) and result.",
            labels: ("judge", "time", "result"),
            startingWith: Self.judges.flatMap { judge in
                Self.times.flatMap { time in JudgementResult.allCases.map { [judge, time, $0.rawValue] } }
            }
        )
        looks = registry.histogram(
            "assay_judge_decision_looks",
            "Looks until the decision, by judge and result.",
            labels: ("judge", "result"),
            buckets: [1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 240, 480, 1000],
            startingWith: Self.judges.flatMap { judge in JudgementResult.allCases.map { [judge, $0.rawValue] } }
        )
        lateSamples = registry.counter(
            "assay_judge_late_samples_total",
            "Samples that came after the sequential judge had folded their step in without them; they change nothing."
        )
        skippedUnits = registry.counter(
            "assay_judge_skipped_units_total",
            "Pieces of time that the sequential judge left out because a side had no samples of them."
        )
        noise = registry.counter(
            "assay_judge_noise_total",
            "Metrics that the sequential judge began with, by where it knows their noise from (learned, assumed, kept, measured).",
            labels: "noise",
            startingWith: LabelValues.each(NoiseEvidence.Source.self)
        )
        heldPasses = registry.counter(
            "assay_judge_passes_held_total",
            "Times a look held a metric back that had shown no harm, by reason (split: the requests are not split as declared;"
                + " suspicion: there is evidence for harm too).",
            labels: "reason",
            startingWith: LabelValues.each(HeldPass.self)
        )
    }

    private static let judges = Judges.names + [other]
    private static let times = ["early", "last"]
    private static let other = "other"

    /// Counts a verdict that has been stored.
    func count(_ verdict: Verdict) {
        for metric in verdict.metrics where !metric.judgement.muted {
            if let held = HeldPass(metric.judgement) { heldPasses.add(1, held.rawValue) }
        }
        // Without a window, or with another status, nothing was judged.
        guard verdict.kind == .final, verdict.status == .completed, verdict.window != nil else { return }
        let judge = Self.judges.contains(verdict.judge) ? verdict.judge : Self.other
        let time = verdict.look < verdict.looks ? "early" : "last"
        decisions.add(1, judge, time, verdict.result.rawValue)
        looks.observe(Double(verdict.look), judge, verdict.result.rawValue)
    }

    /// Counts what a look has brought into the states, once it has been stored.
    func count(_ states: [Int: SequentialState], before: [Int: SequentialState]) {
        for (metric, state) in states {
            if before[metric] == nil { noise.add(1, state.noiseSource.rawValue) }
            lateSamples.add(Double(max(0, state.lateSamples - (before[metric]?.lateSamples ?? 0))))
            skippedUnits.add(Double(max(0, state.skippedUnits - (before[metric]?.skippedUnits ?? 0))))
        }
    }
}

/// Why a metric does not pass although harm has been ruled out.
package enum HeldPass: String, CaseIterable, Sendable {
    case split
    case suspicion

    /// Nil where it passes, or where harm has not been ruled out.
    init?(_ judgement: MetricJudgement) {
        guard judgement.classification == .undecided, let evidence = judgement.sequential,
            evidence.safetyEvidence >= evidence.safetyThreshold
        else { return nil }
        self = evidence.split?.isWrong == true ? .split : .suspicion
    }
}
