package import Analysis
package import EventFormats
package import JSON

/// A verdict and the data of the event that carried it.
package struct PublishedVerdict: Sendable, Equatable {
    package var verdict: Verdict
    /// JSON, as `docs/events/verdict.schema.json` describes it.
    package var data: [UInt8]

    init(verdict: Verdict, data: [UInt8]) {
        self.verdict = verdict
        self.data = data
    }

    /// nil when the event is no verdict.
    package init?(_ event: CloudEvent) {
        guard let verdict = try? VerdictEvent.decode(event) else { return nil }
        self.verdict = verdict
        data = event.data ?? []
    }

    /// From the HTTP interface, which shows the event's id beside its data; nil when it is no verdict.
    package init?(_ shown: JSONObject) {
        guard let id = shown["id"]?.text else { return nil }
        var data = shown
        data["id"] = nil
        self.init(
            CloudEvent(
                id: id,
                source: "/assay",
                type: VerdictEvent.type,
                dataContentType: "application/json",
                data: JSONValue.object(data).jsonBytes
            )
        )
    }
}

extension [PublishedVerdict] {
    /// Without the final verdicts that a person decided against later: they do not count any more. Oldest first.
    var decidedLast: [PublishedVerdict] {
        let finals = filter { $0.verdict.kind == .final }.map { ($0.verdict.session, $0.verdict.id) }
        let last = Dictionary(finals) { _, later in later }
        return filter { $0.verdict.kind != .final || last[$0.verdict.session] == $0.verdict.id }
    }
}
