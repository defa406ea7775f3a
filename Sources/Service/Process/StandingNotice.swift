import Logging
import ServiceLifecycle

/// Says what stays wrong, for as long as it does: in the log at the start and every hour, and on `/readyz`.
struct StandingNotice {
    /// What it is about, on `/readyz`.
    private let name: String
    private let work: String
    /// Nil where nothing is wrong.
    private let sentence: String?
    private let log: @Sendable () -> Void

    /// Readiness does not depend on it.
    func watch(_ readiness: Readiness) {
        guard let sentence else { return }
        readiness.watch(name, decides: false) { sentence }
    }

    var services: [any Service] {
        guard sentence != nil else { return [] }
        return [RepeatedWork(name: work, interval: .seconds(3600), signal: nil) { _ in log() }]
    }

    private init(name: String, work: String, sentence: String?, log: @escaping @Sendable () -> Void) {
        (self.name, self.work, self.sentence, self.log) = (name, work, sentence, log)
        if sentence != nil { log() }
    }
}

extension StandingNotice {
    /// That others can call without a token.
    static func openInterface(_ openness: String?, logger: Logger) -> StandingNotice {
        StandingNotice(name: "token", work: "token", sentence: openness) {
            logger.warning("the HTTP interface asks for no token", metadata: ["reason": "\(openness ?? "")"])
        }
    }

    /// What secrets others can read.
    static func exposures(_ settings: Settings, for reader: Setting.Reader, logger: Logger) -> StandingNotice {
        let exposures = Exposures(settings, for: reader)
        return StandingNotice(name: "secrets", work: "exposures", sentence: exposures.summary) {
            for finding in exposures.findings {
                logger.warning(
                    "others can read what is secret",
                    metadata: ["setting": "\(finding.setting)", "reason": "\(finding.sentence)"]
                )
            }
        }
    }
}
