package import EventFormats
package import Kafka

/// Records of the verdict topic.
package enum KafkaVerdictRecord {
    package static func read(_ record: KafkaRecord, by reader: VerdictReader) -> VerdictEventReading {
        if let unreadable = record.unreadable {
            return .malformed(errorClass: "unreadable", reason: unreadable.reason)
        }
        if let size = record.oversize {
            return .malformed(errorClass: "tooLarge", reason: "The record has \(size) bytes, more than is accepted.")
        }
        do throws(CloudEventError) {
            return reader.read(try record.event())
        } catch {
            guard error.code != .tombstone else { return .skip(.tombstone) }
            return .malformed(errorClass: error.code.rawValue, reason: error.reason)
        }
    }
}

extension KafkaRecord {
    /// The CloudEvent that the record holds.
    package func event() throws(CloudEventError) -> CloudEvent {
        let headers = headers.map { EventHeader(name: $0.key, value: $0.value) }
        return try CloudEventKafkaBinding.decode(value: value, headers: headers)
    }
}
