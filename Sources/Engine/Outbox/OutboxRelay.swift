import Analysis
package import Logging
import ServiceLifecycle
package import Store
import Telemetry

/// Delivers the outbox of one sink: keys side by side, the messages of one key in order, each until it has arrived.
package final class OutboxRelay: Service {
    private let store: any Store
    private let sink: any MessageSink
    private let work: WakeSignal
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let logger: Logger
    private let backoff: Backoff
    private let poll: Duration
    /// A message that this sink refuses for longer is given up; nil never gives up.
    private let maximumAge: Duration?

    package init(
        store: any Store,
        sink: any MessageSink,
        work: WakeSignal,
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger,
        backoff: Backoff = Backoff(),
        poll: Duration = .seconds(1),
        maximumAge: Duration? = nil
    ) {
        self.store = store
        self.sink = sink
        self.work = work
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
        self.backoff = backoff
        self.poll = poll
        self.maximumAge = maximumAge
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var failures = 0
            while !Task.isCancelled {
                var delivered = 0
                do throws(StoreError) {
                    // A delivery that has begun is finished and settled also when the relay is told to stop.
                    delivered = try await Task { await self.deliverDueResult() }.value.get()
                    failures = 0
                } catch {
                    failures += 1
                    self.metrics.storeFailures.add(1, error.code.rawValue)
                    self.logger.warning(
                        "outbox cannot be read or settled; trying again",
                        metadata: ["sink": "\(self.sink.sink.rawValue)", "error": "\(error)"]
                    )
                }
                guard delivered == 0 else { continue }
                let pause = failures == 0 ? self.poll : self.backoff.pause(after: failures)
                await self.work.wait(until: self.clock.now() + pause, clock: self.clock)
            }
        }
        // What was decided while the relay stopped is delivered now, once; the rest keeps until the next start.
        _ = try? await deliverDue()
    }

    private func deliverDueResult() async -> Result<Int, StoreError> {
        do throws(StoreError) { return .success(try await deliverDue()) } catch { return .failure(error) }
    }

    /// Delivers what is due now. Returns the number of messages that arrived.
    package func deliverDue() async throws(StoreError) -> Int {
        let messages = try await store.dueMessages(to: sink.sink, at: clock.now(), limit: 256)
        guard !messages.isEmpty else { return 0 }
        let keys = Dictionary(grouping: messages, by: \.key).values.sorted { $0[0].sequence < $1[0].sequence }
        let results = await withTaskGroup(of: Result<Int, StoreError>.self) { group in
            var results: [Result<Int, StoreError>] = []
            for (index, messages) in keys.enumerated() {
                if index >= 32, let result = await group.next() { results.append(result) }
                group.addTask { await self.deliver(messages) }
            }
            return await group.reduce(into: results) { $0.append($1) }
        }
        var arrived = 0
        for result in results { arrived += try result.get() }
        return arrived
    }

    /// The messages of one key, in order, up to the first that does not arrive.
    private func deliver(_ messages: [OutboxMessage]) async -> Result<Int, StoreError> {
        var arrived = 0
        for message in messages {
            let settlement = await attempt(message)
            do throws(StoreError) { try await store.settle([settlement]) } catch { return .failure(error) }
            if case .retry = settlement.outcome { break }
            arrived += 1
        }
        return .success(arrived)
    }

    private func attempt(_ message: OutboxMessage) async -> OutboxSettlement {
        let name = sink.sink.rawValue
        do throws(DeliveryFailure) {
            let reference = try await sink.deliver(message)
            metrics.outboxDelivered.add(1, name)
            return OutboxSettlement(
                sequence: message.sequence,
                outcome: .delivered(reference: reference),
                at: clock.now()
            )
        } catch {
            let now = clock.now()
            let isTooOld = maximumAge.map { now.since(message.createdAt) > $0 } ?? false
            let isDropped = !error.isTransient || isTooOld
            metrics.outboxFailures.add(1, name, isDropped ? "dropped" : "retried")
            logger.warning(
                "outbox message was not delivered",
                metadata: [
                    "sink": "\(name)", "id": "\(message.id)", "attempt": "\(message.attempts + 1)",
                    "givenUp": "\(isDropped)", "error": "\(error)",
                ]
            )
            let retry = now + backoff.pause(after: message.attempts + 1)
            return OutboxSettlement(
                sequence: message.sequence,
                outcome: isDropped ? .dropped(error: error.message) : .retry(at: retry, error: error.message),
                at: now
            )
        }
    }
}
