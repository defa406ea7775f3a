import Analysis
import Foundation
import Judging
package import Store
import Telemetry

/// Evaluates a session that is due: samples, judges and gathers everything that the decision changes. Nothing is written
/// here.
package struct SessionEvaluator: Sendable {
    private let sampler: Sampler
    private let clock: any EngineClock
    private let metrics: EngineMetrics
    private static let processors = ProcessInfo.processInfo.activeProcessorCount

    package init(sampler: Sampler, clock: any EngineClock, metrics: EngineMetrics) {
        self.sampler = sampler
        self.clock = clock
        self.metrics = metrics
    }

    /// Runs until the session waits again. The history comes back with the new samples in it.
    package func evaluate(
        _ stored: StoredSession,
        history: SampleHistory
    ) async throws(StoreError) -> (change: StoreChange, history: SampleHistory) {
        var session = stored.session
        var history = history
        var change = StoreChange()
        var actions = session.handle(.woken, at: clock.now())[...]
        while let action = actions.popFirst() {
            switch action {
            case .sample(let look):
                metrics.lookLateness.observe(max(0, clock.now().since(look.due).seconds))
                let (samples, blocks) = await sampler.sample(look, of: session, history: &history)
                change.samples += blocks
                actions += session.handle(.sampled(samples), at: clock.now())
            case .judge(let review, let rules):
                let look = JudgeableLook(pairs: review.judgeable, rules: rules)
                let judgement = try await judge(look, by: session.plan.judge)
                actions += session.handle(.judged(judgement, review), at: clock.now())
            case .publish(let verdict):
                change.verdicts.append(verdict)
            }
        }
        change.written = [StoredSession(session: session, version: stored.version)]
        return (change, history)
    }

    /// A look of many metrics, or of long windows, is judged on all processors. A judge that this version does not have
    /// decides nothing here.
    private func judge(_ look: JudgeableLook, by name: String) async throws(StoreError) -> Judgement {
        guard let judge = Judges.named(name) else {
            throw StoreError(.corrupt, "there is no judge \(name) in this version")
        }
        let start = ContinuousClock.now
        defer { metrics.judgeTime.observe((ContinuousClock.now - start) / .seconds(1)) }
        return await judge.judge([look], threads: Self.processors)[0]
    }
}
