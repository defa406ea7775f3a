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
        return Logger(label: label)
    }
}
