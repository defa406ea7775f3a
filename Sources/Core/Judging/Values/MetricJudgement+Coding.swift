/// As JSON, the parts of the evidence stand beside the rest.
extension MetricJudgement: Codable {
    private enum Key: String, CodingKey {
        case name, groups, classification, reason, criticalFailure, muted, control, experiment, ratio
        case effect, shift, conditions, sequential, telemetry
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: Key.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            groups: try values.decode([String].self, forKey: .groups),
            classification: try values.decode(MetricClassification.self, forKey: .classification),
            reason: try values.decodeIfPresent(MetricReason.self, forKey: .reason),
            criticalFailure: try values.decode(Bool.self, forKey: .criticalFailure),
            muted: try values.decode(Bool.self, forKey: .muted),
            control: try values.decode(SampleStatistics.self, forKey: .control),
            experiment: try values.decode(SampleStatistics.self, forKey: .experiment),
            ratio: try values.decodeIfPresent(Double.self, forKey: .ratio),
            evidence: .of(
                effect: try values.decodeIfPresent(Effect.self, forKey: .effect),
                shift: try values.decodeIfPresent(ShiftInterval.self, forKey: .shift),
                conditions: try values.decode([ConditionEvidence].self, forKey: .conditions),
                sequential: try values.decodeIfPresent(SequentialEvidence.self, forKey: .sequential)
            ),
            telemetry: try values.decodeIfPresent(TelemetryFinding.self, forKey: .telemetry)
        )
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: Key.self)
        try values.encode(name, forKey: .name)
        try values.encode(groups, forKey: .groups)
        try values.encode(classification, forKey: .classification)
        try values.encodeIfPresent(reason, forKey: .reason)
        try values.encode(criticalFailure, forKey: .criticalFailure)
        try values.encode(muted, forKey: .muted)
        try values.encode(control, forKey: .control)
        try values.encode(experiment, forKey: .experiment)
        try values.encodeIfPresent(ratio, forKey: .ratio)
        try values.encodeIfPresent(evidence.effect, forKey: .effect)
        try values.encodeIfPresent(evidence.shift, forKey: .shift)
        try values.encode(evidence.conditions, forKey: .conditions)
        try values.encodeIfPresent(evidence.sequential, forKey: .sequential)
        try values.encodeIfPresent(telemetry, forKey: .telemetry)
    }
}
