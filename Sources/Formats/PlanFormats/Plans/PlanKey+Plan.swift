import Analysis
import Judging

/// The keys of a plan, but for its metrics.
extension PlanKey {
    private static let standard = AnalysisPlan(
        name: "",
        schedule: AnalysisSchedule(interval: .seconds(60), lifetime: .seconds(60)),
        metrics: []
    )

    static let ofPlan = [
        PlanKey(.plan, "apiVersion", "`\(PlanReader.apiVersion)`", "The format; may be left out."),
        PlanKey(.plan, "kind", "`\(PlanReader.kind)`", "May be left out."),
        PlanKey(.plan, "name", "text, 1 to 128 bytes", isRequired: true, "Unique among the plans."),
        PlanKey(.plan, "match", "object", default: "everything", "The releases that the plan is for."),
        PlanKey(.plan, "scopes", "object", "The label values of both sides; the deploy event may complete them."),
        PlanKey(.plan, "events", "object", "What deploy events may do with the plan."),
        PlanKey(
            .plan,
            "judge",
            choices(Judges.names),
            default: PlanReader.defaultJudge,
            "How samples become a judgement."
        ),
        PlanKey(
            .plan,
            QueryLanguage.key,
            choices(QueryLanguage.allCases.map(\.rawValue)),
            default: QueryLanguage.promql.rawValue,
            "Who parses the queries: Assay when the plan is read, or VictoriaMetrics when it is asked."
        ),
        PlanKey(.plan, "schedule", "object", isRequired: true, "When to look, and at which samples."),
        PlanKey(.plan, "thresholds", "object", "The scores from which a release passes, or is marginal."),
        PlanKey(
            .plan,
            "groupWeights",
            "percent by group, at most 100 in all",
            default: "equal shares",
            "The groups' shares of the score; groups not named share what is left to 100."
        ),
        PlanKey(
            .plan,
            "failFast",
            choices(FailFast.allCases.map(\.rawValue)),
            default: standard.failFast.rawValue,
            "Which interim look may end the analysis as failed: any that fails, one with a failed critical metric, none."
        ),
        PlanKey(
            .plan,
            "otherChanges",
            choices(OtherChangesPolicy.allCases.map(\.rawValue)),
            default: standard.otherChanges.rawValue,
            "What a look that fails leads to where another change fits the faults better: the release fails, or nothing is decided."
        ),
        PlanKey(
            .plan,
            "minimumSamples",
            "whole number, 1 to \(AnalysisPlan.maximumSamplesPerWindow)",
            default:
                "\(PlanReader.minimumSamples(of: PlanReader.defaultJudge)); \(standard.minimumSamples) with other judges",
            "A side with fewer samples counts as having too few."
        ),
        PlanKey(.plan, "sequential", "object", "How sure the judge `sequential` must be."),
        PlanKey(
            .plan,
            "metrics",
            "list of 1 to \(AnalysisPlan.maximumMetrics) objects",
            isRequired: true,
            "What is measured."
        ),
    ]

    static let ofMatch = ["applications", "environments"].map { name in
        PlanKey(
            .match,
            name,
            "list of at most 64 patterns of 1 to 256 bytes, with `*` and `?`",
            default: "everything",
            "The \(name) that the plan is for."
        )
    }

    static let ofScopes = [
        PlanKey(.scopes, "control", "object", "What the new version is compared with."),
        PlanKey(.scopes, "experiment", "object", "The new version."),
        PlanKey(.control, "labels", labels, "The labels of other series at the same time."),
        PlanKey(
            .control,
            "before",
            "time, up to 90d",
            "The experiment's own series this long ago, rounded up to the step. Either this or `labels`."
        ),
        PlanKey(.experiment, "labels", labels, isRequired: true, "The labels of the new version's series."),
    ]

    static let ofEvents = [
        PlanKey(
            .events,
            "labels",
            choices(EventPermissions.Labels.allCases.map(\.rawValue)),
            default: standard.events.labels.rawValue,
            "An event may give the labels of a side that `scopes` leaves open; with `add` it may also add labels to those of"
                + " the plan, with `replace` it may also change them and the kind of control."
        ),
        PlanKey(
            .events,
            "releases",
            choices(EventPermissions.Releases.allCases.map(\.rawValue)),
            default: standard.events.releases.rawValue,
            "Which events may name the plan: those of releases that `match` covers, or any."
        ),
    ]

    private static let labels =
        "1 to \(DeployEvent.maximumLabels) texts of 1 to \(DeployEvent.maximumTextBytes) bytes by label name"

    static let ofSchedule = [
        PlanKey(
            .schedule,
            "warmup",
            "time, up to 1d",
            default: standard.schedule.warmup.compactText,
            "Time after the deployment whose samples are not used."
        ),
        PlanKey(
            .schedule,
            "step",
            "time, 1s to 1h",
            default: standard.schedule.step.compactText,
            "Distance of two samples."
        ),
        PlanKey(.schedule, "interval", "time, a multiple of `step`", isRequired: true, "Distance of two looks."),
        PlanKey(
            .schedule,
            "lifetime",
            "time, a multiple of `step`, from `interval` up to \(AnalysisSchedule.maximumLifetime.compactText)",
            isRequired: true,
            "From the end of the warm-up to the last look."
        ),
        PlanKey(
            .schedule,
            "window",
            "`growing`, or a time, a multiple of `step`",
            default: "growing",
            "Each look uses all samples since the warm-up, or those of this last stretch."
        ),
        PlanKey(
            .schedule,
            "delay",
            "time, up to 1h",
            default: standard.schedule.delay.compactText,
            "How long after a window's end it is read, so that its last samples are there."
        ),
        PlanKey(
            .schedule,
            "deadline",
            "time, up to 7d",
            default: standard.schedule.deadline.compactText,
            "How long a held analysis waits after the last look before it gives up. If the last look was first tried late, "
                + "because no replica ran, the analysis still gets half of this time from that attempt."
        ),
    ]

    static let ofThresholds = [
        PlanKey(
            .thresholds,
            "pass",
            "number above 1, at most 100",
            default: standard.thresholds.pass.formatted(decimals: 2),
            "A score from here on passes."
        ),
        PlanKey(
            .thresholds,
            "marginal",
            "number, 0 up to `pass`",
            default: standard.thresholds.marginal.formatted(decimals: 2),
            "From here up to `pass` it is marginal, below it fails."
        ),
    ]

    static let ofSequential = [
        PlanKey(
            .sequential,
            "alpha",
            "number above 0, at most 0.5",
            default: standard.sequential.alpha.formatted(decimals: 4),
            "The probability that is accepted of failing a healthy release, in the whole analysis."
        ),
        PlanKey(
            .sequential,
            "beta",
            "number above 0, at most 0.5",
            default: standard.sequential.beta.formatted(decimals: 4),
            "The probability that is accepted of passing a release that does the harm which a pass rules out."
        ),
        PlanKey(
            .sequential,
            "undecided",
            choices(SequentialPolicy.Undecided.allCases.map(\.rawValue)),
            default: standard.sequential.undecided.rawValue,
            "What a release becomes that has reached its last look undecided."
        ),
        PlanKey(
            .sequential,
            "minimumRequests",
            "number, 0 or more",
            default: standard.sequential.minimumRequests.formatted(decimals: 2),
            "A metric of counts decides nothing before each side has had so many requests."
        ),
        PlanKey(
            .sequential,
            "passAfter",
            "time, up to the lifetime",
            default: standard.sequential.passAfter.compactText,
            "A release passes no sooner than so long after its warm-up. It may fail before."
        ),
        PlanKey(
            .sequential,
            "split",
            choices(SplitPolicy.allCases.map(\.rawValue)),
            default: SplitPolicy.hold.rawValue,
            "A release with another share of the requests than its event declares does not pass, or passes with a warning."
        ),
    ]

    static func choices(_ names: [String]) -> String {
        names.map { "`\($0)`" }.joined(separator: ", ")
    }
}
