import Analysis
import JSON
import Judging

extension MetricData {
    static func read(_ fields: JSONFields) throws(JSONFieldError) -> MetricVerdict {
        let control = try fields.required("control", try fields.fields("control"))
        let experiment = try fields.required("experiment", try fields.fields("experiment"))
        var conditions: [ConditionEvidence] = []
        for condition in try fields.objects("conditions") ?? [] { conditions.append(try self.condition(condition)) }
        let judgement = MetricJudgement(
            name: try fields.required("name", try fields.text("name")),
            groups: try fields.texts("groups") ?? [],
            classification: try fields.required(
                "classification",
                try fields.choice("classification", of: MetricClassification.self)
            ),
            reason: try fields.text("reason").map { MetricReason($0) },
            criticalFailure: try fields.bool("criticalFailure") ?? false,
            muted: try fields.bool("muted") ?? false,
            control: try statistics(control),
            experiment: try statistics(experiment),
            ratio: try fields.measurement("ratio"),
            evidence: .of(
                effect: try fields.fields("effect").flatMap { (part) throws(JSONFieldError) in try effect(part) },
                shift: try fields.fields("shift").map { (part) throws(JSONFieldError) in try shift(part) },
                conditions: conditions,
                sequential: try fields.fields("sequential").map { (part) throws(JSONFieldError) in
                    try SequentialData.read(part)
                }
            ),
            telemetry: try fields.choice("telemetry", of: TelemetryFinding.self)
        )
        var trail: [EffectPoint] = []
        for point in try fields.objects("trail") ?? [] { trail.append(try self.point(point)) }
        return MetricVerdict(
            judgement: judgement,
            controlQuery: try control.text("query"),
            experimentQuery: try experiment.text("query"),
            controlQueries: try control.texts("queries") ?? [],
            experimentQueries: try experiment.texts("queries") ?? [],
            held: try fields.choice("held", of: HoldCause.self),
            warnings: try fields.texts("warnings") ?? [],
            outlook: try fields.text("outlook"),
            trail: trail
        )
    }

    private static func point(_ fields: JSONFields) throws(JSONFieldError) -> EffectPoint {
        EffectPoint(
            look: try fields.required("look", try fields.integer("look")),
            ratio: try number(fields, "ratio"),
            lower: try number(fields, "lower"),
            upper: try number(fields, "upper"),
            evidence: try number(fields, "evidence")
        )
    }

    private static func number(_ fields: JSONFields, _ name: String) throws(JSONFieldError) -> Double {
        try fields.required(name, try fields.measurement(name))
    }

    private static func statistics(_ fields: JSONFields) throws(JSONFieldError) -> SampleStatistics {
        SampleStatistics(
            count: try fields.required("count", try fields.integer("count")),
            mean: try number(fields, "mean"),
            standardDeviation: try number(fields, "standardDeviation"),
            minimum: try number(fields, "minimum"),
            maximum: try number(fields, "maximum")
        )
    }

    /// Nil for a measure that a newer version has made: its numbers mean nothing here.
    private static func effect(_ fields: JSONFields) throws(JSONFieldError) -> Effect? {
        let name = try fields.required("measure", try fields.text("measure"))
        guard let measure = EffectLimits.Measure(rawValue: name) else { return nil }
        return Effect(
            measure: measure,
            value: try number(fields, "value"),
            allowedIncrease: try number(fields, "allowedIncrease"),
            allowedDecrease: try number(fields, "allowedDecrease")
        )
    }

    private static func shift(_ fields: JSONFields) throws(JSONFieldError) -> ShiftInterval {
        ShiftInterval(
            lower: try number(fields, "lower"),
            upper: try number(fields, "upper"),
            estimate: try number(fields, "estimate"),
            confidence: try number(fields, "confidence"),
            bound: try number(fields, "bound")
        )
    }

    private static func condition(_ fields: JSONFields) throws(JSONFieldError) -> ConditionEvidence {
        var comparisons: [ConditionEvidence.Comparison] = []
        for comparison in try fields.objects("comparisons") ?? [] {
            comparisons.append(
                ConditionEvidence.Comparison(
                    text: try comparison.required("text", try comparison.text("text")),
                    left: try number(comparison, "left"),
                    right: try number(comparison, "right"),
                    holds: try comparison.required("holds", try comparison.bool("holds"))
                )
            )
        }
        return ConditionEvidence(
            condition: try fields.required("condition", try fields.text("condition")),
            holds: try fields.required("holds", try fields.bool("holds")),
            comparisons: comparisons
        )
    }
}
