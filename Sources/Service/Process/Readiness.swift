package import Kafka
import Synchronization
package import Telemetry
package import Web

/// What `/readyz` says, put together from what is known, at most once a second. Asking has no effect.
///
/// Ready is a process to which requests may be sent: it listens, what decides is up, and it is not stopping.
package final class Readiness: Sendable {
    /// What is wrong; nil when nothing is.
    package typealias Check = @Sendable () async -> String?

    private struct Watched: Sendable {
        var name: String
        var decides: Bool
        var trouble: Check
    }

    private struct State {
        var isStopping = false
        var watched: [Watched] = []
        /// What was found last, and when.
        var found: (dependencies: [String: HealthReport.Dependency], at: ContinuousClock.Instant)?
    }

    private static let age = Duration.seconds(1)

    private let state = Mutex(State())

    /// - Parameter decides: whether the process is not ready while this is in trouble.
    package func watch(_ name: String, decides: Bool, _ trouble: @escaping Check) {
        state.withLock { state in
            state.watched.append(Watched(name: name, decides: decides, trouble: trouble))
            state.found = nil
        }
    }

    /// From here on the process is not ready.
    package func stop() {
        state.withLock { $0.isStopping = true }
    }

    package func report(at now: ContinuousClock.Instant = .now) async -> HealthReport {
        let (watched, found) = state.withLock { ($0.watched, $0.found) }
        if let found, found.at.duration(to: now) < Self.age {
            return HealthReport(stopping: isStopping, dependencies: found.dependencies)
        }
        var dependencies: [String: HealthReport.Dependency] = [:]
        for item in watched {
            dependencies[item.name] = .init(decides: item.decides, trouble: await item.trouble())
        }
        state.withLock { $0.found = (dependencies, now) }
        return HealthReport(stopping: isStopping, dependencies: dependencies)
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }
}

extension Readiness {
    /// Shows whether this process' consumer has its place in its group, on `/readyz` and as a metric, and what the brokers
    /// refuse. It decides nothing: a broker that is down must not keep HTTP requests from a process that can take them.
    ///
    /// - Parameter trouble: why there is no consumer, where that is known.
    package func watchKafka(
        _ clients: KafkaClients,
        in registry: MetricRegistry,
        isJoined: @escaping @Sendable () -> Bool,
        statistics: @escaping @Sendable () -> KafkaConsumerStatistics? = { nil },
        trouble: @escaping @Sendable () -> String? = { nil }
    ) {
        watch("kafka", decides: false) {
            let place = isJoined() ? nil : trouble() ?? "the consumer has no place in its group"
            let obstacles = statistics()?.obstacles(at: .now) ?? []
            return Self.sentence([place].compactMap { $0 } + clients.refusals + obstacles)
        }
        let up = KafkaMetrics.register(in: registry)
        registry.onRender { up.set(isJoined() ? 1 : 0) }
    }

    /// The same for a process that reads no topic: what the brokers refuse.
    package func watchKafka(_ clients: KafkaClients) {
        watch("kafka", decides: false) { Self.sentence(clients.refusals) }
    }

    private static func sentence(_ reasons: [String]) -> String? {
        reasons.isEmpty ? nil : reasons.joined(separator: "; ")
    }
}
