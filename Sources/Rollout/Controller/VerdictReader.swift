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
            let verdict = try VerdictEvent.decode(event)
            if let problem = problem(verdict) { return .malformed(errorClass: "badData", reason: problem) }
            return .verdict(verdict)
        } catch {
            guard error.code != .tombstone else { return .skip(.tombstone) }
            return .malformed(errorClass: error.code.rawValue, reason: error.reason)
        }
    }

    private static let maximumIDBytes = 1024

    /// What the ledger would remember must be bounded; nil when it is.
    private static func problem(_ verdict: Verdict) -> String? {
        let ids = [("id", verdict.id), ("session", verdict.session)]
        let names = [
            ("application", verdict.application), ("environment", verdict.environment), ("version", verdict.version),
            ("revision", verdict.revision ?? ""),
        ]
        let tooLong =
            ids.first { $0.1.utf8.count > maximumIDBytes }
            ?? names.first { $0.1.utf8.count > DeployEvent.maximumTextBytes }
        if let tooLong { return "The verdict's \(tooLong.0) is longer than is accepted." }
        let empty = (ids + names.dropLast()).first { $0.1.isEmpty }
        return empty.map { "The verdict's \($0.0) is empty." }
    }
}
