import Analysis
import Judging

/// The keys of a metric.
extension PlanKey {
    private static let standard = PlannedMetric(name: "", query: "")
    private static let kayenta = "(`NetflixACAJudge-v1.0`)"

    static let ofMetric = [
        PlanKey(.metric, "name", "text, 1 to 128 bytes", isRequired: true, "Unique in the plan."),
        PlanKey(
            .metric,
            "query",
            "PromQL with variables, at most 16 KiB",
            isRequired: true,
            "Gives one series a side."
        ),
        PlanKey(
            .metric,
            "group",
            "text, 1 to 128 bytes",
            "Where the metric counts. Where no metric names a group, all count in one, `\(AnalysisPlan.onlyGroup)`."
        ),
        PlanKey(.metric, "groups", "list of at most 16 such texts", "The same for several groups, instead of `group`."),
        PlanKey(
            .metric,
            "weight",
            "number above 0",
            default: standard.weight.formatted(decimals: 2),
            "Weight inside its groups (`conditions`)."
        ),
        PlanKey(
            .metric,
            "direction",
            choices(Direction.allCases.map(\.rawValue)),
            default: standard.direction.rawValue,
            "Which way counts against the new version \(kayenta)."
        ),
        PlanKey(
            .metric,
            "critical",
            "true or false",
            default: "\(standard.critical)",
            "Its failure alone fails the judgement."
        ),
        PlanKey(
            .metric,
            "muted",
            "true or false",
            default: "\(standard.muted)",
            "Judged and shown, never counted or waited for."
        ),
        PlanKey(
            .metric,
            "noData",
            choices(NoDataPolicy.allCases.map(\.rawValue)),
            default: standard.noData.rawValue,
            "What missing samples mean."
        ),
        PlanKey(
            .metric,
            "missing",
            choices(NaNStrategy.allCases.map(\.rawValue)),
            default: standard.nanStrategy.rawValue,
            "Single missing samples are left out, or become 0."
        ),
        PlanKey(
            .metric,
            "outliers",
            "`keep`, or an object",
            default: "keep",
            "Whether samples far from the others of their side are dropped."
        ),
        PlanKey(.metric, "effect", "object", "How large a clear difference must be to count \(kayenta)."),
        PlanKey(
            .metric,
            "combine",
            choices(SeriesCombination.allCases.map(\.rawValue)),
            "Makes one series of several, instant by instant; without it several are an error."
        ),
        PlanKey(
            .metric,
            "condition",
            "condition, at most 1,024 bytes",
            "What must hold to pass; `conditions` requires it, the other judge refuses it."
        ),
        PlanKey(
            .metric,
            "marginal",
            "condition, at most 1,024 bytes",
            "What makes a metric that does not pass marginal (`conditions`)."
        ),
    ]

    static let ofEffect =
        [
            PlanKey(
                .outliers,
                "remove",
                "number above 0",
                isRequired: true,
                "Drops samples further than this many interquartile ranges outside their side's quartiles,"
                    + " unless they lie between its 1st and 99th percentile."
            ),
            PlanKey(
                .effect,
                "measure",
                choices(EffectLimits.Measure.allCases.map(\.rawValue)),
                default: standard.effect.measure.rawValue,
                "What the limits are about."
            ),
        ]
        + [
            ("allowedIncrease", "A clear increase counts only from here on."),
            ("allowedDecrease", "A clear decrease counts only from here down."),
            ("criticalIncrease", "From here on it is a critical failure of a critical metric."),
            ("criticalDecrease", "From here down it is a critical failure of a critical metric."),
        ].map { name, meaning in
            PlanKey(.effect, name, "number", default: "\(neutral(.meanRatio)), with `cles` \(neutral(.cles))", meaning)
        }

    private static func neutral(_ measure: EffectLimits.Measure) -> String {
        EffectLimits(measure: measure).allowedIncrease.formatted(decimals: 2)
    }
}
