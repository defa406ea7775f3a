import Analysis
import EventFormats
import Kafka

/// What a record of the verdict topic holds.
enum VerdictReading: Sendable, Equatable {
    case verdict(Verdict)
    case skip(RecordSkip)
    /// Nothing that anybody could act on: for the dead letter topic. Code and sentence.
    case malformed(errorClass: String, reason: String)
}

enum VerdictReader {
    static func read(_ record: KafkaRecord) -> VerdictReading {
        if let size = record.oversize {
            return .malformed(errorClass: "tooLarge", reason: "The record has \(size) bytes, more than is accepted.")
        }
        do throws(CloudEventError) {
            let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
            let event = try CloudEventKafkaBinding.decode(value: record.value, headers: headers)
            guard event.type == VerdictEvent.type else { return .skip(.unknownType) }
            return .verdict(try VerdictEvent.decode(event))
        } catch {
            guard error.code != .tombstone else { return .skip(.tombstone) }
            return .malformed(errorClass: error.code.rawValue, reason: error.reason)
        }
    }
}
