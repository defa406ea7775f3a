package import Logging

extension Logger {
    /// For commands, which speak through their output: warnings of librdkafka would only be in the way.
    package static var quiet: Logger {
        Logger(label: "assay") { _ in TextLogHandler(level: .error) }
    }
}
