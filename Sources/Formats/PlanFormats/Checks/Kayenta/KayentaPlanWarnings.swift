import Analysis
import Judging

/// Where a plan meets what is known to surprise in Kayenta's judge, which Assay reproduces number for number.
///
/// Sources: Kayenta's `WeightedSumScorer`, `MannWhitneyClassifier` and `IQRDetector`; its advice of 50 samples per side
/// (`CanaryAnalysisExecutionRequestScope`); false alarm rates measured with its default settings.
struct KayentaPlanWarnings {
    /// Looks from which accidental failures are worth a word; measured were 12.
    private static let manyLooks = 25

    private let plan: AnalysisPlan

    init(_ plan: AnalysisPlan) {
        self.plan = plan
    }

    var notes: [PlanError] {
        let metrics = plan.metrics.enumerated().flatMap { index, metric in
            KayentaMetricWarnings(metric, in: plan).notes.map { note in
                PlanError(field: "metrics[\(index)].\(note.field)", problem: note.problem)
            }
        }
        return scoreNotes + thresholdNotes + scheduleNotes + scopeNotes + metrics + groupNotes
    }

    private var scoreNotes: [PlanError] {
        let counted = plan.metrics.filter { !$0.muted }
        guard !counted.isEmpty else {
            return [.quirk(.allMuted, "metrics", "all metrics are muted: the score is then 0, which fails")]
        }
        var notes: [PlanError] = []
        let groups = Set(counted.flatMap(plan.groups(of:)))
        for name in plan.groupWeights.keys.sorted() where !groups.contains(name) {
            let problem = "no metric that counts is in this group, and its share of the score is lost"
            notes.append(.quirk(.weightsNotScaled, "groupWeights.\(name)", problem))
        }
        let named = plan.groupWeights.values.reduce(0, +)
        let unnamed = groups.filter { plan.groupWeights[$0] == nil }.sorted()
        if !unnamed.isEmpty, !plan.groupWeights.isEmpty, named >= 100 {
            let problem = "leave nothing for \(unnamed.joined(separator: ", ")), which then cannot change the score"
            notes.append(.quirk(.weightsNotScaled, "groupWeights", problem))
        }
        let reachable = plan.groupWeights.filter { groups.contains($0.key) }.values.reduce(0, +)
        let best = unnamed.isEmpty ? reachable : reachable + max(0, 100 - named)
        if best < 99.999 {
            let verdict = best < plan.thresholds.pass ? "so no release can pass" : "so scores are too low"
            let problem =
                "this judge does not scale weights to 100: the best score is \(best.formatted(decimals: 2)), \(verdict)"
            notes.append(.quirk(.weightsNotScaled, "groupWeights", problem))
        }
        return notes
    }

    private var thresholdNotes: [PlanError] {
        guard plan.thresholds.marginal <= 0 else { return [] }
        let problem = "0 makes a failed critical metric, whose score is 0, marginal instead of fail"
        return [.quirk(.thresholdsOfZero, "thresholds.marginal", problem)]
    }

    private var scheduleNotes: [PlanError] {
        var notes: [PlanError] = []
        let last = plan.schedule.samplesAtLastLook
        if last < 50 {
            let field = if case .sliding = plan.schedule.window { "schedule.window" } else { "schedule.lifetime" }
            let problem =
                "the last look has \(last) samples a side; this judge wants at least 50 to find small differences"
            notes.append(.quirk(.smallWindows, field, problem))
        }
        if plan.minimumSamples < 5 {
            let problem =
                "with fewer than 5 samples a side this judge takes any separation for a difference"
                + " (of two equal releases 5 in 100 fail with 3 samples, 24 in 100 with 2)"
            notes.append(.quirk(.fewSamples, "minimumSamples", problem))
        }
        if plan.minimumSamples < 2, plan.metrics.contains(where: { $0.critical && !$0.muted }) {
            let problem =
                "with one sample a side metrics are in error, which counts as nothing, even for a critical one"
            notes.append(.quirk(.metricsInError, "minimumSamples", problem))
        }
        let looks = plan.schedule.lookCount
        if plan.failFast == .onFail, looks >= Self.manyLooks {
            let problem =
                "each of \(looks) looks may fail by accident, and the first that does ends the analysis"
                + " (with 12 looks 1 to 3 in 100 equal releases fail for each metric)"
            notes.append(.quirk(.repeatedLooks, "failFast", problem))
        }
        return notes
    }

    private var scopeNotes: [PlanError] {
        guard case .before? = plan.scopes.control else { return [] }
        let problem =
            "samples are not compared at the same time of day or load: a change of traffic counts as an effect of the release"
        return [.quirk(.earlierControl, "scopes.control.before", problem)]
    }

    /// Groups that may be without any data.
    private var groupNotes: [PlanError] {
        let counted = plan.metrics.enumerated().filter { !$0.element.muted }
        let groups = Set(counted.flatMap { plan.groups(of: $0.element) }).sorted()
        return groups.compactMap { group in
            let members = counted.filter { plan.groups(of: $0.element).contains(group) }
            guard groups.count > 1, let first = members.first,
                members.allSatisfy({ $0.element.noData == .pass && !$0.element.critical })
            else { return nil }
            let problem = "every metric of group \(group) may be without data, and the group then counts as 100"
            return .quirk(.groupsWithoutData, "metrics[\(first.offset)].noData", problem)
        }
    }
}

extension PlanError {
    /// A warning with where to read on.
    static func quirk(_ quirk: KayentaQuirk, _ field: String, _ problem: String) -> PlanError {
        PlanError(field: field, problem: KayentaCaveat(quirk, problem).description)
    }
}
