import Analysis
import Judging

/// The quirks of Kayenta's judge that one metric of a plan meets. Fields are relative to the metric.
struct KayentaMetricWarnings {
    private let metric: PlannedMetric
    private let plan: AnalysisPlan

    init(_ metric: PlannedMetric, in plan: AnalysisPlan) {
        self.metric = metric
        self.plan = plan
    }

    var notes: [PlanError] {
        groupNotes + missingNotes + outlierNotes + KayentaEffectWarnings(metric, in: plan).notes + queryNotes
    }

    private var groupNotes: [PlanError] {
        guard metric.groups.isEmpty, plan.metrics.contains(where: { !$0.groups.isEmpty }) else { return [] }
        return [.quirk(.metricsWithoutGroup, "groups", "is in no group, so it counts only where it is critical")]
    }

    private var missingNotes: [PlanError] {
        var notes: [PlanError] = []
        if metric.nanStrategy == .replace {
            let problem =
                "missing samples become zeros that count like measured ones; in Kayenta a side without any passes, even"
                + " where the metric is critical"
            notes.append(.quirk(.replacedSamples, "missing", problem))
        }
        switch metric.noData {
        case .hold, .fail: break
        case .zero:
            let problem = "zero turns missing samples into a value: two sides without data pass as equal"
            notes.append(.quirk(.replacedSamples, "noData", problem))
        case .pass where metric.critical && !metric.muted:
            let problem = "a critical metric without data is not left out: it fails the release"
            notes.append(.quirk(.criticalWithoutData, "noData", problem))
        case .pass:
            let problem = "metrics without data are left out, but half of all metrics without data fail the release"
            notes.append(.quirk(.missingMetrics, "noData", problem))
        }
        return notes
    }

    private var outlierNotes: [PlanError] {
        guard metric.outlierFactor != nil else { return [] }
        let problem = "each side is trimmed by its own samples, so that rare bad samples of one side can vanish"
        return [.quirk(.trimmedOutliers, "outliers", problem)]
    }

    private var queryNotes: [PlanError] {
        var notes: [PlanError] = []
        let overlap = OverlappingSamples(query: metric.query, schedule: plan.schedule)
        if let range = overlap.range, let alarms = overlap.falseAlarms {
            let problem =
                "reads \(range.compactText) every \(plan.schedule.step.compactText): neighbouring samples share most of"
                + " their data, which this judge takes for evidence (about \(alarms) in 100 equal releases fail)"
            notes.append(.quirk(.overlappingSamples, "query", problem))
        }
        switch QueryQuotient(metric.query)?.kind {
        case .fraction:
            let problem =
                "is a fraction of one counter: rounding decides about values near and below 0.001, so multiply it by 100"
            notes.append(.quirk(.tinyValues, "query", problem))
        case .unrelated:
            let problem =
                "a divisor of 0 gives an infinite sample, with which the metric passes: leave it out with (…) > 0"
            notes.append(.quirk(.infiniteSamples, "query", problem))
        case .safe, nil: break
        }
        return notes
    }
}
