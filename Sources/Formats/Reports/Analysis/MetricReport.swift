import Analysis
package import Judging

/// One metric of a report: what a table shows of it, and all that is known.
package struct MetricReport: Sendable, Equatable, Codable {
    /// What was asked for a side.
    package struct Query: Sendable, Equatable, Codable {
        package var side: String
        package var query: String
    }

    /// The samples of a side.
    package struct Statistics: Sendable, Equatable, Codable {
        package var side: String
        package var statistics: String
    }

    /// Of the metric in the plan.
    package var index: Int
    package var name: String
    /// `critical`, `signal`, `shown only`; empty for one that is none of these.
    package var role: String
    package var tone: ReportState.Tone
    /// As tables have them.
    package var control: String
    package var experiment: String
    package var ratio: String
    package var result: String
    /// How sure that is, in a few words; empty with judges that do not say it.
    package var certainty: String
    package var effect: EffectMark?
    package var unit: MetricUnit
    package var series: SideSeries?
    /// What the samples are, where that is not the query's value; nil where it is.
    package var seriesNote: String?
    /// The effect at each look, or at some of them; empty with judges that do not keep it.
    package var trail: [EffectPoint]
    /// Why it is classified as it is, what that rests on, and what limits it, a sentence each.
    package var findings: [String]
    package var warnings: [String]
    /// What was asked, by side.
    package var queries: [Query]
    /// The statistics of both sides; nil without samples.
    package var statistics: [Statistics]

    init(_ metric: MetricVerdict, index: Int, planned: PlannedMetric?, series: SideSeries?, of verdict: Verdict) {
        let judgement = metric.judgement
        let text = MetricText(metric, times: verdict.times)
        let row = text.row
        self.index = index
        name = judgement.name
        role =
            judgement.muted
            ? "shown only" : planned?.critical == true ? "critical" : planned?.isSignal == true ? "signal" : ""
        tone = Self.tone(of: metric)
        (control, experiment, ratio) = (row[1], row[2], row[3])
        result = metric.held.map { "waits: \($0.rawValue)" } ?? Self.word(judgement.classification)
        certainty = row.count > 5 ? row[5] : ""
        effect = EffectMark(judgement, direction: planned?.direction ?? .either)
        unit = text.boundUnit
        self.series = series
        seriesNote = Self.note(judgement.sequential?.comparison)
        trail = metric.trail
        findings = (judgement.reason.map { [$0.text] } ?? []) + text.findings
        warnings = metric.warnings
        queries = text.asked.map { Query(side: $0.side, query: $0.query) }
        statistics = text.statistics.map { Statistics(side: $0.side, statistics: $0.statistics) }
    }

    static func tone(of metric: MetricVerdict) -> ReportState.Tone {
        if metric.judgement.muted { return .neutral }
        if metric.held != nil { return .waiting }
        switch metric.judgement.classification {
        case .pass: return .good
        case .high, .low, .fail, .nodataFailMetric: return .bad
        case .marginal, .error: return .caution
        case .undecided, .nodata, .unknown: return .neutral
        }
    }

    private static func note(_ comparison: SequentialEvidence.Comparison?) -> String? {
        switch comparison {
        case .latency: "\((BucketColumn.keptQuantile * 100).formatted(decimals: 0))th percentile of each step"
        case .counts: "share of events of each step"
        case .gauge, .past, .unknown, nil: nil
        }
    }

    private static func word(_ classification: MetricClassification) -> String {
        switch classification {
        case .pass: "passes"
        case .high: "too high"
        case .low: "too low"
        case .undecided: "undecided"
        case .marginal: "marginal"
        case .fail: "fails"
        case .nodata: "no data"
        case .nodataFailMetric: "no data, which fails"
        case .error: "error"
        case .unknown(let name): name
        }
    }

    /// What decides comes first: what fails, what waits or is open, what passes, what is only shown.
    var rank: Int {
        switch tone {
        case .bad: role == "critical" ? 0 : 1
        case .caution: 2
        case .waiting: 3
        case .running: 4
        case .neutral: role == "shown only" ? 7 : 5
        case .good: 6
        }
    }
}
