import Analysis
import Engine
package import Logging

/// Lines for people: time, level, message, metadata.
package struct TextLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var logLevel: Logger.Level
    private let writer: LogWriter

    package init(level: Logger.Level, writer: LogWriter = StandardError.writer) {
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
        let merged = metadata.merging(event.metadata ?? [:]) { $1 }
        let details = merged.sorted { $0.key < $1.key }
            .map { " \(LogText.printable($0.key))=\(LogText.value("\($0.value)"))" }.joined()
        let error = event.error.map { " error=\(LogText.value("\($0)"))" } ?? ""
        let message = LogText.printable("\(event.message)")
        return "\(SystemClock().now().rfc3339) \(event.level.rawValue): \(message)\(details)\(error)\n"
    }
}
