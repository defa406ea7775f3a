import Analysis
package import Concurrency
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
        /// How long a killed process keeps the sessions that it was working on from the others. Longer work renews it.
        package var lease: Duration = .seconds(30)
        package var maximumConcurrentSessions = 64
        /// Events answered in one transaction.
        package var answersAtOnce = 256
        /// Transactions of answers before sessions that are due are evaluated: a flood of events must not starve looks.
        package var answersInARow = 4
        /// Unfinished sessions of one event source, above which its events are held; nil for no limit.
        package var maximumAnalysesPerSource: Int?
        package var backoff = Backoff()
        /// The longest time between two readings of the store: another process may have written to it.
        package var poll: Duration = .seconds(1)

        package init(owner: String) {
            self.owner = owner
        }
    }

    private let store: any Store
    private let opener: SessionOpener
    private let evaluator: SessionEvaluator
    private let composer: OutboxComposer
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let logger: Logger
    private let options: Options
    /// Signalled when there may be work: an event has come in.
    private let work: WakeSignal
    /// Signalled when something has been written to the outbox.
    private let outbox: OutboxSignals
    private let pulses: HeartbeatRegister
    private let state = Mutex(State())

    private struct State {
        /// Sessions whose evaluation is under way, with the version that was claimed.
        var running: [String: Int64] = [:]
        var memories = MemoryCache()
        var isHealthy = true
    }

    package init(
        store: any Store,
        opener: SessionOpener,
        evaluator: SessionEvaluator,
        composer: OutboxComposer,
        work: WakeSignal,
        outbox: OutboxSignals,
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger,
        options: Options,
        pulses: HeartbeatRegister = .process
    ) {
        self.store = store
        self.opener = opener
        self.evaluator = evaluator
        self.composer = composer
        self.work = work
        self.outbox = outbox
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
        self.options = options
        self.pulses = pulses
        metrics.sessionsMaximum.set(Double(options.maximumConcurrentSessions))
    }

    /// The last pass over the store succeeded.
    package var isHealthy: Bool { state.withLock { $0.isHealthy } }

    /// Runs until the service is told to stop; evaluations under way are finished first, and leases given back.
    package func run() async throws {
        let heartbeat = pulses.add("engine", limit: HeartbeatRegister.taskLimit)
        defer { pulses.remove(heartbeat) }
        await UntilShutdown.run {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.renewLeases() }
                var failures = 0
                while !Task.isCancelled {
                    heartbeat.beat()
                    var wake = Timestamp.distantFuture
                    do throws(StoreError) {
                        let isEmpty = try await self.answerInbox(atMost: self.options.answersInARow).isEmpty
                        for stored in try await self.claim() {
                            // Work that has begun is finished also when the loop is told to stop.
                            group.addTask { await CancellationShield.run { await self.wake(stored) } }
                        }
                        wake = isEmpty ? try await self.store.nextWake() ?? wake : self.clock.now()
                        failures = 0
                    } catch {
                        failures += 1
                        self.report(error, "cannot work on sessions; trying again")
                        wake = self.clock.now() + self.options.backoff.limited(to: .seconds(10)).pause(after: failures)
                    }
                    let now = self.clock.now()
                    self.state.withLock { state in
                        state.isHealthy = failures == 0
                        state.memories.sweep(at: now)
                    }
                    if failures == 0 { wake = max(min(wake, now + self.options.poll), now + .milliseconds(10)) }
                    await self.work.wait(until: wake, clock: self.clock)
                }
            }
        }
        // This task may have been cancelled, and the leases must still be given back.
        await CancellationShield.run { await self.releaseLeases() }
    }

    private func releaseLeases() async {
        do throws(StoreError) { try await store.releaseLeases(owner: options.owner) } catch {
            report(error, "cannot give leases back")
        }
    }

    /// Keeps the sessions under way while their evaluations take longer than a third of a lease.
    private func renewLeases() async {
        while !Task.isCancelled {
            do { try await clock.sleep(until: clock.now() + options.lease / 3) } catch { return }
            do throws(StoreError) { try await renewOnce() } catch { report(error, "cannot renew leases") }
        }
    }

    /// A session that has been lost is not written: its version has changed.
    package func renewOnce() async throws(StoreError) {
        let running = state.withLock { $0.running }
        guard !running.isEmpty else { return }
        _ = try await store.renewLeases(running, until: clock.now() + options.lease)
    }

    // MARK: - Events

    /// Answers what waits in the inbox, oldest first: all of it, or as much as goes into that many transactions. Returns
    /// the number of answers, and whether nothing waits any more, as far as can be told.
    @discardableResult
    package func answerInbox(atMost transactions: Int = .max) async throws(StoreError) -> (count: Int, isEmpty: Bool) {
        var count = 0
        for _ in 0..<transactions {
            let now = clock.now()
            let replica = options.owner
            let answered = try await store.answerEvents(
                limit: options.answersAtOnce,
                maximumPerSource: options.maximumAnalysesPerSource
            ) {
                [opener, composer] (event, record) throws(StoreError) in
                var change = opener.answer(event, record, at: now)
                let before = record.unfinished.map(\.session)
                change.addTransitions(from: before, at: now, replica: replica)
                try composer.addMessages(to: &change, from: before, at: now)
                return change
            }
            for event in answered { settle(event) }
            if answered.contains(where: { !$0.change.messages.isEmpty }) { outbox.signal() }
            count += answered.count
            if answered.count < options.answersAtOnce || Task.isCancelled { return (count, true) }
        }
        return (count, false)
    }

    private func settle(_ answered: AnsweredEvent) {
        let (event, change) = (answered.event.event, answered.change)
        metrics.sessionsOpened.add(Double(change.opened.count))
        metrics.count(change)
        logger.info(
            "deploy event answered",
            metadata: [
                "application": "\(event.application)", "environment": "\(event.environment)",
                "version": "\(event.version)", "event": "\(event.identity.id)",
                "outcome": "\(change.answer?.outcome ?? "")",
            ]
        )
        guard let times = change.answer?.futureTimes, times > 0 else { return }
        metrics.futureTimes.add(Double(times))
        logger.warning(
            "times in the future were corrected",
            metadata: [
                "application": "\(event.application)", "environment": "\(event.environment)",
                "event": "\(event.identity.id)", "times": "\(times)",
            ]
        )
    }

    // MARK: - Evaluations

    /// Answers the inbox, then evaluates each session that is due once, and returns when all are done: one pass of
    /// `run`, for a caller that keeps the time itself.
    package func runDue() async throws(StoreError) {
        try await answerInbox()
        let due = try await claim()
        await withTaskGroup(of: Void.self) { group in
            for stored in due { group.addTask { await self.wake(stored) } }
        }
    }

    /// Claims due sessions up to the number of free slots, so that load goes to replicas with capacity.
    private func claim() async throws(StoreError) -> [StoredSession] {
        let free = options.maximumConcurrentSessions - state.withLock { $0.running.count }
        guard free > 0 else { return [] }
        let now = clock.now()
        let claimed = try await store.claimDueSessions(
            LeaseClaim(owner: options.owner, now: now, until: now + options.lease),
            limit: free
        )
        state.withLock { state in
            for stored in claimed { state.running[stored.session.id] = stored.version }
            metrics.sessionsUnderWay.set(Double(state.running.count))
        }
        return claimed
    }

    /// Evaluates a session and writes the outcome. One that cannot be written is dropped; the session comes up again when its lease
    /// has run out, from the state that is stored.
    private func wake(_ stored: StoredSession) async {
        let id = stored.session.id
        defer {
            let hasRoom = state.withLock { state in
                // A session whose lease ran out may have been claimed here again meanwhile.
                if state.running[id] == stored.version { state.running[id] = nil }
                metrics.sessionsUnderWay.set(Double(state.running.count))
                return state.running.count <= options.maximumConcurrentSessions * 3 / 4
            }
            // A claim costs the store as much for one session as for many: it is worth while for some at a time.
            if hasRoom { work.signal() }
        }
        do throws(StoreError) {
            let memory = try await memory(of: stored)
            let excluded = try await excludedTimes(stored.session, memory)
            let kept = try await keptNoise(stored.session, memory)
            var (change, updated) = try await evaluator.evaluate(
                stored,
                memory: memory,
                excluded: excluded,
                kept: kept
            )
            change.addTransitions(from: [stored.session], at: clock.now(), replica: options.owner)
            try composer.addMessages(to: &change, from: [stored.session], at: clock.now())
            let versions = try await commit(change)
            settle(change, updated, version: versions[id], before: stored.session)
            metrics.count(updated, before: memory)
        } catch {
            if error.code == .conflict {
                metrics.takenOver.add()
                logger.info("session was taken over", metadata: ["session": "\(id)"])
            } else if error.code == .corrupt {
                await setAside(stored, because: error.message)
            } else {
                report(error, "decision could not be stored; it will be made again")
            }
        }
    }

    /// Nothing that this process reads of the session later will make sense either.
    private func setAside(_ stored: StoredSession, because reason: String) async {
        do throws(StoreError) {
            try await store.setAside(stored.session.id, version: stored.version, because: reason)
        } catch {
            report(error, "session cannot be set aside; it comes up again")
        }
    }

    /// Tries for a minute, so that a full disk or a busy store does not cost the samples. A change whose fate
    /// is unknown is tried again too: if it was made, the session has another version now, and the repeat is a conflict.
    private func commit(_ change: StoreChange) async throws(StoreError) -> [String: Int64] {
        let until = clock.now() + .seconds(60)
        var attempts = 0
        while true {
            do throws(StoreError) { return try await store.commit(change) } catch {
                attempts += 1
                let next = clock.now() + options.backoff.limited(to: .seconds(5)).pause(after: attempts)
                guard [.full, .unavailable, .unknown].contains(error.code), next < until else { throw error }
                report(error, "decision cannot be stored; trying again")
                do { try await clock.sleep(until: next) } catch { throw StoreError(.unavailable, "stopping") }
            }
        }
    }

    private func settle(
        _ change: StoreChange,
        _ memory: SessionMemory,
        version: Int64?,
        before: AnalysisSession
    ) {
        guard let session = change.written.first?.session else { return }
        if let wakeAt = session.wakeAt, let version {
            // Claiming it for the next look raises the version by one.
            state.withLock { $0.memories.insert(memory, of: session.id, version: version + 1, wakeAt: wakeAt) }
        }
        metrics.looksMissed.add(Double(session.missedLooks - before.missedLooks))
        metrics.count(change)
        metrics.countHold(session, before: before)
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

    // MARK: - What came before

    private func memory(of stored: StoredSession) async throws(StoreError) -> SessionMemory {
        let id = stored.session.id
        if let known = state.withLock({ $0.memories.removeMemory(of: id, version: stored.version) }) { return known }
        return try await store.memory(of: stored.session)
    }

    /// Times that nothing is learned from: asked for while a metric begins.
    private func excludedTimes(
        _ session: AnalysisSession,
        _ memory: SessionMemory
    ) async throws(StoreError) -> UnlearnedTimes {
        guard case .states(let states) = memory, states.count < session.plan.metrics.count else {
            return UnlearnedTimes()
        }
        return try await store.unlearnedTimes(for: session)
    }

    /// What earlier analyses have learned: asked for while a metric begins.
    private func keptNoise(
        _ session: AnalysisSession,
        _ memory: SessionMemory
    ) async throws(StoreError) -> [Int: KeptNoise] {
        guard case .states(let states) = memory, states.count < session.plan.metrics.count else { return [:] }
        return try await NoiseMemory(of: session).kept(in: store, without: states)
    }

    private func report(_ error: StoreError, _ message: Logger.Message) {
        metrics.storeFailures.add(1, error.code.rawValue)
        logger.warning(message, metadata: ["error": "\(error)"])
    }
}

extension Timestamp {
    static let distantFuture = Timestamp(milliseconds: 253_402_300_799_000)
}
