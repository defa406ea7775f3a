import Analysis
import Judging

/// The keys of a metric.
extension PlanKey {
    private static let standard = PlannedMetric(name: "", query: "")
    private static let promQL = "PromQL with variables, at most 16 KiB"
    private static let kayenta = "(`NetflixACAJudge-v1.0`)"

    static let ofMetric = [
        PlanKey(.metric, "name", "text, 1 to 128 bytes", isRequired: true, "Unique in the plan."),
        PlanKey(
            .metric,
            "query",
            promQL,
            "Gives one series a side. Required, but for a metric with `errors` and `requests`, or with `buckets`: then it is their"
                + " quotient, or the 99th percentile."
        ),
        PlanKey(
            .metric,
            "kind",
            choices(MetricKind.allCases.map(\.rawValue)),
            "What the metric is: the share of requests that fail, how long they take, a value at a time, another share or quotient."
        ),
        PlanKey(
            .metric,
            "errors",
            promQL,
            "Events, as `rate()` or `increase()` of counters: requests that fail, or others of their kind."
        ),
        PlanKey(.metric, "requests", promQL, "The requests that `errors` are part of, in the same way."),
        PlanKey(
            .metric,
            "buckets",
            promQL,
            "The buckets of a histogram by their bounds: `sum by (le) (rate(x_bucket[1m]))`."
        ),
        PlanKey(
            .metric,
            "objective",
            "number above 0",
            "Requests slower than this, in the histogram's unit, are what the service promises to avoid (`sequential`)."
        ),
        PlanKey(
            .metric,
            "pods",
            "object",
            "Counts are asked for pod by pod, so that what pods differ by is no regression (`sequential`)."
        ),
        PlanKey(
            .metric,
            "strata",
            "object",
            "Counts are asked for by a part of the traffic, such as the route, each of which is compared within itself, so that"
                + " another mix of them is no regression (`sequential`)."
        ),
        PlanKey(
            .metric,
            "newValues",
            "object",
            "Names values of a label, such as codes, that only the new version has errors of (`sequential`)."
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
            "Which way counts against the new version. Of errors and latency it is `increase` (`conditions` does not read it)."
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
            "role",
            choices(MetricRole.allCases.map(\.rawValue)),
            default: standard.role.rawValue,
            "What it means for the decision, instead of `critical` and `muted`: `critical` fails alone, `guardrail` fails and must"
                + " pass, `signal` fails and need not pass (`sequential`), `info` is only shown."
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
        PlanKey(.metric, "effect", "object", "How large a difference must be to count."),
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

    static let ofSequentialEffect = [
        PlanKey(
            .effect,
            "margin",
            "number, 1 or more",
            default: "1.02 for errors, 1.25 for the share of slow requests, 1.05 otherwise",
            "A ratio of the sides up to this counts as healthy (`sequential`)."
        ),
        PlanKey(
            .effect,
            "harm",
            "number above `margin`",
            default: "1.5, or 1.25 times `margin` where that is more",
            "The ratio that a pass rules out (`sequential`)."
        ),
        PlanKey(
            .effect,
            "gate",
            "number, `margin` or more",
            default: "1.1",
            "The smallest ratio that may fail a release, of metrics that are no counts (`sequential`)."
        ),
        PlanKey(
            .effect,
            "floor",
            "number, 0 or more",
            default: "0; of errors, 0.001 for a pass",
            "The smallest difference that may fail a release, in the metric's own unit; of counts a share of 1, below which the new"
                + " version's own rate also lets it pass (`sequential`)."
        ),
    ]

    static let ofPods = [
        PlanKey(
            .pods,
            "label",
            "name of a label",
            isRequired: true,
            "The label of the series that names the pod, such as `pod` or `instance`."
        ),
        PlanKey(
            .pods,
            "assumedSpread",
            "number from 0 to 10",
            default: PodRule.standardSpread.formatted(decimals: 2),
            "By how much healthy pods differ where fewer than three pods of the control show it: 0.1 is a tenth of their rate."
        ),
        PlanKey(
            .pods,
            "onePod",
            choices(OnePodPolicy.allCases.map(\.rawValue)),
            default: OnePodPolicy.fail.rawValue,
            "What harm means that comes from one pod alone: it fails the release like any other, it keeps it from deciding, or"
                + " the metric is judged without that pod. From three pods of the new version on."
        ),
    ]

    private static func neutral(_ measure: EffectLimits.Measure) -> String {
        EffectLimits(measure: measure).allowedIncrease.formatted(decimals: 2)
    }
}
