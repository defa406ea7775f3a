import Analysis
import JSON

/// What else changed, in the data of a verdict event.
enum OtherChangesData {
    static func write(_ changes: OtherChanges) -> JSONValue {
        .object([
            "releaseAt": .string(changes.releaseAt.rfc3339),
            "releaseScore": changes.releaseScore.map { .double($0) },
            "onset": changes.onset.map { .string($0.rfc3339) },
            "ranked": .array(changes.ranked.map(write)),
            "further": changes.further == 0 ? nil : .integer(changes.further),
        ])
    }

    private static func write(_ ranked: RankedChange) -> JSONValue {
        var object = ChangeEventFormat.object(ranked.change)
        object["relation"] = .string(ranked.relation.rawValue)
        object["through"] = ranked.through.isEmpty ? nil : .array(ranked.through.map { .string($0) })
        object["score"] = ranked.score.map { .double($0) }
        return .object(object)
    }

    static func read(_ data: JSONFields) throws(JSONFieldError) -> OtherChanges {
        var changes = OtherChanges(
            releaseAt: try data.required("releaseAt", try data.time("releaseAt")),
            releaseScore: try data.measurement("releaseScore"),
            onset: try data.time("onset"),
            further: try data.integer("further") ?? 0
        )
        for fields in try data.objects("ranked") ?? [] { changes.ranked.append(try ranked(fields)) }
        return changes
    }

    private static func ranked(_ data: JSONFields) throws(JSONFieldError) -> RankedChange {
        let event = try ChangeEventFormat.read(
            data,
            identity: EventIdentity(
                source: try data.required("source", try data.text("source")),
                id: try data.required("id", try data.text("id"))
            ),
            kind: try data.required("kind", try data.choice("kind", of: ChangeKind.self)),
            time: nil
        )
        return RankedChange(
            KnownChange(event, at: try data.required("time", try data.time("time"))),
            relation: try data.required("relation", try data.choice("relation", of: ChangeRelation.self)),
            through: try data.texts("through") ?? [],
            score: try data.measurement("score")
        )
    }
}
