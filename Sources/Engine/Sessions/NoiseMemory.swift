import Analysis
import Judging
import Prometheus
import Store
import Text

/// What earlier analyses of an application have learned of the noise of its metrics, and what this one leaves to later ones.
struct NoiseMemory {
    private let session: AnalysisSession
    private let labels: (control: ScopeLabels, experiment: ScopeLabels)

    init(of session: AnalysisSession) {
        self.session = session
        let queries = ScopedQueries(of: session)
        labels = (queries.labels(of: .control), queries.labels(of: .experiment))
    }

    // MARK: - Keys

    /// Nil for a metric that learns no noise which could be kept.
    func key(_ index: Int) -> NoiseKey? {
        let metric = session.plan.metrics[index]
        guard session.plan.isSequential, session.controlOffset == .zero else { return nil }
        return NoiseKey(
            application: session.event.application,
            environment: session.event.environment,
            metric: metric.name,
            digest: String(FNV1a.hash(text(of: metric).utf8), radix: 16)
        )
    }

    /// All that must be the same for the noise to be the same: the query before its variables are filled in, the length of a
    /// unit, where it runs, and what else tells the control apart; of pairs both sides.
    private func text(of metric: PlannedMetric) -> String {
        let limits = metric.limits()
        let queries: [String] =
            switch metric.input {
            case .value: [metric.query, "\(limits.gate)", "\(limits.floor)"] + scope(labels.experiment)
            case .counts(let events, let requests):
                [events, requests].flatMap { [$0.query, "\($0.per.milliseconds)"] }
            case .histogram(let buckets):
                [buckets.query, "\(buckets.per.milliseconds)", metric.objective.map { "\($0)" } ?? ""]
            }
        let schedule = session.plan.schedule
        let parts =
            [
                session.plan.name, "\(schedule.step.milliseconds)", "\(schedule.stepsPerUnit)",
                session.event.cluster ?? "", session.event.namespace ?? "",
            ] + queries + scope(labels.control)
        return parts.map { "\($0.utf8.count):\($0)" }.joined()
    }

    /// A side's labels. One that names the release (the experiment's value of it has the version in it) has another value
    /// at each: only its name counts.
    private func scope(_ labels: ScopeLabels) -> [String] {
        labels.sorted { $0.key < $1.key }.flatMap { name, value in
            let isOfRelease = self.labels.experiment[name]?.contains(session.event.version) ?? false
            return [name, isOfRelease ? "" : value]
        }
    }

    // MARK: - Reading

    /// By metric, of those that have no state yet; too old ones count as none, and those of a form that is not known here.
    func kept(
        in records: any AnalysisRecords,
        without states: [Int: SequentialState]
    ) async throws(StoreError) -> [Int: KeptNoise] {
        var metrics: [NoiseKey: [Int]] = [:]
        for index in session.plan.metrics.indices where states[index] == nil {
            if let key = key(index) { metrics[key, default: []].append(index) }
        }
        var found: [Int: KeptNoise] = [:]
        for noise in try await records.noise(of: Array(metrics.keys)) {
            let age = session.deployedAt.since(noise.learnedAt)
            guard age >= .zero, age <= StoredNoise.longestAge,
                let kept = try? KeptNoise(decoding: noise.bytes, learnedAt: noise.learnedAt.milliseconds)
            else { continue }
            for index in metrics[noise.key] ?? [] { found[index] = kept }
        }
        return found
    }

    // MARK: - Writing

    /// What the analysis has learned from the time before its release, where that has passed: of each metric that did. What
    /// it went by from an earlier one is not kept again, so that it grows old.
    func learned(_ states: [Int: SequentialState]) -> [StoredNoise] {
        guard let verdict = session.finalVerdict, verdict.status == .completed, verdict.result == .pass,
            verdict.metrics.count == session.plan.metrics.count
        else { return [] }
        let time = session.deployedAt
        return states.sorted { $0.key < $1.key }.compactMap { index, state in
            guard verdict.metrics.indices.contains(index),
                verdict.metrics[index].judgement.classification == .pass, let key = key(index),
                let learned = state.learned(at: time.milliseconds)
            else { return nil }
            return StoredNoise(key: key, learnedAt: time, bytes: learned.encoded)
        }
    }
}
