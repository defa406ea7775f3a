import Logging
import ServiceLifecycle

/// Says what secrets others can read, for as long as they can: in the log at the start and every hour, and on `/readyz`.
struct ExposureNotice {
    private let exposures: Exposures
    private let logger: Logger

    init(_ settings: Settings, for reader: Setting.Reader, logger: Logger) {
        exposures = Exposures(settings, for: reader)
        self.logger = logger
        log()
    }

    /// Readiness does not depend on it.
    func watch(_ readiness: Readiness) {
        guard let summary = exposures.summary else { return }
        readiness.watch("secrets", decides: false) { summary }
    }

    var services: [any Service] {
        guard !exposures.findings.isEmpty else { return [] }
        return [RepeatedWork(name: "exposures", interval: .seconds(3600), signal: nil) { _ in log() }]
    }

    private func log() {
        for finding in exposures.findings {
            logger.warning(
                "others can read what is secret",
                metadata: ["setting": "\(finding.setting)", "reason": "\(finding.sentence)"]
            )
        }
    }
}
