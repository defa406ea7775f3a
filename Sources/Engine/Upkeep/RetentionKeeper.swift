import Analysis
package import Logging
import ServiceLifecycle
package import Store
import Telemetry

/// Deletes what has been kept for long enough, in small batches, so that no other work waits for it.
package struct RetentionKeeper: Service {
    package struct Options: Sendable {
        /// How long each kind is kept: sessions and samples since the opening of their analysis, events since their answer,
        /// messages since their delivery. What is not named is kept for ever.
        package var periods: [RetainedKind: Duration]
        /// Time between two passes.
        package var interval: Duration = .seconds(600)
        /// Rows of a kind deleted in one transaction.
        package var batch = 500
        /// Time between two transactions of a pass.
        package var pause: Duration = .milliseconds(200)

        package init(periods: [RetainedKind: Duration]) {
            self.periods = periods
        }
    }

    private let store: any Store
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let logger: Logger
    private let options: Options

    package init(
        store: any Store,
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger,
        options: Options
    ) {
        self.store = store
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
        self.options = options
    }

    package func run() async throws {
        await UntilShutdown.run {
            while !Task.isCancelled {
                do { try await self.pass() } catch {
                    if let error = error as? StoreError { self.metrics.storeFailures.add(1, error.code.rawValue) }
                    self.logger.warning("what has expired cannot be deleted now", metadata: ["error": "\(error)"])
                }
                try? await self.clock.sleep(until: self.clock.now() + self.options.interval)
            }
        }
    }

    /// Deletes everything that has expired. Returns how much of each kind.
    @discardableResult
    package func pass() async throws -> [RetainedKind: Int] {
        var total: [RetainedKind: Int] = [:]
        while !Task.isCancelled {
            let now = clock.now()
            let cutoffs = RetentionCutoffs(options.periods.mapValues { now - $0 })
            let deleted = try await store.deleteExpired(cutoffs, limit: options.batch)
            for (kind, count) in deleted where count > 0 {
                total[kind, default: 0] += count
                metrics.deleted.add(Double(count), kind.rawValue)
            }
            guard deleted.values.contains(where: { $0 >= options.batch }) else { break }
            try await clock.sleep(until: clock.now() + options.pause)
        }
        if !total.isEmpty {
            let counts = total.map { "\($0.value) \($0.key.rawValue)" }.sorted().joined(separator: ", ")
            logger.info("deleted what has expired", metadata: ["deleted": "\(counts)"])
        }
        return total
    }
}
