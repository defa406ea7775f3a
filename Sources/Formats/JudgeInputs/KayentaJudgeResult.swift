import JSON
import Judging

/// Kayenta's `CanaryJudgeResult`: nulls are left out, NaN and infinities are texts.
struct KayentaJudgeResult {
    let json: JSONValue

    /// `pairs` are those that were judged, in the same order.
    init(_ judgement: Judgement, of pairs: [KayentaMetricSetPair]) {
        json = .object([
            "judgeName": .string(judgement.judge),
            "results": .array(zip(pairs, judgement.metrics).map { Self.result($1, of: $0) }),
            "groupScores": .array(
                judgement.groups.map { group in
                    .object([
                        "name": .string(group.name),
                        "score": Self.number(group.score),
                        "classification": .string(""),
                        "classificationReason": .string(""),
                    ])
                }
            ),
            "score": .object([
                "score": Self.number(judgement.score),
                "classification": .string(Self.label(judgement.result)),
                "classificationReason": .string(judgement.reason),
            ]),
        ])
    }

    private static func result(_ metric: MetricJudgement, of pair: KayentaMetricSetPair) -> JSONValue {
        .object([
            "name": pair.name.map { .string($0) },
            "tags": pair.tags.map(tags),
            "id": pair.id.map { .string($0) },
            "classification": .string(metric.classification.rawValue),
            "classificationReason": metric.reason.map { .string($0.text) },
            "groups": .array(metric.groups.map { .string($0) }),
            "experimentMetadata": statistics(metric.experiment),
            "controlMetadata": statistics(metric.control),
            "resultMetadata": metric.ratio.map { .object(["ratio": number($0)]) },
            "critical": .bool(metric.criticalFailure),
            "muted": .bool(metric.muted),
        ])
    }

    private static func tags(_ tags: [String: String?]) -> JSONValue {
        var object = JSONObject()
        for (key, value) in tags.sorted(by: { $0.key < $1.key }) {
            object[key] = value.map { .string($0) } ?? .null
        }
        return .object(object)
    }

    private static func statistics(_ statistics: SampleStatistics) -> JSONValue {
        .object([
            "stats": .object([
                "count": .integer(statistics.count),
                "mean": number(statistics.mean),
                "min": number(statistics.minimum),
                "std": number(statistics.standardDeviation),
                "max": number(statistics.maximum),
            ])
        ])
    }

    /// With a point, as Java writes doubles.
    private static func number(_ value: Double) -> JSONValue {
        value.isFinite ? .number(value.description) : .double(value)
    }

    private static func label(_ result: JudgementResult) -> String {
        switch result {
        case .pass: "Pass"
        case .marginal: "Marginal"
        case .fail: "Fail"
        case .inconclusive, .unknown: "Nodata"
        }
    }
}
