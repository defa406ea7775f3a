import Analysis
import Judging

/// What a look comes to when nothing goes wrong: the same samples, judged by the same rules, without an engine.
struct UndisturbedLook {
    let look: Look
    let judgement: Judgement
    let isHeld: Bool

    /// Nil when the plan names no judge.
    ///
    /// - Parameters:
    ///   - excluded: by metric, times before the release that nothing is learned from.
    ///   - kept: by metric, the noise of an earlier analysis.
    init?(
        _ number: Int,
        of session: AnalysisSession,
        from series: SampleSource,
        excluded: [UnlearnedTimesAsListed],
        kept: [Int: KeptNoise] = [:]
    ) {
        guard let judge = Judges.named(session.plan.judge) else { return nil }
        if session.plan.judge == SequentialJudge.name {
            let replay = SequentialReplay(session: session, source: series, excluded: excluded, kept: kept)
            self.init(replay.look(number), judge, session.plan)
            return
        }
        let look = session.schedule.look(number)
        let step = session.plan.schedule.step
        let metrics = session.plan.metrics.map { metric in
            var samples: [Side: SideSamples] = [:]
            for side in metric.sides {
                let query = Self.query(metric.query, side, session.event)
                let values = series.values(of: query, in: look.window, step: step, at: .init(milliseconds: .max))
                samples[side] = SideSamples(query: query, values: values)
            }
            return MetricSamples(
                control: samples[.control] ?? SideSamples(query: nil),
                experiment: samples[.experiment] ?? SideSamples(query: nil)
            )
        }
        let review = LookReview(LookSamples(look: look, metrics: metrics), plan: session.plan)
        self.init((look, review), judge, session.plan)
    }

    private init(_ taken: (look: Look, review: LookReview), _ judge: any Judge, _ plan: AnalysisPlan) {
        look = taken.look
        judgement = judge.judge(taken.review.judgeable, by: plan.scoringRules)
        isHeld = taken.review.hold != nil
    }

    /// The look that ends the analysis, when all are taken.
    static func last(
        of session: AnalysisSession,
        from series: SampleSource,
        excluded: [UnlearnedTimesAsListed],
        kept: [Int: KeptNoise] = [:]
    ) -> UndisturbedLook? {
        for number in 1...session.schedule.count {
            guard let look = UndisturbedLook(number, of: session, from: series, excluded: excluded, kept: kept) else {
                return nil
            }
            let mayPass = look.look.window.end.since(session.schedule.start) >= session.plan.sequential.passAfter
            if look.look.isLast || look.ends(session.plan.failFast, mayPass: mayPass) { return look }
        }
        return nil
    }

    /// What the look makes of the analysis, where it ends it.
    func result(_ plan: AnalysisPlan) -> JudgementResult {
        let isUndecided = plan.judge == SequentialJudge.name && judgement.result == .inconclusive
        guard isUndecided else { return judgement.result }
        switch plan.sequential.undecided {
        case .inconclusive: return .inconclusive
        case .pass:
            let isCompared = !judgement.metrics.contains { metric in
                !metric.muted && (metric.decidesNothing || metric.telemetry?.isWithoutTraffic == true)
            }
            return isCompared ? .pass : .inconclusive
        case .fail: return .fail
        }
    }

    private func ends(_ failFast: FailFast, mayPass: Bool) -> Bool {
        if judgement.decision == .passNow, !isHeld { return mayPass }
        guard judgement.result == .fail, !isHeld else { return false }
        let isCritical = judgement.metrics.contains { $0.criticalFailure && !$0.muted && $0.classification != .pass }
        switch failFast {
        case .onFail: return true
        case .onCritical: return isCritical
        case .never: return false
        }
    }

    /// The query as the plan's template gives it, put together by hand.
    static func query(_ template: String, _ side: Side, _ event: DeployEvent) -> String {
        let name = template.prefix { $0 != "{" }
        let track = side == .control ? "stable" : "canary"
        let version = template.contains("${version}") ? "version=\"\(event.version)\"," : ""
        return "\(name){\(version)app=\"\(event.application)\",track=\"\(track)\"}"
    }
}
