import Analysis
import Judging

extension PlanKey {
    static let ofStrata = [
        PlanKey(
            .strata,
            "label",
            "name of a label",
            isRequired: true,
            "The label of the series that names the part of the traffic, such as `route`, `zone` or `method`."
        )
    ]

    static let ofNewValues = [
        PlanKey(
            .newValues,
            "label",
            "name of a label",
            isRequired: true,
            "The label of the series whose values tell events apart, such as `code` or `exception`."
        ),
        PlanKey(
            .newValues,
            "atLeast",
            "number above 0",
            default: NewValuesRule.standardEvents.formatted(decimals: 2),
            "So many events of the new version make a value new that the control never had."
        ),
        PlanKey(
            .newValues,
            "policy",
            choices(NewValuesPolicy.allCases.map(\.rawValue)),
            default: NewValuesPolicy.warn.rawValue,
            "What a new value means: the verdict says so, the release does not pass by this metric, or the metric fails."
        ),
    ]
}
