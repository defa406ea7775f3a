import Analysis
import JSON
import Judging

/// One metric of a verdict event's data.
enum MetricData {
    /// - Parameters:
    ///   - start: of the analysis; nil where it has had no look.
    ///   - step: the distance of two samples.
    static func write(
        _ metric: MetricVerdict,
        start: Timestamp?,
        step: Duration,
        withTrail: Bool,
        withQueries: Bool
    ) -> JSONValue {
        let judgement = metric.judgement
        return .object([
            "name": .string(judgement.name),
            "groups": .array(judgement.groups.map { .string($0) }),
            "classification": .string(judgement.classification.rawValue),
            "reason": judgement.reason.map { .string($0.text) },
            "criticalFailure": .bool(judgement.criticalFailure),
            "muted": .bool(judgement.muted),
            "held": metric.held.map { .string($0.rawValue) },
            "telemetry": judgement.telemetry.map { .string($0.rawValue) },
            "control": side(
                judgement.control,
                query: withQueries ? metric.controlQuery : nil,
                queries: withQueries ? metric.controlQueries : []
            ),
            "experiment": side(
                judgement.experiment,
                query: withQueries ? metric.experimentQuery : nil,
                queries: withQueries ? metric.experimentQueries : []
            ),
            "ratio": judgement.ratio.map { .double($0) },
            "effect": judgement.effect.map(effect),
            "shift": judgement.shift.map(shift),
            "conditions": judgement.conditions.isEmpty ? nil : .array(judgement.conditions.map(condition)),
            "sequential": judgement.sequential.map { SequentialData.write($0, start: start, step: step) },
            "warnings": metric.warnings.isEmpty ? nil : .array(metric.warnings.map { .string($0) }),
            "outlook": metric.outlook.map { .string($0) },
            "trail": withTrail && !metric.trail.isEmpty ? .array(metric.trail.map(point)) : nil,
        ])
    }

    private static func point(_ point: EffectPoint) -> JSONValue {
        .object([
            "look": .integer(point.look), "ratio": .double(point.ratio), "lower": .double(point.lower),
            "upper": .double(point.upper), "evidence": .double(point.evidence),
        ])
    }

    private static func side(_ statistics: SampleStatistics, query: String?, queries: [String]) -> JSONValue {
        .object([
            "query": query.map { .string($0) },
            "queries": queries.isEmpty ? nil : .array(queries.map { .string($0) }),
            "count": .integer(statistics.count),
            "mean": .double(statistics.mean),
            "standardDeviation": .double(statistics.standardDeviation),
            "minimum": .double(statistics.minimum),
            "maximum": .double(statistics.maximum),
        ])
    }

    private static func effect(_ effect: Effect) -> JSONValue {
        .object([
            "measure": .string(effect.measure.rawValue),
            "value": .double(effect.value),
            "allowedIncrease": .double(effect.allowedIncrease),
            "allowedDecrease": .double(effect.allowedDecrease),
        ])
    }

    private static func shift(_ shift: ShiftInterval) -> JSONValue {
        .object([
            "lower": .double(shift.lower),
            "upper": .double(shift.upper),
            "estimate": .double(shift.estimate),
            "confidence": .double(shift.confidence),
            "bound": .double(shift.bound),
        ])
    }

    private static func condition(_ evidence: ConditionEvidence) -> JSONValue {
        .object([
            "condition": .string(evidence.condition),
            "holds": .bool(evidence.holds),
            "comparisons": .array(
                evidence.comparisons.map { comparison in
                    .object([
                        "text": .string(comparison.text), "left": .double(comparison.left),
                        "right": .double(comparison.right), "holds": .bool(comparison.holds),
                    ])
                }
            ),
        ])
    }
}
