package import Analysis
import Judging
package import Logging
import Prometheus
import ServiceLifecycle
package import Store
import Synchronization
import Telemetry
import Text

/// Checks now and then, of each release whose plan tells pods apart, whether its plan would leave a release alone that
/// changes nothing. One check runs at a time.
///
/// It is given what may be read of analyses, and nothing that it could write to.
package final class SelfCheckKeeper: Service {
    private let records: any AnalysisRecords
    private let source: BackgroundSource
    private let replicas: ReplicaRegister
    private let every: Duration
    private let clock: any EngineClock
    private let metrics: SelfCheckMetrics
    private let storeFailures: Counter<OneLabel>
    private let logger: Logger
    /// The end of what was checked last, by release.
    private let checked = Mutex<[ReleaseIdentity: Timestamp]>([:])

    /// After the start, and where the store does not answer.
    private static let longestPause = Duration.seconds(600)
    /// After the end of a time that is checked, until its samples are there.
    private static let delay = Duration.seconds(60)
    private static let longestSleep = Duration.seconds(86_400)

    /// - Parameter every: how often each release is checked at most.
    package init(
        records: any AnalysisRecords,
        source: BackgroundSource,
        replicas: ReplicaRegister,
        every: Duration,
        clock: any EngineClock,
        metrics: EngineMetrics,
        logger: Logger
    ) {
        self.records = records
        self.source = source
        self.replicas = replicas
        self.every = every
        self.clock = clock
        self.metrics = metrics.selfChecks
        storeFailures = metrics.storeFailures
        self.logger = logger
    }

    package func run() async throws {
        await UntilShutdown.run {
            let pause = max(Self.delay, min(self.every, Self.longestPause))
            // A process that has just started has other things to do.
            var next = self.clock.now() + pause
            while !Task.isCancelled {
                try? await self.clock.sleep(until: next)
                guard !Task.isCancelled else { return }
                let round = TimeGrid(step: self.every).floor(self.clock.now()) + self.every
                do throws(StoreError) {
                    try await self.pass()
                    next = min(round + Self.delay, self.clock.now() + Self.longestSleep)
                } catch {
                    guard !Task.isCancelled else { return }
                    self.storeFailures.add(1, error.code.rawValue)
                    self.logger.warning("releases cannot be self-checked now", metadata: ["error": "\(error)"])
                    next = self.clock.now() + pause
                }
            }
        }
    }

    /// Checks what has not been checked yet. Returns what came of it, by release.
    @discardableResult
    package func pass() async throws(StoreError) -> [(release: ReleaseIdentity, outcome: SelfCheckOutcome)] {
        let subjects = try await SelfCheckSubjects(in: records).find(every: every, at: clock.now())
        let releases = Set(subjects.map(\.release))
        checked.withLock { checked in checked = checked.filter { releases.contains($0.key) } }
        var outcomes: [(ReleaseIdentity, SelfCheckOutcome)] = []
        for subject in subjects {
            guard await isDue(subject), let outcome = await check(subject) else { continue }
            outcomes.append((subject.release, outcome))
        }
        return outcomes
    }

    /// One replica checks a release at a time; which one, changes from time to time.
    private func isDue(_ subject: SelfCheckSubject) async -> Bool {
        guard !Task.isCancelled, checked.withLock({ $0[subject.release] }) != subject.window.end else { return false }
        return await replicas.isOurs("\(subject.release.keyText)\n\(subject.window.end.milliseconds)")
    }

    /// Nil where the process stops.
    private func check(_ subject: SelfCheckSubject) async -> SelfCheckOutcome? {
        let backEnd = BackgroundBackEnd(source, wholes: [subject.window], clock: clock, queries: metrics.queries)
        let check = SelfCheck(of: subject, records: records, backEnd: backEnd)
        guard let (outcome, division) = await check.run() else { return nil }
        checked.withLock { $0[subject.release] = subject.window.end }
        metrics.count(outcome, of: subject)
        metrics.lastCheck.set(clock.now().seconds)
        log(outcome, of: subject, division)
        return outcome
    }

    private func log(_ outcome: SelfCheckOutcome, of subject: SelfCheckSubject, _ division: SeriesDivision?) {
        let release = subject.release
        var metadata: Logger.Metadata = [
            "application": "\(release.application)", "environment": "\(release.environment)",
            "plan": "\(subject.session.plan.name)", "outcome": "\(outcome.name)",
            "from": "\(subject.window.start)", "to": "\(subject.window.end)",
        ]
        metadata["cluster"] = release.cluster.map { "\($0)" }
        metadata["namespace"] = release.namespace.map { "\($0)" }
        guard case .fail(let failure) = outcome else {
            if case .skipped(let reason) = outcome { metadata["reason"] = "\(reason.rawValue)" }
            logger.info("self-check done", metadata: metadata)
            return
        }
        metadata["metric"] = "\(failure.metric)"
        metadata["look"] = "\(failure.look)/\(subject.session.schedule.count)"
        metadata["effect"] = failure.effect.map { "\($0.estimate)" }
        metadata["evidence"] = "\(failure.evidence)"
        let pods = (division?.experiment ?? []).prefix(5).map { $0.excerpt() }.joined(separator: ", ")
        metadata["pods"] = "\(pods)"
        logger.warning(
            "self-check: the plan would fail a release that changes nothing; no release is concerned",
            metadata: metadata
        )
    }
}
