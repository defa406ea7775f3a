import Analysis
import Judging
import Kafka
import LoadRig

/// Publishes a story workload to a running cluster while something is done to it, waits until all is quiet, and counts.
struct LoadRun: Sendable {
    let cluster: Cluster
    let workload: ChaosWorkload
    let share: LookShare
    let say: @Sendable (String) -> Void

    /// The longest wait for the last verdict, after the last event.
    private static let patience = ChaosPlan.length + .seconds(180)
    /// The longest wait for the last action, after the last verdict.
    private static let patienceForActions = Duration.seconds(60)
    /// Longer than any lease: what comes twice comes within it.
    private static let settling = Duration.seconds(10)

    /// - Parameter disturb: runs beside the publishing; is given the start of the run.
    func run<Outcome: Sendable>(
        disturb: @escaping @Sendable (ContinuousClock.Instant) async throws -> Outcome
    ) async throws -> (LoadResult, Outcome) {
        let broker = cluster.broker
        let topic = TopicLog(VerdictTopic(of: broker))
        let publisher = try Publisher(
            configuration: broker.configuration,
            topic: broker.names.deployEvents,
            logger: SilentLogger.make()
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await topic.follow() }
            group.addTask { [share, cluster] in await share.follow(cluster.replicas, rig: cluster.rig) }
            group.addTask { await report(publisher, topic) }
            defer { group.cancelAll() }
            let start = ContinuousClock.now
            async let outcome = disturb(start)
            try await publisher.publish(workload, from: start)
            let last = ContinuousClock.now
            let disturbed = try await outcome
            say("all \(publisher.count) records are published; waiting for the last verdicts")
            let end = try await quiet(topic, from: last)
            try await Task.sleep(for: Self.settling)
            try await topic.readAgain()
            await publisher.close()
            return (try await count(topic, publisher, start: start, last: last, end: end), disturbed)
        }
    }

    private func report(_ publisher: Publisher, _ topic: TopicLog) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(10))
            guard !Task.isCancelled else { return }
            say(
                "\(publisher.count) of \(workload.records) records published, \(topic.decidedEvents.count) final verdicts"
            )
        }
    }

    /// The moment at which every expected verdict is on the topic, every action done and nothing waits in the store;
    /// nil when that takes too long.
    private func quiet(
        _ topic: TopicLog,
        from last: ContinuousClock.Instant
    ) async throws -> ContinuousClock.Instant? {
        let expected = Set(workload.expected.map(\.id))
        var deadline = max(last, .now) + Self.patience
        var hasVerdicts = false
        while ContinuousClock.now < deadline {
            if !hasVerdicts, expected.isSubset(of: topic.decidedEvents), await isStoreQuiet() {
                hasVerdicts = true
                deadline = min(deadline, .now + Self.patienceForActions)
            }
            if hasVerdicts, areActionsDone(topic) { return .now }
            try await Task.sleep(for: .milliseconds(500))
        }
        return nil
    }

    private func isStoreQuiet() async -> Bool {
        guard let postgres = cluster.postgres else { return true }
        return (try? await StoreProbe(postgres).unfinished())?.isEmpty ?? false
    }

    private func areActionsDone(_ topic: TopicLog) -> Bool {
        ActionTally(cluster.harness.actions, stories: workload.stories, decided: Self.decided(topic)).missing.isEmpty
    }

    private func count(
        _ topic: TopicLog,
        _ publisher: Publisher,
        start: ContinuousClock.Instant,
        last: ContinuousClock.Instant,
        end: ContinuousClock.Instant?
    ) async throws -> LoadResult {
        let probe = cluster.postgres.map { StoreProbe($0) }
        let answered = try await probe?.answered() ?? [:]
        return LoadResult(
            workload: workload,
            verdicts: VerdictTally(topic.verdicts, events: workload.events, answered: answered),
            actions: ActionTally(cluster.harness.actions, stories: workload.stories, decided: Self.decided(topic)),
            published: publisher.count,
            deadLetters: try await deadLetters(),
            leftovers: try await probe?.unfinished(),
            looks: share.totals,
            refused: share.refused,
            quietAfter: end.map { $0 - last },
            length: (end ?? .now) - start
        )
    }

    /// Releases with a completed final verdict, and whether it passed.
    private static func decided(_ topic: TopicLog) -> [Release: Bool] {
        topic.verdicts.reduce(into: [:]) { decided, entry in
            let verdict = entry.verdict
            guard verdict.kind == .final, verdict.status == .completed else { return }
            decided[Release(application: verdict.application, version: verdict.version)] = verdict.result == .pass
        }
    }

    private func deadLetters() async throws -> Int {
        let reader = try KafkaReader(
            configuration: cluster.broker.configuration,
            topic: cluster.broker.names.deadLetters,
            from: .beginning,
            logger: SilentLogger.make()
        )
        do {
            let count = try await reader.recordsUpToEnd(timeout: .seconds(30)).count
            await reader.close()
            return count
        } catch {
            await reader.close()
            throw error
        }
    }
}
