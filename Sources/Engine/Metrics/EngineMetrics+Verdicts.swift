import Analysis
import Judging
import Store
import Telemetry

extension EngineMetrics {
    /// Counts what a change that has been stored decided.
    func count(_ change: StoreChange) {
        for verdict in change.verdicts {
            verdicts.add(1, verdict.kind.rawValue, verdict.status.rawValue, verdict.result.rawValue)
            // What a person decides no look has found: what was measured was counted before.
            guard verdict.decision == nil else { continue }
            judge.count(verdict)
            // Without a window it came from outside, not from a look.
            if verdict.window != nil { looks.add(1, Self.outcome(of: verdict)) }
            guard verdict.kind == .final else { continue }
            let session = (change.opened + change.written.map(\.session)).first { $0.id == verdict.session }
            countFinal(verdict, of: session)
        }
    }

    private func countFinal(_ verdict: Verdict, of session: AnalysisSession?) {
        if let score = verdict.score { scores.observe(score) }
        if let cause = verdict.cause { undecided.add(1, cause.rawValue) }
        for metric in verdict.metrics { classifications.add(1, metric.judgement.classification.rawValue) }
        guard let session else { return }
        let time = verdict.decidedAt.since(session.deployedAt).seconds
        decisionTime.observe(max(0, time), verdict.status.rawValue, verdict.result.rawValue)
    }

    /// Counts what came into the states of a session.
    func count(_ memory: SessionMemory, before: SessionMemory) {
        guard case .states(let states) = memory, case .states(let old) = before else { return }
        judge.count(states, before: old)
    }

    /// Counts an attempt that ended in waiting.
    func countHold(_ session: AnalysisSession, before: AnalysisSession) {
        guard session.phase != .finished, let hold = session.hold else { return }
        guard hold.cause != before.hold?.cause || session.holdAttempts != before.holdAttempts else { return }
        holds.add(1, hold.cause.rawValue)
    }

    private static func outcome(of verdict: Verdict) -> String {
        if verdict.status == .errored { return "errored" }
        return verdict.metrics.contains { $0.held != nil } ? "held" : "judged"
    }
}
