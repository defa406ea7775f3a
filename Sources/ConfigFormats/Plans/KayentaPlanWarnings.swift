import Analysis
import Judging

/// Where a plan meets what is known to surprise in Kayenta's judge, which Assay reproduces number for number.
///
/// Sources: Kayenta's `WeightedSumScorer`, `MannWhitneyClassifier` and `IQRDetector`; its advice of 50 samples per side
/// (`CanaryAnalysisExecutionRequestScope`); false alarm rates measured with its default settings.
struct KayentaQuirks {
    private let plan: AnalysisPlan

    init(_ plan: AnalysisPlan) {
        self.plan = plan
    }

    var notes: [PlanError] {
        scoreNotes + thresholdNotes + scheduleNotes + scopeNotes
            + plan.metrics.enumerated().flatMap { notes(for: $1, at: "metrics[\($0)]") }
    }

    private var scoreNotes: [PlanError] {
        let counted = plan.metrics.filter { !$0.muted }
        guard !counted.isEmpty else {
            return [PlanError(field: "metrics", problem: "all metrics are muted: the score is then 0, which fails")]
        }
        var notes: [PlanError] = []
        let groups = Set(counted.flatMap(plan.groups(of:)))
        for name in plan.groupWeights.keys.sorted() where !groups.contains(name) {
            let problem = "no metric that counts is in this group, and its share of the score is lost"
            notes.append(PlanError(field: "groupWeights.\(name)", problem: problem))
        }
        let named = plan.groupWeights.values.reduce(0, +)
        let unnamed = groups.filter { plan.groupWeights[$0] == nil }.sorted()
        if !unnamed.isEmpty, !plan.groupWeights.isEmpty, named >= 100 {
            let problem = "leave nothing for \(unnamed.joined(separator: ", ")), which then cannot change the score"
            notes.append(PlanError(field: "groupWeights", problem: problem))
        }
        let reachable = plan.groupWeights.filter { groups.contains($0.key) }.values.reduce(0, +)
        let best = unnamed.isEmpty ? reachable : reachable + max(0, 100 - named)
        if best < 99.999 {
            let verdict = best < plan.thresholds.pass ? "so no release can pass" : "so scores are too low"
            let problem = "this judge does not scale weights to 100: the best score is \(Self.short(best)), \(verdict)"
            notes.append(PlanError(field: "groupWeights", problem: problem))
        }
        return notes
    }

    private var thresholdNotes: [PlanError] {
        var notes: [PlanError] = []
        if plan.thresholds.marginal <= 0 {
            let problem = "0 makes a failed critical metric, whose score is 0, marginal instead of fail"
            notes.append(PlanError(field: "thresholds.marginal", problem: problem))
        }
        if plan.thresholds.pass <= 0 {
            let problem = "0 lets a failed critical metric, whose score is 0, pass"
            notes.append(PlanError(field: "thresholds.pass", problem: problem))
        }
        return notes
    }

    private var scheduleNotes: [PlanError] {
        var notes: [PlanError] = []
        let last = plan.schedule.samplesAtLastLook
        if last < 50 {
            let problem =
                "the last look has \(last) samples a side; this judge wants at least 50 to find small differences"
            notes.append(PlanError(field: "schedule.lifetime", problem: problem))
        }
        if plan.minimumSamples < 5 {
            let problem =
                "with fewer than 5 samples a side this judge takes any separation for a difference"
                + " (of two equal releases 5 in 100 fail with 3 samples, 24 in 100 with 2)"
            notes.append(PlanError(field: "minimumSamples", problem: problem))
        }
        return notes
    }

    private var scopeNotes: [PlanError] {
        guard case .before? = plan.scopes.control else { return [] }
        let problem =
            "samples are not compared at the same time of day or load: a change of traffic counts as an effect of the release"
        return [PlanError(field: "scopes.control.before", problem: problem)]
    }

    private func notes(for metric: PlannedMetric, at path: String) -> [PlanError] {
        var notes: [PlanError] = []
        func note(_ field: String, _ problem: String) {
            notes.append(PlanError(field: "\(path).\(field)", problem: problem))
        }
        if metric.groups.isEmpty, plan.metrics.contains(where: { !$0.groups.isEmpty }) {
            note("groups", "is in no group, so it counts only where it is critical")
        }
        if metric.nanStrategy == .replace {
            note("missing", "with replace a side without any sample passes, even where the metric is critical")
        }
        if metric.noData == .zero {
            note("noData", "zero turns missing samples into a value: two sides without data pass as equal")
        }
        if metric.noData == .pass {
            note("noData", "metrics without data are left out, but half of all metrics without data fail the release")
        }
        if metric.outlierFactor != nil {
            note("outliers", "each side is trimmed by its own samples, so that rare bad samples of one side can vanish")
        }
        if metric.effect.measure == .cles, metric.effect.isOutsideProbability {
            note("effect", "cles lies between 0 and 1, so a limit outside of it is never reached")
        }
        if metric.effect == PlannedEffect(), plan.schedule.samplesAtLastLook >= 500 {
            note(
                "effect",
                "without limits, differences of a percent fail at \(plan.schedule.samplesAtLastLook) samples"
            )
        }
        if let range = RangeSelectors.longest(in: metric.query), range.seconds >= 3 * plan.schedule.step.seconds {
            note(
                "query",
                "reads \(range.compactText) every \(plan.schedule.step.compactText): neighbouring samples share most of"
                    + " their data, which this judge takes for evidence (7 to 30 in 100 equal releases fail)"
            )
        }
        return notes
    }

    private static func short(_ value: Double) -> String {
        let rounded = (value * 100).rounded() / 100
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}

extension PlannedEffect {
    fileprivate var isOutsideProbability: Bool {
        [allowedIncrease, allowedDecrease, criticalIncrease, criticalDecrease].contains {
            $0.map { !(0...1).contains($0) } ?? false
        }
    }
}

/// The ranges of a query's range selectors, `[5m]` or `[1h:1m]`; a variable is not one.
enum RangeSelectors {
    static func longest(in query: String) -> Duration? {
        query.split(separator: "[").dropFirst().compactMap { rest in
            Duration(compactText: String(rest.prefix { $0 != "]" && $0 != ":" }))
        }.max()
    }
}
