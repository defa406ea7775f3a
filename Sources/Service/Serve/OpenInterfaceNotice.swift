import Logging
import ServiceLifecycle

/// Says that others can call without a token, for as long as they can: in the log at the start and every hour, and on
/// `/readyz`.
struct OpenInterfaceNotice {
    let openness: String?
    let logger: Logger

    /// Readiness does not depend on it.
    func watch(_ readiness: Readiness) {
        guard let openness else { return }
        readiness.watch("token", decides: false) { openness }
    }

    var services: [any Service] {
        guard openness != nil else { return [] }
        return [RepeatedWork(name: "token", interval: .seconds(3600), signal: nil) { _ in log() }]
    }

    func log() {
        guard let openness else { return }
        logger.warning("the HTTP interface asks for no token", metadata: ["reason": "\(openness)"])
    }
}
