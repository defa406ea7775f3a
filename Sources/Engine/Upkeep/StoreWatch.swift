import Analysis
package import Logging
import ServiceLifecycle
package import Store
import Synchronization

/// Whether the store takes writes. It makes one every few seconds and remembers how that went, so that a question about the
/// store's health costs the store nothing. What is wrong is logged when it begins and when it ends.
package final class StoreWatch: Service {
    private let store: any Store
    private let clock: any EngineClock
    private let logger: Logger
    private let interval: Duration
    private let found = Mutex<String?>(nil)

    package init(store: any Store, clock: any EngineClock, logger: Logger, interval: Duration = .seconds(5)) {
        self.store = store
        self.clock = clock
        self.logger = logger
        self.interval = interval
    }

    /// What is wrong with the store; nil when nothing is.
    package var trouble: String? { found.withLock { $0 } }

    package func run() async throws {
        await UntilShutdown.run {
            while !Task.isCancelled {
                await self.look()
                // What is in trouble is looked at more often, so that its end is noticed soon.
                let pause = self.trouble == nil ? self.interval : min(self.interval, .seconds(1))
                try? await self.clock.sleep(until: self.clock.now() + pause)
            }
        }
    }

    package func look() async {
        var trouble: String?
        do throws(StoreError) { try await store.check() } catch { trouble = "\(error)" }
        // A check that is cancelled at the stop says nothing about the store.
        guard !Task.isCancelled else { return }
        let before = found.withLock { found in
            defer { found = trouble }
            return found
        }
        guard (before == nil) != (trouble == nil) else { return }
        if let trouble {
            logger.error("the store takes no writes", metadata: ["error": "\(trouble)"])
        } else {
            logger.notice("the store takes writes again")
        }
    }
}
