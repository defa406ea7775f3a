import Analysis
import Judging
import Testing

@testable import Reports

@Suite("Evidence of the sequential judge in reports")
struct SequentialReportTests {
    private static let text = VerdictText(sides: (control: "stable", experiment: "canary"))

    private static func metric(
        _ name: String,
        _ classification: MetricClassification,
        _ evidence: SequentialEvidence,
        muted: Bool = false,
        query: String? = nil
    ) -> MetricVerdict {
        var metric = Fixtures.metric(
            name,
            control: 40,
            experiment: 41,
            count: 24,
            classification: classification,
            reason: "\(name) in words",
            muted: muted,
            query: query
        )
        metric.judgement.evidence = .sequential(evidence)
        return metric
    }

    static let errors = SequentialEvidence(
        comparison: .counts,
        effect: RatioEstimate(estimate: 2.4137, lower: 1.8, upper: 3.1, confidence: 0.95),
        margin: 1.02,
        harm: 1.5,
        harmEvidence: 8.08,
        harmThreshold: 3,
        safetyEvidence: 0,
        safetyThreshold: 3,
        noise: NoiseEvidence(source: .learned, dispersion: 1.31, historyUnits: 120),
        units: 12,
        stepsPerUnit: 2,
        skippedUnits: 1,
        lateSamples: 2,
        control: ExposureTotals(events: 20, requests: 18_042),
        experiment: ExposureTotals(events: 41.3, requests: 1_800),
        since: 6
    )

    private static let load = SequentialEvidence(
        comparison: .gauge,
        effect: RatioEstimate(estimate: 1.02, lower: 0.98, upper: 1.06, confidence: 0.95),
        margin: 1.05,
        harmEvidence: 0.1,
        harmThreshold: 3,
        safetyEvidence: 1,
        safetyThreshold: 3,
        noise: NoiseEvidence(source: .measured, dispersion: 1.5),
        units: 24,
        neededUnits: 20,
        neededLooks: 3
    )

    private static let latency = SequentialEvidence(
        comparison: .latency,
        effect: RatioEstimate(estimate: 0.95, lower: 0.5, upper: 1.4, confidence: 0.95),
        margin: 1.25,
        harm: 1.56,
        harmEvidence: -1,
        harmThreshold: 3,
        safetyEvidence: 3.2,
        safetyThreshold: 3,
        noise: NoiseEvidence(source: .assumed, dispersion: 1),
        units: 1,
        control: ExposureTotals(events: 560, requests: 18_000),
        experiment: ExposureTotals(events: 55, requests: 1_800),
        bounds: [
            BoundEvidence(
                bound: 0.1,
                control: ExposureTotals(events: 900, requests: 18_000),
                experiment: ExposureTotals(events: 90, requests: 1_800),
                effect: nil,
                harmEvidence: -2
            ),
            BoundEvidence(
                bound: 0.25,
                control: ExposureTotals(events: 560, requests: 18_000),
                experiment: ExposureTotals(events: 55, requests: 1_800),
                effect: RatioEstimate(estimate: 0.95, lower: 0.5, upper: 1.4, confidence: 0.95),
                harmEvidence: -1
            ),
        ],
        limits: ["noise assumed, not measured: the control has too little history", "few requests"]
    )

    private static func verdict(_ metrics: [MetricVerdict], reason: String = "errors in words") -> Verdict {
        var verdict = Fixtures.verdict(result: .fail, look: 3, metrics: metrics, score: 0)
        verdict.reason = reason
        return verdict
    }

    private static let metrics = [
        metric("errors", .high, errors),
        metric("latency", .pass, latency, query: "sum by (le) (rate(d_seconds_bucket[1m]))"),
        metric("load", .undecided, load),
        metric("seen", .undecided, load, muted: true),
        Fixtures.metric("none", control: 0, experiment: 0, count: 0, classification: .nodata, held: .noData),
    ]

    /// What lines up does not matter here.
    private static func withSingleBlanks(_ line: String) -> String {
        line.split(separator: " ", omittingEmptySubsequences: true).reduce(into: "") { $0 += " \($1)" }
    }

    @Test("A table of events and requests, the effect with its interval and the evidence; below it what that rests on")
    func text() {
        let lines = Self.text.lines(Self.verdict(Self.metrics)).map(Self.withSingleBlanks)
        #expect(
            Array(lines.dropFirst().prefix(13)) == [
                " metric stable canary ratio result evidence",
                " errors 20 of 18,000 41 of 1,800 ×2.41 (1.8 to 3.1) High < 1 in 3,200 healthy releases",
                " latency 560 of 18,000 above 250 ms 55 of 1,800 above 250 ms ×0.95 (0.5 to 1.4) Pass harm ruled out",
                " load 40.000 (n 24) 41.000 (n 24) ×1.02 (0.98 to 1.06) Undecided open, about 3 looks more",
                " seen 40.000 (n 24) 41.000 (n 24) ×1.02 (0.98 to 1.06) shown only open, about 3 looks more",
                " none no samples no samples waiting: noData",
                " errors: noise ×1.31, learned from 120 pieces of 2s before the release; 12 pieces of 2s compared, 1 skipped, 2 samples came too late",
                " errors: since 08:00:06Z; up to ×1.02 is healthy, a pass rules out ×1.5",
                " latency: noise ×1, assumed, not measured; 1 step compared",
                " latency: up to ×1.25 is healthy, a pass rules out ×1.56; above 100 ms nothing yet; above 250 ms ×0.95 (0.5 to 1.4); few requests",
                " load: load in words",
                " load: noise ×1.5, measured in the analysis; 24 steps compared",
                " load: up to ×1.05 is healthy",
            ],
            "\(lines.joined(separator: "\n"))"
        )
        #expect(lines.contains(" why: errors in words"))
        #expect(!lines.contains { $0.contains("errors: errors in words") }, "the reason is said once")
    }

    @Test("With reasons alone only what the verdict does not say itself")
    func reasons() {
        let lines = VerdictText(detail: .reasons).lines(Self.verdict(Self.metrics))
        #expect(!lines.contains { $0.contains("noise") || $0.contains("errors: ") })
        #expect(lines.contains("    load: load in words"))
    }

    @Test("Against earlier times, of a source that a newer version names, and of samples without times")
    func others() {
        var past = Self.load
        past.comparison = .past
        past.noise = NoiseEvidence(source: .learned, dispersion: 1, historyUnits: 8)
        past.effect = RatioEstimate(estimate: 1.4, lower: 1.4, upper: 1.4, confidence: 0)
        let text = MetricText(Self.metric("load", .high, past))
        #expect(text.row == ["load", "40.000 (n 24)", "41.000 (n 24)", "×1.4", "High", "3 looks in a row"])
        #expect(text.basis.first == "noise learned from 8 earlier times; 24 steps compared")
        var errors = Self.errors
        errors.noise.source = .kept
        errors.noise.learnedAt = 1_795_000_000_000
        #expect(
            MetricText(Self.metric("errors", .high, errors)).basis.first?.hasPrefix(
                "noise ×1.31, kept from 2026-11-18; "
            )
                == true
        )
        errors.noise.source = .unknown("guessed")
        let lines = MetricText(Self.metric("errors", .high, errors)).lines
        #expect(
            lines.contains("      noise ×1.31, guessed; 12 steps compared, 1 skipped, 2 samples came too late"),
            "\(lines)"
        )
        #expect(!lines.contains { $0.contains("since") })
    }

    @Test("Nothing traps on numbers that are none", arguments: [Double.nan, .infinity, -.infinity, -1, 1e300])
    func strange(number: Double) {
        var evidence = Self.latency
        evidence.effect = RatioEstimate(estimate: number, lower: number, upper: number, confidence: number)
        evidence.margin = number
        evidence.harm = number
        evidence.harmEvidence = number
        evidence.noise.dispersion = number
        evidence.control = ExposureTotals(events: number, requests: number)
        evidence.bounds[0].bound = number
        evidence.since = .max
        evidence.stepsPerUnit = .max
        evidence.neededLooks = .max
        for classification in MetricClassification.allCases {
            let verdict = Self.verdict([Self.metric("m", classification, evidence)])
            #expect(!Self.text.lines(verdict).isEmpty)
            #expect(!VerdictMarkdown.text(verdict).isEmpty)
        }
    }

    @Test("As Markdown: the same columns, and a list of what the evidence rests on")
    func markdown() {
        let lines = VerdictMarkdown.text(Self.verdict(Self.metrics)).split(separator: "\n").map(String.init)
        #expect(
            lines.dropFirst(2).prefix(4) == [
                "| metric | result | control | experiment | ratio | evidence |",
                "| --- | --- | ---: | ---: | ---: | --- |",
                "| errors | High | 20 of 18,000 | 41 of 1,800 | ×2.41 (1.8 to 3.1) | \\< 1 in 3,200 healthy releases |",
                "| latency | Pass | 560 of 18,000 above 250 ms | 55 of 1,800 above 250 ms | ×0.95 (0.5 to 1.4) | harm ruled out |",
            ],
            "\(lines)"
        )
        #expect(lines.contains("| none | Nodata, waiting: noData | no samples | no samples |  |  |"))
        #expect(
            lines.contains {
                $0.hasPrefix("- errors: noise ×1.31, learned")
                    && $0.hasSuffix("; up to ×1.02 is healthy, a pass rules out ×1.5")
            }
        )
        #expect(!lines.contains { $0.hasPrefix("- seen") })
    }

    @Test("What can be found, and how the effect went over the looks")
    func course() throws {
        var metric = Self.metric("errors", .high, Self.errors)
        metric.outlook = "1 % errors: ×2 visible after about 8 looks"
        metric.trail = (1...20).map { look in
            let ratio = 1 + Double(look) * 0.07
            return EffectPoint(look: look, ratio: ratio, lower: ratio / 2, upper: ratio * 2, evidence: 1)
        }
        let lines = Self.text.lines(Self.verdict([metric])).map(Self.withSingleBlanks)
        #expect(lines.contains(" errors: can be found: 1 % errors: ×2 visible after about 8 looks"))
        #expect(lines.contains(" errors: looks 1 to 20: ▂▂▃▃▃▄▄▄▅▅▅▆▆▆▆▇▇▇██ ×1.07 to ×2.4"), "\(lines)")
        let rows = lines.filter { $0.hasPrefix(" errors: look ") }
        #expect(rows.count == 8)
        #expect(rows.first == " errors: look 1 ×1.07 (0.535 to 2.14)")
        #expect(rows.last == " errors: look 20 ×2.4 (1.2 to 4.8)")
        let markdown = VerdictMarkdown.text(Self.verdict([metric]))
        #expect(markdown.contains("; can be found: 1 % errors: ×2 visible after about 8 looks; looks 1 to 20: ▂"))
        metric.judgement.classification = .pass
        #expect(!Self.text.lines(Self.verdict([metric])).contains { $0.contains("look  1") })
        metric.trail = Array(metric.trail.prefix(1))
        #expect(!Self.text.lines(Self.verdict([metric])).contains { $0.contains("looks 1") })
    }

    @Test("The outlook of a metric that could not be judged yet is said too")
    func heldOutlook() {
        var metric = Fixtures.metric(
            "none",
            control: 0,
            experiment: 0,
            count: 0,
            classification: .nodata,
            held: .noData
        )
        metric.outlook = "needs errors"
        #expect(Self.text.lines(Self.verdict([metric])).contains { $0.hasSuffix("can be found: needs errors") })
    }

    @Test("Points that are no numbers draw a line nevertheless", arguments: [Double.nan, .infinity, -1, 0, 1e300])
    func strangePoints(number: Double) {
        var metric = Self.metric("errors", .high, Self.errors)
        metric.trail = (1...9).map {
            EffectPoint(look: $0, ratio: number, lower: number, upper: number, evidence: number)
        }
        #expect(!Self.text.lines(Self.verdict([metric])).isEmpty)
    }

    @Test("A ratio of two means has no upper end, one with an interval does")
    func largest() {
        let plain = RatioEstimate(estimate: 41, lower: 41, upper: 41, confidence: 0)
        #expect(plain.cell == "×41" && plain.times("the past") == "41 times the past")
        let bounded = RatioEstimate(estimate: 32, lower: 8, upper: 32, confidence: 0.95)
        #expect(bounded.cell == "≥ ×32 (at least 8)")
    }

    @Test("The heading has no score beside what the judge says in words; that of other judges has")
    func heading() throws {
        var verdict = Self.verdict(Self.metrics)
        verdict.judge = "sequential"
        #expect(Self.text.lines(verdict).first?.contains("score") == false)
        verdict.judge = "conditions"
        #expect(Self.text.lines(verdict).first?.contains(" · score 0 · ") == true)
    }
}

extension SequentialReportTests {
    @Test("Pods have a line of their own, and their names are escaped") func pods() throws {
        var evidence = Self.errors
        evidence.pods = PodsEvidence(
            control: 12,
            experiment: 4,
            spread: 0.082,
            isAssumed: false,
            outliers: [PodOutlier(pod: "api-*7d*", ratio: 9.13, totals: ExposureTotals(events: 40, requests: 450))],
            treatment: .excluded
        )
        var metric = Fixtures.metric("errors", control: 1, experiment: 2, count: 24, classification: .high)
        metric.judgement.evidence = .sequential(evidence)
        let lines = MetricText(metric).basis
        #expect(
            lines.last
                == "pods: 4 against 12, healthy ones may differ by 8.2 % (measured); 1 of 4 pods, api-*7d*: 9.13 times the"
                + " control, and api-*7d* is left out (pods.onePod)"
        )
        #expect(
            VerdictMarkdown.text(Fixtures.verdict(metrics: [metric])).contains("1 of 4 pods, api-\\*7d\\*: 9.13 times")
        )
        evidence.pods?.outliers = []
        evidence.pods?.isAssumed = true
        metric.judgement.evidence = .sequential(evidence)
        #expect(MetricText(metric).basis.last == "pods: 4 against 12, healthy ones may differ by 8.2 % (assumed)")
    }
}
