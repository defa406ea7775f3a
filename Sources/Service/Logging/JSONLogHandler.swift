import Analysis
import Engine
import EventFormats
import Foundation
import JSON
package import Logging

/// One JSON object a line on standard error: time, level, message, then the metadata.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let label: String

    package init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var fields: [(String, String)] = [
            ("time", SystemClock().now().rfc3339), ("level", event.level.rawValue), ("message", "\(event.message)"),
            ("logger", label),
        ]
        for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }).sorted(by: {
            $0.key < $1.key
        }) {
            // A key that stands here already would hide it.
            fields.append((fields.contains { $0.0 == key } ? "_\(key)" : key, "\(value)"))
        }
        if let error = event.error { fields.append(("error", "\(error)")) }
        let body = fields.map { "\(JSONValue.string($0).jsonText):\(JSONValue.string($1).jsonText)" }
        StandardError.write("{\(body.joined(separator: ","))}\n")
    }
}

/// Lines for people: time, level, message, metadata.
package struct TextLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level

    package init(level: Logger.Level) {
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { $1 }
        let details = merged.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let error = event.error.map { " error=\($0)" } ?? ""
        StandardError.write(
            "\(SystemClock().now().rfc3339) \(event.level.rawValue): \(event.message)\(details)\(error)\n"
        )
    }
}

package enum StandardError {
    package static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
