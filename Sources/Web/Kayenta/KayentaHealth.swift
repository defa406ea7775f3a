import Hummingbird
import JSON

/// `GET /kayenta/health`, which says no more than that: every caller gets it.
enum KayentaHealth {
    static func add(to router: Router<WebContext>, _ health: @escaping @Sendable () async -> HealthReport) {
        router.get("kayenta/health") { _, _ in
            let isUp = await health().ready
            return JSONBody.response(
                ["status": .string(isUp ? "UP" : "DOWN")],
                status: isUp ? .ok : .serviceUnavailable
            )
        }
    }
}
