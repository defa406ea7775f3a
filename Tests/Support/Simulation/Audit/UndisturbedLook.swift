import Analysis
import Judging

/// What a look comes to when nothing goes wrong: the same samples, judged by the same rules, without an engine.
struct UndisturbedLook {
    let look: Look
    let judgement: Judgement
    let isHeld: Bool

    /// Nil when the plan names no judge.
    init?(_ number: Int, of session: AnalysisSession, from series: SampleSource) {
        guard let judge = Judges.named(session.plan.judge) else { return nil }
        let look = session.schedule.look(number)
        let step = session.plan.schedule.step
        let metrics = session.plan.metrics.map { metric in
            var samples: [Side: SideSamples] = [:]
            for side in metric.sides {
                let query = Self.query(metric, side, session.event)
                let values = series.values(of: query, in: look.window, step: step, at: .init(milliseconds: .max))
                samples[side] = SideSamples(query: query, values: values)
            }
            return MetricSamples(
                control: samples[.control] ?? SideSamples(query: nil),
                experiment: samples[.experiment] ?? SideSamples(query: nil)
            )
        }
        let review = LookReview(LookSamples(look: look, metrics: metrics), plan: session.plan)
        self.look = look
        judgement = judge.judge(review.judgeable, by: session.plan.scoringRules)
        isHeld = review.hold != nil
    }

    /// The look that ends the analysis, when all are taken.
    static func last(of session: AnalysisSession, from series: SampleSource) -> UndisturbedLook? {
        for number in 1...session.schedule.count {
            guard let look = UndisturbedLook(number, of: session, from: series) else { return nil }
            if look.look.isLast || look.ends(session.plan.failFast) { return look }
        }
        return nil
    }

    private func ends(_ failFast: FailFast) -> Bool {
        guard judgement.result == .fail, !isHeld else { return false }
        let isCritical = judgement.metrics.contains { $0.criticalFailure && !$0.muted && $0.classification != .pass }
        switch failFast {
        case .onFail: return true
        case .onCritical: return isCritical
        case .never: return false
        }
    }

    /// The query as the plan's template gives it, put together by hand.
    private static func query(_ metric: PlannedMetric, _ side: Side, _ event: DeployEvent) -> String {
        let name = metric.query.prefix { $0 != "{" }
        let track = side == .control ? "stable" : "canary"
        return "\(name){version=\"\(event.version)\",app=\"\(event.application)\",track=\"\(track)\"}"
    }
}
