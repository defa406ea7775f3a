import Analysis
package import Concurrency
package import Engine
import JSON
import KayentaFormats
package import Logging
import ServiceLifecycle
package import Store
import Synchronization

/// Works on the executions of Kayenta's API that are due, some at a time. Replicas share them by leases: what a process began
/// that ended, another begins anew.
package final class CanaryRunner: Service {
    package struct Options: Sendable {
        /// Names this process in leases.
        package var owner: String
        package var lease: Duration = .seconds(30)
        package var maximumConcurrent = 4
        /// How long finished executions are kept.
        package var retention: Duration = .seconds(30 * 86_400)
        /// How long lists of samples are kept.
        package var samples: Duration = .seconds(14 * 86_400)
        /// The longest time between two readings of the store: another process may have written to it.
        package var poll: Duration = .seconds(1)

        package init(owner: String) {
            self.owner = owner
        }
    }

    /// After so many beginnings without an end an execution is given up: it may be what ends the processes.
    static let mostClaims = 5
    private static let sweepEvery = Duration.seconds(600)
    private static let swept = 500

    private let records: any CanaryRecords
    private let run: CanaryRun
    private let clock: any EngineClock
    private let work: WakeSignal
    private let logger: Logger
    private let options: Options
    /// Executions under way, with the version that is held, and what stops them.
    private let running = Mutex<[String: (version: Int64, stop: (@Sendable () -> Void)?)]>([:])

    package init(
        records: any CanaryRecords,
        source: any CanarySource,
        clock: any EngineClock,
        work: WakeSignal,
        logger: Logger,
        options: Options
    ) {
        self.records = records
        run = CanaryRun(source: source, clock: clock)
        self.clock = clock
        self.work = work
        self.logger = logger
        self.options = options
    }

    /// Runs until the service is told to stop. What is under way is given up then, and begun anew by another replica.
    package func run() async throws {
        await UntilShutdown.run {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.renewLeases() }
                group.addTask { await self.sweep() }
                while !Task.isCancelled {
                    var wake = self.clock.now() + self.options.poll
                    do throws(StoreError) {
                        // A claim writes: asked first, an idle replica only reads.
                        let next = try await self.records.nextCanaryWake() ?? wake
                        if next <= self.clock.now() {
                            for stored in try await self.claim() { group.addTask { await self.workOn(stored) } }
                        } else {
                            wake = min(wake, next)
                        }
                    } catch {
                        self.report(error, "cannot work on canaries; trying again")
                    }
                    await self.work.wait(until: wake, clock: self.clock)
                }
            }
        }
        await CancellationShield.run {
            do throws(StoreError) { try await self.records.releaseCanaries(owner: self.options.owner) } catch {
                self.report(error, "cannot give canaries back")
            }
        }
    }

    /// One pass, for a caller that keeps the time itself: works on each execution that is due once.
    package func runDue() async throws(StoreError) {
        let due = try await claim()
        await withTaskGroup(of: Void.self) { group in
            for stored in due { group.addTask { await self.workOn(stored) } }
        }
    }

    private func claim() async throws(StoreError) -> [StoredCanary] {
        let free = options.maximumConcurrent - running.withLock { $0.count }
        guard free > 0 else { return [] }
        let now = clock.now()
        let claimed = try await records.claimDueCanaries(
            LeaseClaim(owner: options.owner, now: now, until: now + options.lease),
            limit: free
        )
        running.withLock { running in for stored in claimed { running[stored.id] = (stored.version, nil) } }
        return claimed
    }

    private func workOn(_ stored: StoredCanary) async {
        defer {
            _ = running.withLock { $0.removeValue(forKey: stored.id) }
            work.signal()
        }
        do throws(KayentaProblem) {
            switch stored.kind {
            case .canary: try await finish(stored)
            case .analysis: try await goOn(stored)
            }
        } catch {
            logger.warning("a canary cannot be worked on", metadata: ["id": "\(stored.id)", "reason": "\(error)"])
        }
    }

    // MARK: - One judgement

    private func finish(_ stored: StoredCanary) async throws(KayentaProblem) {
        var execution = try CanaryExecution(stored: stored.state)
        guard stored.claims <= Self.mostClaims else {
            let words = "The judgement was begun \(Self.mostClaims) times, and no process came to its end."
            let exception = CanaryFailure.exception(words, in: "canaryJudge", at: clock.now())
            execution.fail(in: "judge", exception, at: clock.now())
            return await write(stored.with(StoredCanary(execution, wakeAt: clock.now())))
        }
        execution.begin(at: clock.now())
        var held = stored.with(StoredCanary(execution, wakeAt: stored.wakeAt ?? clock.now()))
        guard await write(CanaryChange(written: [held], keepsLeases: true)) else { return }
        held.version += 1
        let begun = execution
        let judging = Task(executorPreference: CancellationShield.executor) { await self.run.finish(begun) }
        running.withLock { $0[stored.id] = (held.version, { judging.cancel() }) }
        let end = await withTaskCancellationHandler {
            await judging.value
        } onCancel: {
            judging.cancel()
        }
        guard let (execution, samples) = end else { return }
        logger.info(
            "canary judged",
            metadata: [
                "id": "\(execution.id)", "application": "\(execution.origin.application)",
                "status": "\(execution.progress.status.rawValue)", "score": "\(execution.score.map { "\($0)" } ?? "")",
            ]
        )
        let change = CanaryChange(
            written: [held.with(StoredCanary(execution, wakeAt: clock.now()))],
            documents: samples.map { [$0] } ?? []
        )
        await CancellationShield.run { _ = await self.write(change) }
    }

    // MARK: - Several judgements

    private func goOn(_ stored: StoredCanary) async throws(KayentaProblem) {
        var analysis = try CanaryAnalysis(stored: stored.state)
        do throws(KayentaProblem) {
            while true {
                switch try analysis.step(at: clock.now()) {
                case .nothing:
                    return await write(stored.with(StoredCanary(analysis, wakeAt: clock.now())))
                case .wait(let until):
                    return await write(stored.with(StoredCanary(analysis, wakeAt: until)))
                case .begin(let execution):
                    let next = StoredCanary(analysis, wakeAt: clock.now() + options.poll)
                    let added = StoredCanary(execution, wakeAt: clock.now())
                    await write(CanaryChange(written: [stored.with(next)], added: [added]))
                    return
                case .watch(let id):
                    guard try analysis.take(try await judgement(id), at: clock.now()) else {
                        let next = StoredCanary(analysis, wakeAt: clock.now() + options.poll)
                        return await write(stored.with(next))
                    }
                }
            }
        } catch {
            // The store may answer again; what the request says does not change.
            guard error.kind != .unavailable else { throw error }
            let exception = CanaryFailure.exception(error.message, in: "runCanary", at: clock.now())
            analysis.fail(exception, at: clock.now())
            await write(stored.with(StoredCanary(analysis, wakeAt: clock.now())))
        }
    }

    private func judgement(_ id: String) async throws(KayentaProblem) -> CanaryExecution {
        let stored: StoredCanary?
        do throws(StoreError) { stored = try await records.canary(id: id) } catch {
            throw KayentaProblem(error.description, kind: .unavailable)
        }
        guard let stored else { throw KayentaProblem("The judgement \(id) is not kept any more.") }
        return try CanaryExecution(stored: stored.state)
    }

    // MARK: - The store

    private func write(_ execution: StoredCanary) async { await write(CanaryChange(written: [execution])) }

    /// False where it is not written: it was cancelled or taken over meanwhile, or comes up again when the lease has run out.
    @discardableResult
    private func write(_ change: CanaryChange) async -> Bool {
        do throws(StoreError) {
            try await records.commit(change)
            return true
        } catch {
            if error.code != .conflict { report(error, "a canary cannot be stored; it is worked on again") }
            return false
        }
    }

    /// Keeps what is under way, and stops what is held no more: it was cancelled, or another replica has it.
    private func renewLeases() async {
        while !Task.isCancelled {
            let pause = min(options.lease / 3, .seconds(2))
            do { try await clock.sleep(until: clock.now() + pause) } catch { return }
            let held = running.withLock { $0.compactMapValues { $0.stop == nil ? nil : $0.version } }
            guard !held.isEmpty else { continue }
            do throws(StoreError) {
                let kept = try await records.renewCanaries(held, until: clock.now() + options.lease)
                let lost = running.withLock { running in
                    held.filter { !kept.contains($0.key) && running[$0.key]?.version == $0.value }
                        .compactMap { running[$0.key]?.stop }
                }
                for stop in lost { stop() }
            } catch {
                report(error, "cannot renew the leases of canaries")
            }
        }
    }

    private func sweep() async {
        while !Task.isCancelled {
            do throws(StoreError) {
                let now = clock.now()
                let (before, samples) = (now - options.retention, now - options.samples)
                var deleted = Self.swept
                while deleted >= Self.swept {
                    deleted = try await records.deleteExpiredCanaries(
                        before: before,
                        samples: samples,
                        limit: Self.swept
                    )
                }
            } catch {
                report(error, "old canaries cannot be deleted; trying again")
            }
            do { try await clock.sleep(until: clock.now() + Self.sweepEvery) } catch { return }
        }
    }

    private func report(_ error: StoreError, _ message: Logger.Message) {
        guard !Task.isCancelled else { return }
        logger.warning(message, metadata: ["error": "\(error)"])
    }
}
