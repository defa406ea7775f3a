import Analysis
import Judging
package import Logging
import ServiceLifecycle
package import Store
import Synchronization
import Telemetry

/// Opens sessions for the events of the inbox and wakes those that are due, as many at a time as it is allowed.
package final class SessionEngine: Service {
    package struct Options: Sendable {
        /// Names this process in leases.
        package var owner: String
        package var lease: Duration = .seconds(120)
        package var maximumConcurrentTurns = 64
        /// The longest time between two looks at the store: another process may have written to it.
        package var poll: Duration = .seconds(1)

        package init(owner: String) {
            self.owner = owner
        }
    }

    private let store: any Store
    private let opener: SessionOpener
    private let turn: SessionTurn
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let logger: Logger
    private let options: Options
    /// Signalled when there may be work: an event has come in.
    private let work: WakeSignal
    /// Signalled when something has been written to the outbox.
    private let outbox: OutboxSignals
    private let state = Mutex(State())

    private struct State {
        var running = 0
        var histories: [String: SampleHistory] = [:]
        var isHealthy = true
    }

    package init(
        store: any Store,
        opener: SessionOpener,
        turn: SessionTurn,
        work: WakeSignal,
        outbox: OutboxSignals,
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger,
        options: Options
    ) {
        self.store = store
        self.opener = opener
        self.turn = turn
        self.work = work
        self.outbox = outbox
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
        self.options = options
    }

    /// The last pass over the store succeeded.
    package var isHealthy: Bool { state.withLock { $0.isHealthy } }

    /// Runs until the service is told to stop; turns under way are finished first, and leases given back.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                var failures = 0
                while !Task.isCancelled {
                    let wake: Timestamp
                    do throws(StoreError) {
                        try await self.answerInbox()
                        for stored in try await self.claim() {
                            self.state.withLock { $0.running += 1 }
                            // Work that has begun is finished also when the loop is told to stop.
                            group.addTask { await Task { await self.wake(stored) }.value }
                        }
                        let next = try await self.store.nextWake()
                        wake = min(next ?? .distantFuture, self.clock.now() + self.options.poll)
                        failures = 0
                    } catch {
                        failures += 1
                        self.report(error, "cannot work on sessions; trying again")
                        wake = self.clock.now() + Backoff(limit: .seconds(10)).pause(after: failures)
                    }
                    self.state.withLock { $0.isHealthy = failures == 0 }
                    await self.work.wait(until: max(wake, self.clock.now() + .milliseconds(10)), clock: self.clock)
                }
            }
        }
        // In a task of its own: this one may have been cancelled, and the leases are to be given back all the same.
        await Task { await self.releaseLeases() }.value
    }

    private func releaseLeases() async {
        do throws(StoreError) { try await store.releaseLeases(owner: options.owner) } catch {
            report(error, "cannot give leases back")
        }
    }

    // MARK: - Events

    /// Answers what waits in the inbox, oldest first. Returns the number of answers.
    @discardableResult
    package func answerInbox() async throws(StoreError) -> Int {
        var answered = 0
        while true {
            let events = try await store.unansweredEvents(limit: 100)
            for event in events where try await answer(event) { answered += 1 }
            if events.count < 100 || Task.isCancelled { return answered }
        }
    }

    /// False when somebody else wrote in between: the event is answered in the next pass.
    private func answer(_ event: InboxEvent) async throws(StoreError) -> Bool {
        let unfinished = try await store.unfinishedSessions(of: event.event.release)
        let change = opener.answer(event, unfinished: unfinished, at: clock.now())
        do throws(StoreError) { try await store.commit(change) } catch {
            guard error.code == .conflict else { throw error }
            return false
        }
        metrics.sessionsOpened.add(Double(change.opened.count))
        forget(change.written.filter { $0.session.phase == .finished }.map(\.session.id))
        count(change.verdicts)
        if !change.messages.isEmpty { outbox.signal() }
        logger.info(
            "deploy event answered",
            metadata: [
                "application": "\(event.event.application)", "environment": "\(event.event.environment)",
                "version": "\(event.event.version)", "event": "\(event.event.identity.id)",
                "outcome": "\(change.answered?.outcome ?? "")",
            ]
        )
        return true
    }

    // MARK: - Turns

    /// Answers the inbox, then runs one turn of each session that is due, and returns when all are done: one pass of
    /// `run`, for whoever keeps the time himself.
    package func runDue() async throws(StoreError) {
        try await answerInbox()
        let due = try await claim()
        await withTaskGroup(of: Void.self) { group in
            for stored in due {
                state.withLock { $0.running += 1 }
                group.addTask { await self.wake(stored) }
            }
        }
    }

    private func claim() async throws(StoreError) -> [StoredSession] {
        let free = options.maximumConcurrentTurns - state.withLock { $0.running }
        guard free > 0 else { return [] }
        let now = clock.now()
        return try await store.claimDueSessions(
            LeaseClaim(owner: options.owner, now: now, until: now + options.lease),
            limit: free
        )
    }

    /// Runs one turn and writes it. A turn that cannot be written is dropped; the session comes up again when its lease
    /// has run out, from the state that is stored.
    private func wake(_ stored: StoredSession) async {
        defer {
            state.withLock { $0.running -= 1 }
            work.signal()
        }
        do throws(StoreError) {
            let history = try await history(of: stored.session)
            let (change, updated) = await turn.run(stored, history: history)
            try await commit(change)
            settle(change, updated, before: stored.session)
        } catch {
            forget([stored.session.id])
            if error.code == .conflict {
                metrics.takenOver.add()
                logger.info("session was taken over", metadata: ["session": "\(stored.session.id)"])
            } else {
                report(error, "decision could not be stored; it will be made again")
            }
        }
    }

    /// Tries for half the lease, so that a full disk or a busy store does not cost the samples of the turn.
    private func commit(_ change: StoreChange) async throws(StoreError) {
        let until = clock.now() + options.lease / 2
        var attempts = 0
        while true {
            do throws(StoreError) {
                try await store.commit(change)
                return
            } catch {
                attempts += 1
                let next = clock.now() + Backoff(limit: .seconds(5)).pause(after: attempts)
                guard error.code == .full || error.code == .unavailable, next < until else { throw error }
                report(error, "decision cannot be stored; trying again")
                do { try await clock.sleep(until: next) } catch { throw StoreError(.unavailable, "stopping") }
            }
        }
    }

    private func settle(_ change: StoreChange, _ history: SampleHistory, before: AnalysisSession) {
        guard let session = change.written.first?.session else { return }
        if session.phase == .finished {
            forget([session.id])
        } else {
            state.withLock { $0.histories[session.id] = history }
        }
        metrics.looksMissed.add(Double(session.missedLooks - before.missedLooks))
        count(change.verdicts)
        if !change.messages.isEmpty { outbox.signal() }
        for verdict in change.verdicts {
            logger.info(
                "verdict decided",
                metadata: [
                    "session": "\(verdict.session)", "application": "\(verdict.application)",
                    "version": "\(verdict.version)", "kind": "\(verdict.kind.rawValue)",
                    "status": "\(verdict.status.rawValue)", "result": "\(verdict.result.rawValue)",
                    "look": "\(verdict.look)/\(verdict.looks)", "reason": "\(verdict.reason)",
                ]
            )
        }
    }

    private func count(_ verdicts: [Verdict]) {
        for verdict in verdicts {
            metrics.verdicts.add(1, verdict.kind.rawValue, verdict.status.rawValue, verdict.result.rawValue)
            guard verdict.look > 0 else { continue }
            metrics.looks.add(
                1,
                verdict.status == .errored ? "errored" : verdict.metrics.contains { $0.held != nil } ? "held" : "judged"
            )
        }
    }

    // MARK: - Samples

    private func history(of session: AnalysisSession) async throws(StoreError) -> SampleHistory {
        if let known = state.withLock({ $0.histories[session.id] }) { return known }
        var history = SampleHistory(start: session.schedule.start, step: session.plan.schedule.step)
        for block in try await store.samples(ofSession: session.id) { history.merge(block) }
        return history
    }

    private func forget(_ ids: [String]) {
        state.withLock { state in
            for id in ids { state.histories[id] = nil }
        }
    }

    private func report(_ error: StoreError, _ message: Logger.Message) {
        metrics.storeFailures.add(1, error.code.rawValue)
        logger.warning(message, metadata: ["error": "\(error)"])
    }
}

extension Timestamp {
    static let distantFuture = Timestamp(milliseconds: 253_402_300_799_000)
}
