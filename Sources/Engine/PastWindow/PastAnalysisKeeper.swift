import Analysis
package import Concurrency
import Judging
package import Logging
import ServiceLifecycle
package import Store
import Telemetry

/// Makes the analyses of past windows that were asked for, one at a time, and keeps what has come of each. Any replica takes
/// any of them up, and goes on where another one has ended.
package final class PastAnalysisKeeper: Service {
    package struct Options: Sendable {
        /// Names this process in leases.
        package var owner: String
        package var lease: Duration = .seconds(30)
        /// The longest time between two looks at what waits: another process may have taken it in.
        package var poll: Duration = .seconds(2)

        package init(owner: String) {
            self.owner = owner
        }
    }

    /// More are not taken in while so many wait.
    package static let mostWaiting = 50

    private let store: any Store
    private let replay: PastReplay
    /// Signalled when one has been asked for.
    private let work: WakeSignal
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private let logger: Logger
    private let options: Options

    package init(
        store: any Store,
        source: BackgroundSource,
        work: WakeSignal,
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger,
        options: Options
    ) {
        self.store = store
        replay = PastReplay(
            records: store,
            source: source,
            clock: clock,
            queries: metrics.pastAnalyses.queries,
            name: options.owner
        )
        self.work = work
        self.clock = clock
        self.metrics = metrics
        self.logger = logger
        self.options = options
    }

    package func run() async throws {
        await UntilShutdown.run {
            while !Task.isCancelled {
                var isIdle = true
                do throws(StoreError) { isIdle = try await !self.makeNext() } catch {
                    self.report(error)
                    await self.giveBack()
                }
                guard isIdle else { continue }
                await self.work.wait(until: self.clock.now() + self.options.poll, clock: self.clock)
            }
        }
        await CancellationShield.run { await self.giveBack() }
    }

    /// Makes the analysis that waits longest. False where none waits.
    @discardableResult
    package func makeNext() async throws(StoreError) -> Bool {
        let now = clock.now()
        let claim = LeaseClaim(owner: options.owner, now: now, until: now + options.lease)
        guard let claimed = try await store.claimPastAnalysis(claim) else { return false }
        guard let (ended, samples) = try await end(of: claimed) else { return true }
        try await store.finish(ended, samples, version: claimed.version, at: clock.now())
        if let verdict = ended.session.finalVerdict { settle(verdict) }
        return true
    }

    /// Nil where the lease was lost, or the process stops.
    private func end(
        of claimed: ClaimedPastAnalysis
    ) async throws(StoreError) -> (PastAnalysis, [SampleBlock])? {
        var past = claimed.analysis
        // What ends its process each time must not do so for ever.
        guard claimed.attempts < ClaimedPastAnalysis.mostAttempts else {
            let reason = "the process that made it has ended \(claimed.attempts - 1) times"
            past.verdicts = [past.session.reject(.notJudgeable(reason), at: past.session.openedAt)]
            return (past, [])
        }
        let answer = try await answer(to: claimed)
        guard let answer else { return nil }
        past.session = answer.session
        past.verdicts = answer.verdicts
        past.transitions = answer.transitions
        return (past, answer.samples)
    }

    private func answer(to claimed: ClaimedPastAnalysis) async throws(StoreError) -> PastReplay.Answer? {
        let result = await withTaskGroup(of: Result<PastReplay.Answer?, StoreError>.self) { group in
            group.addTask {
                do throws(StoreError) { return .success(try await self.replay.answer(to: claimed.analysis)) } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                await self.renewLease(of: claimed)
                return .success(nil)
            }
            let first = await group.next() ?? .success(nil)
            group.cancelAll()
            return first
        }
        return try result.get()
    }

    /// Returns once the lease is lost.
    private func renewLease(of claimed: ClaimedPastAnalysis) async {
        while !Task.isCancelled {
            do { try await clock.sleep(until: clock.now() + options.lease / 3) } catch { return }
            do throws(StoreError) {
                let until = clock.now() + options.lease
                guard try await store.renewPastAnalysis(claimed.analysis.id, version: claimed.version, until: until)
                else { return }
            } catch { report(error) }
        }
    }

    private func giveBack() async {
        do throws(StoreError) { try await store.releasePastAnalyses(owner: options.owner) } catch { report(error) }
    }

    private func settle(_ verdict: Verdict) {
        metrics.pastAnalyses.count(verdict)
        logger.info(
            "past window judged",
            metadata: [
                "analysis": "\(verdict.session)", "application": "\(verdict.application)",
                "version": "\(verdict.version)", "status": "\(verdict.status.rawValue)",
                "result": "\(verdict.result.rawValue)", "reason": "\(verdict.reason)",
            ]
        )
    }

    private func report(_ error: StoreError) {
        guard error.code != .conflict else { return }
        metrics.storeFailures.add(1, error.code.rawValue)
        logger.warning("past windows cannot be judged now", metadata: ["error": "\(error)"])
    }
}
