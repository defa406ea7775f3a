import Analysis
import EventFormats
import Kafka

@testable import Rollout

extension FuzzTarget {
    /// Records of the verdict topic, as the rollout controller reads them.
    static let verdict = FuzzTarget("verdict", maximumBytes: 8192, dictionary: "event") { bytes in
        let record = PublishedRecord.record(bytes)
        let reader = VerdictReader(now: { Timestamp(milliseconds: 4_102_444_800_000) })
        switch KafkaVerdictRecord.read(record, by: reader) {
        case .verdict(let delivered):
            let verdict = delivered.verdict
            let event = VerdictEvent.encode(verdict, source: "/assay", reportURL: nil)
            let again = try VerdictEvent.decode(event)
            // NaN is not equal to itself: the published bytes are what must not change.
            let written = VerdictEvent.encode(again, source: "/assay", reportURL: nil)
            try require(written == event, "a verdict changes when it is written and read")
            try require(verdict.id.utf8.count <= 1024, "a verdict's id has no bound")
        case .skip: break
        case .untrusted(_, let reason): try requireCleanLine(reason)
        case .malformed(let errorClass, let reason):
            try requireCleanLine(errorClass, maximumBytes: 64)
            try requireCleanLine(reason)
        }
    }

    /// Records of the rollouts topic, from which the controller restores what it remembers.
    static let rolloutEvent = FuzzTarget("rollout-event", maximumBytes: 4096, dictionary: "event") { bytes in
        let record = PublishedRecord.record(bytes)
        let events = RolloutEvents(
            source: "/assay/rollout",
            actuator: "webhook",
            now: { Timestamp(milliseconds: 0) }
        )
        var ledger = RolloutLedger()
        let entry = (try? record.event()).flatMap { events.read($0, dryRun: false) }
        entry?.restore(into: &ledger)
        if let answer = entry?.answer {
            try require(ledger.hasAnswered(verdict: answer.verdict), "an answered verdict is not remembered")
        }
        let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
        guard let event = try? CloudEventKafkaBinding.decode(value: record.value, headers: headers),
            let action = try? RolloutEvent.decode(event)
        else { return }
        let again = try RolloutEvent.decode(RolloutEvent.encode(action, source: event.source))
        try require(again == action, "a rollout event changes: \(action) becomes \(again)")
    }
}

enum PublishedRecord {
    /// An input that begins with `{` is an event in structured mode; any other has header lines.
    static func record(_ bytes: [UInt8]) -> KafkaRecord {
        if bytes.first == UInt8(ascii: "{") {
            let type = KafkaHeader(key: "content-type", value: Array("application/cloudevents+json".utf8))
            return KafkaRecord(topic: "t", partition: 0, offset: 0, value: bytes, headers: [type])
        }
        let input = HeadedInput(bytes)
        return record(input.body, input.headers)
    }

    static func record(_ value: [UInt8]?, _ headers: [EventHeader]) -> KafkaRecord {
        KafkaRecord(
            topic: "t",
            partition: 0,
            offset: 0,
            value: value,
            headers: headers.map { KafkaHeader(key: $0.name, value: $0.value) }
        )
    }
}
