package import Analysis
package import Concurrency
import EventFormats
import HTTPTransport
package import Logging
import Synchronization
import Text

/// Reads verdicts, decides, acts, publishes what was done, and only then lets go of the verdict.
///
/// Releases are worked on at the same time, one release's verdicts in order. A crash at any point leads to one
/// repeat at most, with the same action id.
package final class RolloutController: Sendable {
    private struct Work: Sendable {
        var delivery: VerdictDelivery
        var delivered: DeliveredVerdict
        var overtaken: RolloutLedger.NewestAnalysis?
    }

    private struct State: Sendable {
        var ledger = RolloutLedger()
        var queues = KeyedQueue<ReleaseIdentity, Work>()
        /// Sources, clusters and namespaces of others that were logged.
        var mentioned: Set<String> = []
        /// Lines about what could not be read, and how many there were since the last.
        var lines = RateBudget(rate: 0.1, burst: 10)
        var setAside = 0
        var backlog = 0
        var isPaused = false
        /// What reads: the ledger first, then verdicts.
        var reading: Task<Void, any Error>?
        /// Why the controller gives up.
        var failure: (any Error)?
    }

    private let configuration: RolloutConfiguration
    private let source: any VerdictSource
    private let history: (any RolloutHistory)?
    private let sink: any RolloutSink
    private let events: RolloutEvents
    private let publisher: RolloutPublisher
    private let runner: ActionRunner
    private let now: @Sendable () -> Timestamp
    private let observer: RolloutObserver
    private let logger: Logger
    private let executor: (any TaskExecutor)?
    /// Without permits; closed to stop.
    private let stopSignal = AsyncSemaphore(permits: 0)
    private let backlogPermits: AsyncSemaphore
    private let state = Mutex(State())

    /// - Parameters:
    ///   - history: what was done before, read to its end before the first verdict; nil starts without memory.
    ///   - now: wall-clock time, written on rollout events.
    ///   - executor: where everything runs; nil for the usual one.
    package init(
        configuration: RolloutConfiguration,
        source: any VerdictSource,
        sink: any RolloutSink,
        history: (any RolloutHistory)?,
        actuator: any Actuator,
        environment: RetryEnvironment = .system,
        now: @escaping @Sendable () -> Timestamp,
        observer: RolloutObserver = .none,
        executor: (any TaskExecutor)? = nil,
        logger: Logger
    ) {
        self.configuration = configuration
        self.source = source
        self.sink = sink
        self.history = history
        self.now = now
        self.observer = observer
        self.logger = logger
        self.executor = executor
        backlogPermits = AsyncSemaphore(permits: configuration.maximumBacklog)
        runner = ActionRunner(
            actuator: actuator,
            retry: configuration.retry,
            deadline: configuration.actionDeadline,
            environment: environment,
            concurrency: AsyncSemaphore(permits: configuration.maximumConcurrency),
            stop: stopSignal,
            observer: observer,
            logger: logger
        )
        publisher = RolloutPublisher(configuration, environment: environment, logger: logger, pause: runner.pause)
        events = RolloutEvents(source: configuration.source, actuator: actuator.name, now: now)
    }

    /// Ends ``run()`` in good order: no further verdict is begun, what is under way is finished and published, what
    /// waits is left to the next member of the group.
    package func stop() {
        stopSignal.close()
        backlogPermits.close()
        runner.concurrency.close()
        state.withLock { $0.reading }?.cancel()
    }

    /// Returns after ``stop()`` or when the source is closed.
    ///
    /// A ledger that cannot be read is tried again for as long as it takes: acting without a memory would mean acting
    /// twice. Throws when rollout events cannot be stored, or verdicts not be read.
    package func run() async throws {
        do {
            try await rebuildLedger()
            try await work()
        } catch {
            await source.close()
            // Stopping cancels what the controller waits for; that is no failure.
            guard stopSignal.isClosed, error is CancellationError, !Task.isCancelled else { throw error }
            return
        }
        await source.close()
    }

    private func rebuildLedger() async throws {
        guard let history else { return }
        let reading = Task(executorPreference: executor) { try await self.restoreLedger(from: history) }
        state.withLock { $0.reading = reading }
        if stopSignal.isClosed { reading.cancel() }
        let end = await withTaskCancellationHandler {
            await reading.result
        } onCancel: {
            reading.cancel()
        }
        try Task.checkCancellation()
        // Stopping cancels the reading.
        guard !stopSignal.isClosed else { return }
        try end.get()
    }

    private func restoreLedger(from history: any RolloutHistory) async throws {
        var failures = 0
        while true {
            do {
                let (ledger, counts) = try await readLedger(from: history)
                state.withLock { $0.ledger = ledger }
                observer(.readLedger)
                if counts.future > 0 { observer(.ignoredLedger(counts.future)) }
                logger.log(
                    level: counts.future > 0 ? .warning : .info,
                    "ledger read",
                    metadata: [
                        "events": "\(counts.read)", "unreadable": "\(counts.unreadable)",
                        "ignoredFromFuture": "\(counts.future)",
                    ]
                )
                return
            } catch {
                try Task.checkCancellation()
                failures += 1
                let delay = runner.delay(after: failures)
                observer(.missedLedger("the ledger cannot be read: \(error)"))
                logger.warning(
                    "ledger cannot be read to its end; not acting, trying again",
                    metadata: ["error": "\(error)", "attempt": "\(failures)", "next": "\(delay.compactText)"]
                )
                guard await runner.pause(delay) else { throw CancellationError() }
            }
        }
    }

    private func readLedger(
        from history: any RolloutHistory
    ) async throws -> (RolloutLedger, counts: (read: Int, unreadable: Int, future: Int)) {
        var ledger = RolloutLedger()
        var (read, unreadable, future) = (0, 0, 0)
        try await history.read { event in
            read += 1
            guard var entry = event.flatMap({ events.read($0, dryRun: configuration.policy.dryRun) }) else {
                unreadable += 1
                return
            }
            if entry.isFuture(at: now()) {
                future += 1
                // That a verdict was answered is true whatever the clocks say.
                (entry.analysis, entry.change) = (nil, nil)
            }
            // Releases of others would push out those that this controller acts on.
            if configuration.policy.exclusion(of: entry.release) != nil { entry.analysis = nil }
            entry.restore(into: &ledger)
        }
        return (ledger, (read, unreadable, future))
    }

    private func work() async throws {
        let (started, continuation) = AsyncStream.makeStream(of: ReleaseIdentity.self)
        let intake = Task(executorPreference: executor) {
            defer { continuation.finish() }
            try await self.receive { continuation.yield($0) }
        }
        state.withLock { $0.reading = intake }
        if stopSignal.isClosed { intake.cancel() }
        let end = await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for await release in started {
                    group.addTask { await self.workThrough(release) }
                }
                if Task.isCancelled { intake.cancel() }
                let end = await intake.result
                // Nothing more comes: do not wait for what could only be tried again later.
                if case .failure = end { self.stop() }
                return end
            }
        } onCancel: {
            intake.cancel()
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        try Task.checkCancellation()
        try end.get()
    }

    /// Reads records until the source is closed or the task cancelled. `start` begins work on a release.
    private func receive(start: (ReleaseIdentity) -> Void) async throws {
        do {
            while !stopSignal.isClosed {
                guard await roomInBacklog() else { return }
                guard let delivery = try await source.next() else { return backlogPermits.leave() }
                reportBacklog()
                try await receive(delivery, start: start)
            }
        } catch {
            guard stopSignal.isClosed else { throw error }
        }
    }

    private func receive(_ delivery: VerdictDelivery, start: (ReleaseIdentity) -> Void) async throws {
        let delivered: DeliveredVerdict
        switch delivery.reading {
        case .skip(let reason):
            observer(.skipped(reason))
            return await finish(delivery)
        case .malformed(let malformed):
            try await setAside(malformed)
            return await finish(delivery)
        case .verdict(let read):
            delivered = read
        }
        let verdict = delivered.verdict
        observer(.verdict(verdict.kind, verdict.status, verdict.result))
        let release = verdict.release
        // What is not believed, or not acted on, leaves no trace in the ledger.
        if let reason = configuration.policy.exclusion(of: delivered) {
            observer(.dropped(reason))
            mention(reason, of: delivered)
            return await finish(delivery)
        }
        let now = now()
        let isNew = state.withLock { state in
            if state.ledger.forgetFuture(of: release, at: now) { observer(.forgotFuture) }
            let overtaken = state.ledger.record(verdict)
            let work = Work(delivery: delivery, delivered: delivered, overtaken: overtaken)
            return state.queues.add(work, to: release)
        }
        if isNew { start(release) }
    }

    private func workThrough(_ release: ReleaseIdentity) async {
        do {
            while !stopSignal.isClosed, let work = state.withLock({ $0.queues.next(in: release) }) {
                try await answer(work)
            }
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
            stop()
        }
    }

    private func answer(_ work: Work) async throws {
        let verdict = work.delivered.verdict
        let now = now()
        let decision = state.withLock { state in
            if state.ledger.forgetFuture(of: verdict.release, at: now) { observer(.forgotFuture) }
            return state.ledger.decide(
                verdict,
                policy: configuration.policy,
                overtaken: work.overtaken,
                retryOf: work.delivered.retryOf,
                now: now
            )
        }
        switch decision {
        case .drop(let reason):
            observer(.dropped(reason))
        case .plan(var action):
            action.reportURL = work.delivered.reportURL
            let result = await runner.run(action, dryRun: configuration.policy.dryRun) {
                self.state.withLock { $0.ledger.withdrawalReason(verdict) }
            }
            guard let result else { return }
            do {
                try await publish(result)
            } catch {
                // The verdict is not let go of, so that the next member of the group answers it with the same action id.
                guard stopSignal.isClosed else { throw error }
                logger.warning("stopped before an action was published", metadata: ["error": "\(error)"])
                return
            }
        }
        await finish(work.delivery)
    }

    private func publish(_ result: ActionResult) async throws {
        let verdict = result.planned.verdict
        let event = events.event(result)
        try await publisher { [sink] in try await sink.store(event, of: verdict.release) }
        // What is published is what a restart would read.
        state.withLock { events.read(event, dryRun: configuration.policy.dryRun)?.restore(into: &$0.ledger) }
        observer(.published(result.kind, result.outcome))
        observer(.answered(now().since(verdict.decidedAt)))
        logger.log(
            level: result.outcome == .failed ? .error : .info,
            "verdict answered",
            metadata: verdict.logged([
                "action": "\(result.kind.rawValue)", "outcome": "\(result.outcome.rawValue)",
                "reason": "\(result.reason)", "detail": "\(result.detail ?? "")",
                "attempts": "\(result.attempts)",
            ])
        )
    }

    private func setAside(_ malformed: MalformedVerdict) async throws {
        let seconds = Double(now().milliseconds) / 1000
        let verdicts = state.withLock { state -> Int? in
            state.setAside += 1
            guard state.lines.take(1, at: seconds) == 1 else { return nil }
            defer { state.setAside = 0 }
            return state.setAside
        }
        if let verdicts {
            logger.warning(
                "verdicts cannot be read, or are not believed, and are set aside",
                metadata: [
                    "verdicts": "\(verdicts)", "place": "\(malformed.place)", "reason": "\(malformed.reason)",
                ]
            )
        }
        try await publisher(malformed.setAside)
        observer(.deadLettered)
        if let distrust = malformed.distrust { observer(.distrusted(distrust)) }
    }

    /// Logs once for each source, cluster and namespace that its verdicts are passed over.
    private func mention(_ reason: DropReason, of delivered: DeliveredVerdict) {
        let verdict = delivered.verdict
        let name: String
        switch reason {
        case .otherCluster: name = "cluster \(verdict.cluster ?? "-")"
        case .otherNamespace: name = "namespace \(verdict.namespace ?? "-")"
        case .otherSource: name = "source \(delivered.source.excerpt())"
        default: return
        }
        let isNew = state.withLock { $0.mentioned.count < 256 && $0.mentioned.insert(name).inserted }
        guard isNew else { return }
        logger.warning(
            "verdicts of this source, cluster or namespace are passed over",
            metadata: verdict.logged(["reason": "\(reason.rawValue)", "of": "\(name)"])
        )
    }
}

extension RolloutController {
    /// Waits until another verdict may be taken in; false when the controller stops.
    private func roomInBacklog() async -> Bool {
        let isFull = state.withLock { state in
            let isFull = state.backlog >= configuration.maximumBacklog
            if isFull { state.isPaused = true }
            return isFull
        }
        if isFull { source.pause() }
        return await backlogPermits.enter()
    }

    private func reportBacklog() {
        let backlog = state.withLock { state in
            state.backlog += 1
            return state.backlog
        }
        observer(.backlog(backlog))
    }

    private func finish(_ delivery: VerdictDelivery) async {
        await delivery.done()
        let (backlog, resumes) = state.withLock { state in
            state.backlog -= 1
            let resumes = state.isPaused && state.backlog <= configuration.maximumBacklog / 2
            if resumes { state.isPaused = false }
            return (state.backlog, resumes)
        }
        backlogPermits.leave()
        if resumes { source.resume() }
        observer(.backlog(backlog))
    }
}
