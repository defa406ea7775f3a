import Analysis
import Judging

/// The evidence of the sequential judge about a metric, for people.
struct SequentialText {
    private let judgement: MetricJudgement
    private let evidence: SequentialEvidence
    private let unit: MetricUnit
    private let times: (start: Timestamp, step: Duration)?

    /// Nil with the evidence of another judge.
    ///
    /// - Parameters:
    ///   - unit: of a histogram's bounds.
    ///   - times: when the analysis began, and the distance of two samples; nil for samples without times.
    init?(_ judgement: MetricJudgement, unit: MetricUnit, times: (start: Timestamp, step: Duration)?) {
        guard let evidence = judgement.sequential else { return nil }
        self.judgement = judgement
        self.evidence = evidence
        self.unit = unit
        self.times = times
    }

    // MARK: - Cells of a table

    /// `20 of 18,000`, of which a latency metric names the bound; nil where nothing is counted.
    var control: String? { side(evidence.control) }
    var experiment: String? { side(evidence.experiment) }

    private func side(_ totals: ExposureTotals?) -> String? {
        guard let totals else { return nil }
        let events = totals.events == 0 ? "0" : totals.events.briefCount
        let requests = totals.requests == 0 ? "0" : totals.requests.briefCount
        return "\(events) of \(requests)" + (evidence.shownBound.map { " above \(bound($0.bound))" } ?? "")
    }

    /// `×2.41 (1.8 to 3.1)`.
    var effect: String { evidence.effect?.cell ?? "" }

    /// The evidence in a few words.
    var certainty: String {
        switch judgement.classification {
        case .high, .low:
            if evidence.comparison == .past { return "3 looks in a row" }
            return EvidenceSentence.releases(logEvidence: evidence.harmEvidence).map {
                "< 1 in \(Double($0).brief) healthy releases"
            } ?? ""
        case .pass: return "harm ruled out"
        case .undecided:
            if evidence.environment?.isDegraded == true { return "environment-degraded" }
            if judgement.telemetry?.isWithoutTraffic == true { return "no traffic" }
            guard let looks = evidence.neededLooks, (1..<1000).contains(looks) else { return "open" }
            return "open, about \(looks) look\(looks == 1 ? "" : "s") more"
        default: return ""
        }
    }

    // MARK: - Below the table

    /// What the evidence rests on, what it is held to, and what pods show: three lines at the most.
    var lines: [String] { [basis, rule, pods].filter { !$0.isEmpty } }

    private var pods: String {
        guard let pods = evidence.pods else { return "" }
        let source = pods.isAssumed ? "assumed" : "measured"
        let spread =
            "pods: \(pods.experiment) against \(pods.control), healthy ones may differ by \((pods.spread * 100).brief) % (\(source))"
        return [spread, pods.sentence].compactMap(\.self).joined(separator: "; ")
    }

    private var basis: String {
        var parts = ["\(evidence.units) \(evidence.units == 1 ? unitName : unitsName) compared"]
        if evidence.skippedUnits > 0 { parts.append("\(evidence.skippedUnits) skipped") }
        if evidence.lateSamples > 0 { parts.append("\(evidence.lateSamples) samples came too late") }
        return "noise \(noise); " + parts.joined(separator: ", ")
    }

    private var noise: String {
        let size = evidence.comparison == .past ? "" : "×\(evidence.noise.dispersion.brief), "
        let count = evidence.noise.historyUnits
        switch evidence.noise.source {
        case .learned where evidence.comparison == .past: return "learned from \(count) earlier times"
        case .learned: return "\(size)learned from \(count) \(unitsName) before the release"
        case .kept:
            let time = evidence.noise.learnedAt.map { Timestamp(milliseconds: $0).rfc3339.prefix(10) }
            return "\(size)kept" + (time.map { " from \($0)" } ?? "")
        case .assumed: return "\(size)assumed, not measured"
        case .measured: return "\(size)measured in the analysis"
        case .unknown(let name): return "\(size)\(name)"
        }
    }

    private var unitName: String { unitLength.map { "piece of \($0)" } ?? "step" }
    private var unitsName: String { unitLength.map { "pieces of \($0)" } ?? "steps" }

    /// Nil where steps are compared one by one, or have no length.
    private var unitLength: String? {
        guard let times, evidence.stepsPerUnit > 1 else { return nil }
        let (length, isTooLong) = times.step.milliseconds.multipliedReportingOverflow(by: Int64(evidence.stepsPerUnit))
        return isTooLong ? nil : Duration.milliseconds(length).compactText
    }

    private var rule: String {
        var parts: [String] = []
        if let times, let since = evidence.since(start: times.start, step: times.step) {
            parts.append("since \(ReadableSample.time(since))Z")
        }
        let harm = evidence.harm.map { ", a pass rules out ×\($0.brief)" } ?? ""
        parts.append("up to ×\(evidence.margin.brief) is healthy\(harm)")
        if evidence.bounds.count > 1 {
            parts += evidence.bounds.map { "above \(bound($0.bound)) \($0.effect?.cell ?? "nothing yet")" }
        }
        // Where the noise is from has been said.
        parts += evidence.limits.filter { !($0.hasPrefix("noise assumed") && evidence.noise.source == .assumed) }
        return parts.joined(separator: "; ")
    }

    private func bound(_ value: Double) -> String {
        switch unit {
        case .seconds: value < 1 ? "\((value * 1000).brief) ms" : "\(value.brief) s"
        case .bytes: ReadableSample.text(value, .bytes)
        default: value.brief
        }
    }
}
