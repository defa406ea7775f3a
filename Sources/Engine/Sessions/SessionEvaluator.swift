import Analysis
import Foundation
package import Judging
package import Store
import Telemetry

/// Evaluates a session that is due: samples, judges and gathers everything that the decision changes. Nothing is written
/// here.
package struct SessionEvaluator: Sendable {
    private let sampler: Sampler
    private let changes: ChangesAround?
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    /// That a look is judged on at most.
    private let threads: Int

    /// - Parameter changes: where verdicts learn what else changed; nil where they do not say it.
    package init(
        sampler: Sampler,
        changes: ChangesAround? = nil,
        clock: any EngineClock,
        metrics: EngineMetrics,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount
    ) {
        self.sampler = sampler
        self.changes = changes
        self.clock = clock
        self.metrics = metrics
        self.threads = threads
    }

    /// Runs until the session waits again. The memory comes back with the new samples in it.
    ///
    /// - Parameters:
    ///   - excluded: times before the release that nothing is learned from.
    ///   - kept: what earlier analyses have learned, by metric.
    package func evaluate(
        _ stored: StoredSession,
        memory: SessionMemory,
        excluded: UnlearnedTimes = UnlearnedTimes(),
        kept: [Int: KeptNoise] = [:]
    ) async throws(StoreError) -> (change: StoreChange, memory: SessionMemory) {
        var session = stored.session
        var memory = memory
        var change = StoreChange()
        var actions = session.handle(.woken, at: clock.now())[...]
        while let action = actions.popFirst() {
            switch action {
            case .sample(let look):
                metrics.lookLateness.observe(max(0, clock.now().since(look.due).seconds))
                let samples = await sample(look, of: session, &memory, (excluded, kept), &change)
                actions += session.handle(.sampled(samples), at: clock.now())
            case .judge(var review, let rules):
                let judgement = try await judge(&review, rules, by: session.plan.judge)
                review.record(judgement)
                remember(review, of: session, &memory)
                let now = clock.now()
                let others =
                    session.wantsChanges(judgement, review, at: now)
                    ? try await changes?.ranked(session, review, judgement, at: now) : nil
                actions += session.handle(.judged(judgement, review, others), at: now)
            case .publish(let verdict):
                change.verdicts.append(verdict)
            }
        }
        change.written = [StoredSession(session: session, version: stored.version)]
        if session.phase != .finished, case .states(let states) = memory {
            change.states = states.sorted { $0.key < $1.key }.map { metric, state in
                StoredMetricState(session: session.id, metric: metric, bytes: state.encoded)
            }
        }
        if session.phase == .finished, case .states(let states) = memory {
            change.noise = NoiseMemory(of: session).learned(states)
        }
        return (change, memory)
    }

    private func sample(
        _ look: Look,
        of session: AnalysisSession,
        _ memory: inout SessionMemory,
        _ past: (excluded: UnlearnedTimes, kept: [Int: KeptNoise]),
        _ change: inout StoreChange
    ) async -> LookSamples {
        switch memory {
        case .samples(var history):
            let (samples, blocks) = await sampler.sample(look, of: session, history: &history)
            memory = .samples(history)
            change.samples += blocks
            return samples
        case .states(var states):
            let (samples, blocks) = await IncrementSampler(sampler).sample(
                look,
                of: session,
                states: states,
                excluded: past.excluded,
                kept: past.kept
            )
            // What was learned from the time before the release is not asked for again.
            for (index, metric) in samples.metrics.enumerated() { states[index] = metric.state ?? states[index] }
            memory = .states(states)
            change.samples += blocks
            return samples
        }
    }

    private func remember(_ review: LookReview, of session: AnalysisSession, _ memory: inout SessionMemory) {
        guard case .states(var states) = memory else { return }
        for (index, metric) in review.metrics.enumerated() { states[index] = metric.pair.state ?? states[index] }
        memory = .states(states)
    }

    /// A look of many metrics, or of long windows, is judged on several processors. A judge that this version does not have
    /// decides nothing here.
    private func judge(
        _ review: inout LookReview,
        _ rules: ScoringRules,
        by name: String
    ) async throws(StoreError) -> Judgement {
        guard let judge = Judges.named(name) else {
            throw StoreError(.corrupt, "there is no judge \(name) in this version")
        }
        let start = ContinuousClock.now
        defer { metrics.judgeTime.observe((ContinuousClock.now - start) / .seconds(1)) }
        review.fold(by: judge)
        let look = JudgeableLook(pairs: review.judgeable, rules: rules)
        return await judge.judge([look], threads: threads)[0]
    }
}
