import Kafka
import Processes
import Testing

/// Records that are no deploy events: each is kept on the dead-letter topic, with the reason.
struct UnreadableRecords: Sendable {
    static let count = 9

    let kcat: Kcat
    let letters: TopicFollower

    func check() async throws {
        try await bytes()
        try await tombstone()
        try await oversize()
        try await largeKey()
        try await unknownFields()
        try await inlinePlan()
        #expect(letters.records.count == Self.count)
        for record in letters.records {
            #expect(record.text("dlq.original.topic") == "deploy.events")
            #expect(record.text("dlq.original.offset").flatMap { Int64($0) } != nil)
            #expect(record.text("dlq.error.message")?.isEmpty == false)
        }
    }

    /// Bytes that are nothing, plainly or behind a content type that promises an event.
    private func bytes() async throws {
        let garbage: [UInt8] = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
        try await kcat.send(garbage)
        let plain = try await letters.record("dlq.error.class", "notACloudEvent")
        #expect(plain.value == garbage)
        #expect(plain.key == Array("key".utf8))
        #expect(plain.text("dlq.error.message")?.contains("ce_specversion") == true)

        try await kcat.send(garbage, headers: [("content-type", "application/cloudevents+json"), ("trace", "1")])
        let structured = try await letters.record("trace", "1")
        #expect(structured.value == garbage)
        #expect(structured.text("content-type") == "application/cloudevents+json")
    }

    private func tombstone() async throws {
        try await kcat.send(nil)
        let record = try await letters.record("dlq.error.class", "tombstone")
        #expect(record.value == nil)
        #expect(record.key == Array("key".utf8))
    }

    /// 1 MiB: its beginning and its size are kept where the whole does not fit.
    private func oversize() async throws {
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        try await kcat.send(large, headers: [("trace", "large")])
        let record = try await letters.record("trace", "large")
        let kept = try #require(record.value)
        #expect(kept.count >= 65_536)
        #expect(large.starts(with: kept))
        // Key, value and the header.
        if kept.count < large.count { #expect(record.text("dlq.original.size") == "\(large.count + 3 + 10)") }
        #expect(record.text("dlq.error.message")?.contains("bytes") == true)
    }

    /// A record that is taken in and, with the reason added to it, no longer fits a topic: it must not block the rest.
    private func largeKey() async throws {
        let key = String(repeating: "k", count: 1_040_000)
        try await kcat.send(Array("x".utf8), longKey: key)
        let record = try await Waiting.until("the record with the large key is set aside") {
            letters.records.first { $0.key?.first == UInt8(ascii: "k") && $0.key?.count ?? 0 > 100 }
        }
        #expect(record.value == [UInt8(ascii: "x")])
        #expect(record.text("dlq.original.size") == "\(key.utf8.count + 1)")
    }

    /// Events of the right type whose data is wrong: the message names the field.
    private func unknownFields() async throws {
        let wrong = [
            (#"{"environment":"test","version":"1"}"#, "application"),
            (#"{"application":"good","environment":"test","version":7}"#, "version"),
            (#"{"application":"good","environment":"test","version":"1","weight":140}"#, "weight"),
        ]
        for (index, (data, field)) in wrong.enumerated() {
            let event = TestEvent(id: "wrong-\(index)", application: "good")
            let headers = event.attributes.map { ("ce_\($0.name)", $0.value) } + [("content-type", "application/json")]
            try await kcat.send(Array(data.utf8), headers: headers)
            let record = try await letters.record("ce_id", "wrong-\(index)")
            let message = try #require(record.text("dlq.error.message"))
            #expect(message.contains(field), "\(message)")
            #expect(record.value == Array(data.utf8))
        }
    }

    /// A plan in the event with a misspelt key: line and key are named.
    private func inlinePlan() async throws {
        let plan = TestPlan(name: "inline", query: "sum(load{${scope}})").yaml.replacing(
            "minimumSamples",
            with: "minimumSample"
        )
        let line =
            1
            + plan.prefix(upTo: try #require(plan.firstRange(of: "minimumSample")).lowerBound).count {
                $0 == "\n"
            }
        let escaped = plan.replacing("\n", with: "\\n")
        let event = TestEvent(id: "inline", application: "good", more: ",\"plan\":\"\(escaped)\"")
        try await kcat.sendBinary(event)
        let record = try await letters.record("ce_id", "inline")
        let message = try #require(record.text("dlq.error.message"))
        #expect(record.text("dlq.error.class") == "badInlinePlan")
        #expect(message.contains(":\(line):"), "\(message)")
        #expect(message.contains("minimumSample: is not a known key (did you mean \"minimumSamples\"?)"), "\(message)")
    }
}
