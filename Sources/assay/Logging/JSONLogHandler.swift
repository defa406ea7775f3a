import Analysis
import Engine
import Foundation
import Logging

/// One JSON object a line on standard error: time, level, message, then the metadata.
struct JSONLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let label: String

    init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
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
        let body = fields.map { "\(JSONText.quoted($0)):\(JSONText.quoted($1))" }.joined(separator: ",")
        StandardError.write("{\(body)}\n")
    }
}

/// Lines for people: time, level, message, metadata.
struct TextLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    init(level: Logger.Level) {
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { $1 }
        let details = merged.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
        let error = event.error.map { " error=\($0)" } ?? ""
        StandardError.write(
            "\(SystemClock().now().rfc3339) \(event.level.rawValue): \(event.message)\(details)\(error)\n"
        )
    }
}

enum JSONText {
    /// A JSON string; control characters are escaped, so that a line stays a line.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

enum StandardError {
    static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
