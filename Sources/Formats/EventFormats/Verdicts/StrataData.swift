import JSON
import Judging

/// What strata show, in a verdict event's data.
enum StrataData {
    static func write(_ evidence: StrataEvidence) -> JSONValue {
        .object([
            "label": .string(evidence.label),
            "count": .integer(evidence.count),
            "strongest": evidence.strongest.map(write),
            "pooledRatio": evidence.pooledRatio.map { .double($0) },
            "uncompared": totals(evidence.uncompared),
            "withUncompared": totals(evidence.withUncompared),
        ])
    }

    private static func write(_ stratum: StratumEvidence) -> JSONValue {
        .object([
            "value": .string(stratum.name),
            "part": .double(stratum.part),
            "ratio": stratum.ratio.map { .double($0) },
            "control": totals(stratum.control),
            "experiment": totals(stratum.experiment),
        ])
    }

    private static func totals(_ totals: ExposureTotals) -> JSONValue {
        .object(["events": .double(totals.events), "requests": .double(totals.requests)])
    }

    static func read(_ fields: JSONFields) throws(JSONFieldError) -> StrataEvidence {
        StrataEvidence(
            label: try fields.required("label", try fields.text("label")),
            count: try fields.required("count", try fields.integer("count")),
            strongest: try fields.fields("strongest").map { (part) throws(JSONFieldError) in try stratum(part) },
            pooledRatio: try fields.measurement("pooledRatio"),
            uncompared: try totals(fields, "uncompared"),
            withUncompared: try totals(fields, "withUncompared")
        )
    }

    private static func stratum(_ fields: JSONFields) throws(JSONFieldError) -> StratumEvidence {
        StratumEvidence(
            name: try fields.text("value") ?? "",
            part: try fields.required("part", try fields.measurement("part")),
            ratio: try fields.measurement("ratio"),
            control: try totals(fields, "control"),
            experiment: try totals(fields, "experiment")
        )
    }

    private static func totals(_ fields: JSONFields, _ name: String) throws(JSONFieldError) -> ExposureTotals {
        let part = try fields.required(name, try fields.fields(name))
        return ExposureTotals(
            events: try part.required("events", try part.measurement("events")),
            requests: try part.required("requests", try part.measurement("requests"))
        )
    }
}
