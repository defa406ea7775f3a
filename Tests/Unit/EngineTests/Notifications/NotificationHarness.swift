import Analysis
import Concurrency
import Engine
import Foundation
import HTTPTestServer
import HTTPTransport
import Logging
import Notifications
import Store
import StoredFormats
import Synchronization
import Telemetry

/// A store with verdicts to tell, and relays of destinations.
struct NotificationHarness {
    let store: any Store
    let clock: ManualClock
    let metrics = EngineMetrics(MetricRegistry())
    let log = CollectedLog()
    let destinations: [NotificationDestination]

    func relay(to index: Int, _ post: any NotificationPost, owner: String = "test") -> OutboxRelay {
        var options = OutboxRelay.Options(owner: owner)
        options.maximumAge = .seconds(86_400)
        options.backoff = Backoff(random: { 1 })
        return OutboxRelay(
            store: store,
            sink: NotificationSink(destinations[index], post: post, store: store),
            replicas: ReplicaRegister(
                name: owner,
                relays: true,
                term: .seconds(30),
                store: store,
                clock: clock,
                metrics: metrics,
                logger: log.logger
            ),
            work: WakeSignal(),
            clock: clock,
            metrics: metrics,
            logger: log.logger,
            options: options
        )
    }

    /// Commits the final verdict of a release that no plan judges, changed as a test wants it.
    func decide(_ id: String, version: String = "2.0", _ change: (inout Verdict) -> Void = { _ in }) async throws {
        var verdict = AnalysisSession.rejected(
            id: id,
            event: EngineHarness.event(id, version: version),
            ending: .noPlan("none matches"),
            receivedAt: clock.now(),
            at: clock.now()
        ).verdict
        change(&verdict)
        let composer = OutboxComposer(sinks: [], encoding: EngineHarness.encoding, destinations: destinations)
        var messages = StoreChange()
        messages.messages = try composer.decided(verdict)
        try await store.commit(messages)
    }

    static func deliver(_ relay: OutboxRelay) async -> Int {
        await relay.claimShards()
        return await relay.deliverDue()
    }
}

/// Keeps what is posted; fails as it is told to.
final class RecordingPost: NotificationPost {
    private struct State {
        var told: [(NotificationForm, Bool)] = []
        var failures: [DeliveryFailure] = []
        var after: (@Sendable () async -> Void)?
    }

    private let state = Mutex(State())

    var told: [(version: String, result: String, isResolved: Bool)] {
        state.withLock { $0.told.map { ($0.0.version, $0.0.result, $0.1) } }
    }

    func failNext(_ failures: DeliveryFailure...) { state.withLock { $0.failures += failures } }

    /// Happens once what is posted next has arrived.
    func afterNext(_ body: @escaping @Sendable () async -> Void) { state.withLock { $0.after = body } }

    func send(_ notification: NotificationForm, isResolved: Bool) async throws(DeliveryFailure) {
        let failure = state.withLock { state -> DeliveryFailure? in
            guard state.failures.isEmpty else { return state.failures.removeFirst() }
            state.told.append((notification, isResolved))
            return nil
        }
        if let failure { throw failure }
        let after = state.withLock { state in
            defer { state.after = nil }
            return state.after
        }
        await after?()
    }
}
