import EventFormats
import Foundation
import JSON

/// The files of `docs/events`.
enum EventDocuments {
    static let directory = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("docs/events")

    static func json(_ path: String) throws -> JSONValue {
        let data = try Data(contentsOf: directory.appendingPathComponent(path))
        return try JSONParser.parse(Array(data), maximumDepth: 64)
    }

    static func schema(_ name: String) throws -> JSONSchema {
        JSONSchema(root: try json("\(name).schema.json").object ?? JSONObject())
    }

    static var exampleNames: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: directory.appendingPathComponent("examples").path)
                .filter { $0.hasSuffix(".json") }.sorted()
        }
    }

    /// The example as Kafka would bring it.
    static func event(_ name: String) throws -> CloudEvent {
        let bytes = Array(try Data(contentsOf: directory.appendingPathComponent("examples/\(name).json")))
        let headers = [EventHeader("content-type", "application/cloudevents+json")]
        return try CloudEventKafkaBinding.decode(value: bytes, headers: headers)
    }
}
