package import Logging

/// How a long-running command logs.
package enum LogSettings {
    package enum Format: String, CaseIterable {
        case json
        case text
    }

    package static func logger(_ label: String, _ settings: Settings) throws -> Logger {
        let level = try settings.choice(.logLevel, Logger.Level.self)
        let format = try settings.choice(.logFormat, Format.self)
        LoggingSystem.bootstrap { name in
            switch format {
            case .json: JSONLogHandler(label: name, level: level)
            case .text: TextLogHandler(level: level)
            }
        }
        StandardError.writer.start { count in
            let event = LogEvent(
                level: .warning,
                message: "log lines were dropped: they could not be written, or were not read as fast as they came",
                metadata: ["lines": "\(count)"],
                source: nil,
                file: #fileID,
                function: #function,
                line: #line
            )
            return switch format {
            case .json: JSONLogHandler(label: label, level: level).line(event)
            case .text: TextLogHandler(level: level).line(event)
            }
        }
        return Logger(label: label)
    }
}
