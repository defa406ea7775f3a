package import Analysis
package import Concurrency
package import Logging
import ServiceLifecycle
package import Store
import Synchronization

/// The time of the store, carried on between two readings by this machine's monotonic clock.
///
/// Replicas whose wall clocks disagree, or jump, agree on it: on when a look is due and when a lease has run out.
package final class StoreClock: EngineClock, Service {
    private struct Reading {
        var time: Timestamp
        var uptime: Duration
    }

    private let store: any Store
    private let machine: any MonotonicClock
    private let interval: Duration
    private let logger: Logger
    private let reading: Mutex<Reading>

    /// A reading that took longer says too little about when in between it was taken.
    static let longestReading = Duration.seconds(2)

    /// Reads the store's time for the first time.
    package init(
        store: any Store,
        machine: any MonotonicClock = SystemMonotonicClock(),
        interval: Duration = .seconds(5),
        logger: Logger
    ) async throws(StoreError) {
        self.store = store
        self.machine = machine
        self.interval = interval
        self.logger = logger
        let time = try await store.time()
        reading = Mutex(Reading(time: time, uptime: machine.uptime()))
    }

    package func now() -> Timestamp {
        let uptime = machine.uptime()
        return reading.withLock { $0.time + (uptime - $0.uptime) }
    }

    package func sleep(until time: Timestamp) async throws {
        let duration = time.since(now())
        if duration > .zero { try await machine.sleep(for: duration) }
    }

    /// Reads the store's time again; a failed or slow reading changes nothing.
    package func synchronize() async {
        let before = machine.uptime()
        do throws(StoreError) {
            let time = try await store.time()
            let after = machine.uptime()
            guard after - before <= Self.longestReading else { return }
            let read = Reading(time: time, uptime: before + (after - before) / 2)
            let moved = reading.withLock { reading in
                defer { reading = read }
                return read.time.since(reading.time + (read.uptime - reading.uptime))
            }
            if moved > .seconds(1) || moved < .seconds(-1) {
                logger.warning("the store's time has moved", metadata: ["by": "\(moved)"])
            }
        } catch {
            logger.debug("the store's time cannot be read", metadata: ["error": "\(error)"])
        }
    }

    package func run() async throws {
        await UntilShutdown.run {
            while !Task.isCancelled {
                do { try await self.machine.sleep(for: self.interval) } catch { return }
                await self.synchronize()
            }
        }
    }
}
