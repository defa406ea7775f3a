import JSON
import Judging

/// Values of a label that only the experiment has, in a verdict event's data.
enum NewValuesData {
    static func write(_ evidence: NewValuesEvidence) -> JSONValue {
        .object([
            "label": .string(evidence.label),
            "treatment": .string(evidence.treatment.rawValue),
            "values": .array(
                evidence.values.map { .object(["value": .string($0.name), "events": .double($0.events)]) }
            ),
            "others": evidence.others > 0 ? .integer(evidence.others) : nil,
            "isCut": evidence.isCut ? .bool(true) : nil,
            "hasHistory": .bool(evidence.hasHistory),
        ])
    }

    static func read(_ fields: JSONFields) throws(JSONFieldError) -> NewValuesEvidence {
        var values: [NewValuesEvidence.Value] = []
        for value in try fields.objects("values") ?? [] {
            values.append(
                NewValuesEvidence.Value(
                    name: try value.required("value", try value.text("value")),
                    events: try value.required("events", try value.measurement("events"))
                )
            )
        }
        return NewValuesEvidence(
            label: try fields.required("label", try fields.text("label")),
            treatment: try fields.required(
                "treatment",
                try fields.choice("treatment", of: NewValuesEvidence.Treatment.self)
            ),
            values: values,
            others: try fields.integer("others") ?? 0,
            isCut: try fields.bool("isCut") ?? false,
            hasHistory: try fields.bool("hasHistory") ?? true
        )
    }
}
