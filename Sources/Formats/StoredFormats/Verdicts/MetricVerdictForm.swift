import Analysis
import Judging

struct GroupScoreForm: Codable {
    var name: String
    var score: Double
    var weight: Double
    var noData: Bool

    init(_ score: GroupScore) {
        name = score.name
        self.score = score.score
        weight = score.weight
        noData = score.noData
    }

    var value: GroupScore { GroupScore(name: name, score: score, weight: weight, noData: noData) }
}

struct MetricVerdictForm: Codable {
    var judgement: MetricJudgementForm
    var controlQuery: String?
    var experimentQuery: String?
    /// Absent where one query was sent.
    var controlQueries: [String]?
    var experimentQueries: [String]?
    var held: String?
    var warnings: [String]
    /// Absent but at the first look.
    var outlook: String?
    /// Look, ratio, its interval, evidence. Absent but at the end.
    var trail: [[Double]]?

    init(_ metric: MetricVerdict) {
        judgement = MetricJudgementForm(metric.judgement)
        controlQuery = metric.controlQuery
        experimentQuery = metric.experimentQuery
        controlQueries = metric.controlQueries.isEmpty ? nil : metric.controlQueries
        experimentQueries = metric.experimentQueries.isEmpty ? nil : metric.experimentQueries
        held = metric.held?.rawValue
        warnings = metric.warnings
        outlook = metric.outlook
        trail =
            metric.trail.isEmpty
            ? nil : metric.trail.map { [Double($0.look), $0.ratio, $0.lower, $0.upper, $0.evidence] }
    }

    func value() throws(FormError) -> MetricVerdict {
        MetricVerdict(
            judgement: try judgement.value(),
            controlQuery: controlQuery,
            experimentQuery: experimentQuery,
            controlQueries: controlQueries ?? [],
            experimentQueries: experimentQueries ?? [],
            held: held.map { HoldCause(named: $0) },
            warnings: warnings,
            outlook: outlook,
            trail: (trail ?? []).compactMap(Self.point)
        )
    }
}

extension MetricVerdictForm {
    private static func point(_ numbers: [Double]) -> EffectPoint? {
        guard numbers.count >= 5, let look = Int(exactly: numbers[0]) else { return nil }
        return EffectPoint(look: look, ratio: numbers[1], lower: numbers[2], upper: numbers[3], evidence: numbers[4])
    }
}

struct MetricJudgementForm: Codable {
    struct Statistics: Codable {
        var count: Int
        var mean: Double
        var standardDeviation: Double
        var minimum: Double
        var maximum: Double

        init(_ statistics: SampleStatistics) {
            count = statistics.count
            mean = statistics.mean
            standardDeviation = statistics.standardDeviation
            minimum = statistics.minimum
            maximum = statistics.maximum
        }

        var value: SampleStatistics {
            SampleStatistics(
                count: count,
                mean: mean,
                standardDeviation: standardDeviation,
                minimum: minimum,
                maximum: maximum
            )
        }
    }

    struct EffectForm: Codable {
        var measure: String
        var value: Double
        var allowedIncrease: Double
        var allowedDecrease: Double
    }

    struct Shift: Codable {
        var lower: Double
        var upper: Double
        var estimate: Double
        var confidence: Double
        var bound: Double
    }

    struct ConditionForm: Codable {
        struct Comparison: Codable {
            var text: String
            var left: Double
            var right: Double
            var holds: Bool
        }

        var condition: String
        var holds: Bool
        var comparisons: [Comparison]
    }

    var name: String
    var groups: [String]
    var classification: String
    var reason: String?
    var criticalFailure: Bool
    var muted: Bool
    var control: Statistics
    var experiment: Statistics
    var ratio: Double?
    var effect: EffectForm?
    var shift: Shift?
    var conditions: [ConditionForm]
    /// Absent with other judges.
    var sequential: SequentialForm?
    /// Absent while both sides report, and have traffic.
    var telemetry: String?
    /// Absent where it decides.
    var decidesNothing: Bool?

    init(_ judgement: MetricJudgement) {
        name = judgement.name
        groups = judgement.groups
        classification = judgement.classification.rawValue
        reason = judgement.reason?.text
        criticalFailure = judgement.criticalFailure
        muted = judgement.muted
        control = Statistics(judgement.control)
        experiment = Statistics(judgement.experiment)
        ratio = judgement.ratio
        effect = judgement.effect.map {
            EffectForm(
                measure: $0.measure.rawValue,
                value: $0.value,
                allowedIncrease: $0.allowedIncrease,
                allowedDecrease: $0.allowedDecrease
            )
        }
        shift = judgement.shift.map {
            Shift(lower: $0.lower, upper: $0.upper, estimate: $0.estimate, confidence: $0.confidence, bound: $0.bound)
        }
        sequential = judgement.sequential.map(SequentialForm.init)
        telemetry = judgement.telemetry?.rawValue
        decidesNothing = judgement.decidesNothing ? true : nil
        conditions = judgement.conditions.map { evidence in
            ConditionForm(
                condition: evidence.condition,
                holds: evidence.holds,
                comparisons: evidence.comparisons.map {
                    .init(text: $0.text, left: $0.left, right: $0.right, holds: $0.holds)
                }
            )
        }
    }

    func value() throws(FormError) -> MetricJudgement {
        var judgement = MetricJudgement(
            name: name,
            groups: groups,
            classification: MetricClassification(named: classification),
            reason: reason.map { MetricReason($0) },
            criticalFailure: criticalFailure,
            muted: muted,
            control: control.value,
            experiment: experiment.value,
            ratio: ratio,
            evidence: .of(
                effect: try effect.map { (effect) throws(FormError) in
                    Effect(
                        measure: try .stored(effect.measure, "measure of an effect"),
                        value: effect.value,
                        allowedIncrease: effect.allowedIncrease,
                        allowedDecrease: effect.allowedDecrease
                    )
                },
                shift: shift.map {
                    ShiftInterval(
                        lower: $0.lower,
                        upper: $0.upper,
                        estimate: $0.estimate,
                        confidence: $0.confidence,
                        bound: $0.bound
                    )
                },
                conditions: conditions.map { evidence in
                    ConditionEvidence(
                        condition: evidence.condition,
                        holds: evidence.holds,
                        comparisons: evidence.comparisons.map {
                            .init(text: $0.text, left: $0.left, right: $0.right, holds: $0.holds)
                        }
                    )
                },
                sequential: sequential?.value
            ),
            telemetry: telemetry.map { TelemetryFinding(named: $0) }
        )
        judgement.decidesNothing = decidesNothing ?? false
        return judgement
    }
}
