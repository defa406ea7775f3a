import Analysis
import Engine
import JSON
package import Logging

/// One JSON object a line: time, level, message, then the metadata.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let label: String
    private let writer: LogWriter

    package init(label: String, level: Logger.Level, writer: LogWriter = StandardError.writer) {
        self.label = label
        logLevel = level
        self.writer = writer
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        writer.write(line(event))
    }

    func line(_ event: LogEvent) -> String {
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
        return LogText.printable("{\(body.joined(separator: ","))}") + "\n"
    }
}
