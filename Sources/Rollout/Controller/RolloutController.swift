package import Analysis
import EventFormats
package import HTTPTransport
import Kafka
package import Logging
import Synchronization

/// Reads verdicts, decides, acts, publishes what was done, and only then lets go of the verdict.
///
/// Applications are worked on at the same time, one application's verdicts in order. A crash at any point leads to one
/// repeat at most, with the same action id.
package final class RolloutController: Sendable {
    private struct Work: Sendable {
        var delivery: VerdictDelivery
        var verdict: Verdict
        var overtaken: RolloutLedger.NewestAnalysis?
    }

    private struct State: Sendable {
        var ledger = RolloutLedger()
        var lanes = Lanes<Work>()
        var backlog = 0
        var isPaused = false
        /// What reads: the rollouts topic first, then the verdict topic.
        var reading: Task<Void, any Error>?
        /// Why the controller gives up.
        var failure: (any Error)?
    }

    private let configuration: RolloutConfiguration
    private let source: any VerdictSource
    private let history: (any RolloutHistory)?
    private let records: RolloutRecords
    private let publisher: RolloutPublisher
    private let runner: ActionRunner
    private let now: @Sendable () -> Timestamp
    private let observer: RolloutObserver
    private let logger: Logger
    private let executor: (any TaskExecutor)?
    /// Without permits; closed to stop.
    private let stopGate = Gate(permits: 0)
    private let backlogGate: Gate
    private let state = Mutex(State())

    /// - Parameters:
    ///   - history: the rollouts topic, read before the first verdict; nil starts without memory.
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
        self.history = history
        self.now = now
        self.observer = observer
        self.logger = logger
        self.executor = executor
        backlogGate = Gate(permits: configuration.maximumBacklog)
        runner = ActionRunner(
            actuator: actuator,
            retry: configuration.retry,
            deadline: configuration.actionDeadline,
            environment: environment,
            concurrency: Gate(permits: configuration.maximumConcurrency),
            stop: stopGate,
            observer: observer
        )
        publisher = RolloutPublisher(
            sink: sink,
            deadline: configuration.publishDeadline,
            retry: configuration.retry,
            environment: environment,
            pause: runner.pause
        )
        records = RolloutRecords(
            topic: configuration.rolloutTopic,
            source: configuration.source,
            actuator: actuator.name,
            now: now
        )
    }

    /// Ends ``run()`` in good order: no further verdict is begun, what is under way is finished and published, what
    /// waits is left to the next member of the group.
    package func stop() {
        stopGate.close()
        backlogGate.close()
        runner.concurrency.close()
        state.withLock { $0.reading }?.cancel()
    }

    /// Returns after ``stop()`` or when the source is closed.
    ///
    /// Throws when the rollouts topic cannot be read or written, or the verdict topic not read: acting without a memory
    /// would mean acting twice.
    package func run() async throws {
        do {
            try await rebuildLedger()
            try await work()
        } catch {
            await source.close()
            // Stopping cancels what the controller waits for; that is no failure.
            guard stopGate.isClosed, error is CancellationError, !Task.isCancelled else { throw error }
            return
        }
        await source.close()
    }

    private func rebuildLedger() async throws {
        guard let history else { return }
        let reading = Task(executorPreference: executor) { try await self.restoreLedger(from: history) }
        state.withLock { $0.reading = reading }
        if stopGate.isClosed { reading.cancel() }
        let end = await withTaskCancellationHandler {
            await reading.result
        } onCancel: {
            reading.cancel()
        }
        await history.close()
        try Task.checkCancellation()
        // Stopping cancels the reading.
        guard !stopGate.isClosed else { return }
        try end.get()
    }

    private func restoreLedger(from history: any RolloutHistory) async throws {
        var (read, unreadable) = (0, 0)
        while let record = try await history.next() {
            read += 1
            guard let entry = records.read(record, dryRun: configuration.policy.dryRun) else {
                unreadable += 1
                continue
            }
            state.withLock { entry.restore(into: &$0.ledger) }
        }
        logger.info("Rebuilt the ledger.", metadata: ["records": "\(read)", "unreadable": "\(unreadable)"])
    }

    private func work() async throws {
        let (started, continuation) = AsyncStream.makeStream(of: String.self)
        let intake = Task(executorPreference: executor) {
            defer { continuation.finish() }
            try await self.takeIn { continuation.yield($0) }
        }
        state.withLock { $0.reading = intake }
        if stopGate.isClosed { intake.cancel() }
        let end = await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for await lane in started {
                    group.addTask { await self.workThrough(lane) }
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

    /// Reads records until the source is closed or the task cancelled. `start` begins work on a lane.
    private func takeIn(start: (String) -> Void) async throws {
        do {
            while !stopGate.isClosed {
                guard await roomInBacklog() else { return }
                guard let delivery = try await source.next() else { return backlogGate.leave() }
                noteBacklog()
                try await takeIn(delivery, start: start)
            }
        } catch {
            guard stopGate.isClosed else { throw error }
        }
    }

    private func takeIn(_ delivery: VerdictDelivery, start: (String) -> Void) async throws {
        let verdict: Verdict
        switch VerdictReader.read(delivery.record) {
        case .skip(let reason):
            observer(.skipped(reason))
            return await finish(delivery)
        case .malformed(let errorClass, let reason):
            try await deadLetter(delivery.record, errorClass: errorClass, reason: reason)
            return await finish(delivery)
        case .verdict(let read):
            verdict = read
        }
        observer(.verdict(verdict.kind, verdict.status, verdict.result))
        let lane: String? = state.withLock { state in
            let overtaken = state.ledger.note(verdict)
            let work = Work(delivery: delivery, verdict: verdict, overtaken: overtaken)
            return state.lanes.add(work, to: verdict.application) ? verdict.application : nil
        }
        if let lane { start(lane) }
    }

    private func workThrough(_ lane: String) async {
        do {
            while !stopGate.isClosed, let work = state.withLock({ $0.lanes.next(in: lane) }) {
                try await answer(work)
            }
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
            stop()
        }
    }

    private func answer(_ work: Work) async throws {
        let verdict = work.verdict
        let decision = state.withLock {
            $0.ledger.decide(verdict, policy: configuration.policy, overtaken: work.overtaken)
        }
        switch decision {
        case .drop(let reason):
            observer(.dropped(reason))
        case .plan(let action):
            let result = await runner.run(action, dryRun: configuration.policy.dryRun) {
                self.state.withLock { $0.ledger.analysis(overtaking: verdict) }
                    .map { RolloutLedger.staleReason(verdict, newer: $0) }
            }
            guard let result else { return }
            do {
                try await publish(result)
            } catch {
                // The verdict is not let go of, so that the next member of the group answers it with the same action id.
                guard stopGate.isClosed else { throw error }
                logger.warning("Stopped before an action was published.", metadata: ["error": "\(error)"])
                return
            }
        }
        await finish(work.delivery)
    }

    private func publish(_ result: ActionResult) async throws {
        try await publisher.send(records.message(result))
        state.withLock { $0.ledger.markAnswered(verdict: result.planned.verdict.id) }
        observer(.published(result.kind, result.outcome))
        observer(.answered(now().since(result.planned.verdict.decidedAt)))
        logger.log(
            level: result.outcome == .failed ? .error : .info,
            "Answered a verdict.",
            metadata: [
                "application": "\(result.planned.verdict.application)",
                "environment": "\(result.planned.verdict.environment)",
                "version": "\(result.planned.verdict.version)",
                "action": "\(result.kind.rawValue)",
                "outcome": "\(result.outcome.rawValue)",
                "reason": "\(result.reason)",
            ]
        )
    }

    private func deadLetter(_ record: KafkaRecord, errorClass: String, reason: String) async throws {
        logger.warning(
            "Put a record on the dead letter topic.",
            metadata: ["partition": "\(record.partition)", "offset": "\(record.offset)", "reason": "\(reason)"]
        )
        try await publisher.send(
            DeadLetter.message(
                record,
                topic: configuration.deadLetterTopic,
                errorClass: errorClass,
                error: reason,
                serviceVersion: configuration.serviceVersion
            )
        )
        observer(.deadLettered)
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
        return await backlogGate.enter()
    }

    private func noteBacklog() {
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
        backlogGate.leave()
        if resumes { source.resume() }
        observer(.backlog(backlog))
    }
}
