import Analysis
import Judging
import Store

/// An analysis that looks like one that was made, with its samples, looks and actions.
struct GalleryAnalysis {
    let state: GalleryState
    let id: String
    let application: String
    let version: String
    let metrics: [String]
    let start: Timestamp

    private static let interval = Duration.seconds(120)

    private var isHostile: Bool { state == .hostile }

    private var event: DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/ci/gallery", id: id),
            application: application,
            environment: isHostile ? GalleryNames.hostile : "production",
            version: version
        )
    }

    private var plan: AnalysisPlan {
        AnalysisPlan(
            name: isHostile ? GalleryNames.hostile : "web-service",
            judge: SequentialJudge.name,
            schedule: AnalysisSchedule(
                warmup: .seconds(60),
                step: .seconds(10),
                interval: Self.interval,
                lifetime: Self.interval * 15
            ),
            metrics: metrics.enumerated().map { number, name in
                PlannedMetric(
                    name: name,
                    query: "sum(rate(\(name.split(separator: " ")[0])_total{job=\"shop\",${scope}}[1m]))",
                    direction: .increase,
                    critical: number == 0
                )
            }
        )
    }

    private func lookTime(_ look: Int) -> Timestamp { start + .seconds(60) + Self.interval * look }

    private func noise(_ metric: Int, _ step: Int, _ side: Int) -> Double {
        // Not random: a picture drawn again is the same.
        let seed = (metric &* 7919 &+ step &* 104_729 &+ side &* 1_299_709) % 1000
        return 1 + (Double(seed) / 1000 - 0.5) / 4
    }

    private func value(_ metric: Int, _ step: Int, _ side: Side) -> Double {
        if state == .noData, metric == 0, side == .experiment { return .nan }
        if step % 37 == 20 { return .nan }
        let base = [0.8, 210, 0.44, 31, 0.1][metric % 5]
        let ratio = side == .experiment ? state.ratio(metric) : 1
        return base * ratio * noise(metric, step, side == .control ? 0 : 1)
    }

    private var samples: [SampleBlock] {
        metrics.indices.flatMap { metric in
            [Side.control, .experiment].map { side in
                SampleBlock(
                    session: id,
                    metric: metric,
                    side: side,
                    first: start + .seconds(60),
                    step: .seconds(10),
                    values: (0..<state.look * 12).map { value(metric, $0, side) }
                )
            }
        }
    }

    private func statistics(_ metric: Int, _ side: Side) -> SampleStatistics {
        let values = (0..<state.look * 12).map { value(metric, $0, side) }.filter(\.isFinite)
        guard let least = values.min(), let most = values.max() else {
            return SampleStatistics(count: 0, mean: .nan, standardDeviation: .nan, minimum: .nan, maximum: .nan)
        }
        let mean = values.reduce(0, +) / Double(values.count)
        let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)
        return SampleStatistics(
            count: values.count,
            mean: mean,
            standardDeviation: variance.squareRoot(),
            minimum: least,
            maximum: most
        )
    }

    private func verdict(_ metric: Int) -> MetricVerdict {
        let (name, ratio) = (metrics[metric], state.ratio(metric))
        let classification = state.classification(metric)
        let isMissing = state == .noData && metric == 0
        let evidence = SequentialEvidence(
            comparison: .gauge,
            effect: RatioEstimate(estimate: ratio, lower: ratio * 0.8, upper: ratio * 1.29, confidence: 0.95),
            margin: 1.2,
            harmEvidence: classification == .high ? 6.1 : 0.4,
            harmThreshold: 4,
            safetyEvidence: classification == .pass ? 4 : 1,
            safetyThreshold: 3,
            noise: NoiseEvidence(source: .measured, dispersion: 1.3),
            units: state.look * 12
        )
        return MetricVerdict(
            judgement: MetricJudgement(
                name: name,
                groups: ["all"],
                classification: classification,
                reason: isMissing ? MetricReason("the experiment has no samples") : nil,
                control: statistics(metric, .control),
                experiment: statistics(metric, .experiment),
                ratio: isMissing ? nil : ratio,
                evidence: isMissing ? .none : .sequential(evidence)
            ),
            controlQuery: "sum(rate(\(name){track=\"stable\"}[1m]))",
            experimentQuery: "sum(rate(\(name){track=\"canary\"}[1m]))",
            held: state == .outage ? .unreachable : isMissing ? .noData : nil,
            warnings: isHostile ? [name] : [],
            trail: isMissing
                ? []
                : (1...state.look).map { look in
                    let width = 1 + 2 / Double(look)
                    let now = 1 + (ratio - 1) * Double(look) / Double(state.look)
                    return EffectPoint(
                        look: look,
                        ratio: now,
                        lower: now / width,
                        upper: now * width,
                        evidence: Double(look) / 2
                    )
                }
        )
    }

    private func verdict(isFinal: Bool) -> Verdict {
        Verdict(
            id: "\(id)-\(isFinal ? "final" : "interim")",
            session: id,
            kind: isFinal ? .final : .interim,
            status: isFinal ? state.status : .completed,
            result: isFinal ? state.result ?? .inconclusive : .inconclusive,
            reason: state.reason,
            nextStep: state.nextStep,
            hold: isFinal ? nil : hold,
            cause: isFinal ? state.cause : nil,
            event: event,
            plan: plan.name,
            judge: plan.judge,
            thresholds: Thresholds(),
            openedAt: start,
            decidedAt: lookTime(state.look),
            look: state.look,
            looks: 15,
            window: TimeWindow(start: start + .seconds(60), end: lookTime(state.look)),
            step: .seconds(10),
            metrics: metrics.indices.map { verdict($0) },
            warnings: isHostile ? [GalleryNames.hostile] : []
        )
    }

    private var hold: Hold? {
        guard state == .outage else { return nil }
        return Hold(cause: .unreachable, reason: state.reason, since: lookTime(state.look))
    }

    private var transitions: [SessionTransition] {
        func transition(
            _ cause: SessionTransition.Cause,
            at: Timestamp,
            look: Int = 0,
            _ reason: String,
            _ result: JudgementResult? = nil
        ) -> SessionTransition {
            SessionTransition(
                session: id,
                at: at,
                replica: isHostile ? GalleryNames.hostile : "assay-0",
                cause: cause,
                from: cause == .opened ? nil : .sampling,
                to: cause == .finished ? .finished : .sampling,
                look: look,
                reason: reason,
                result: result
            )
        }
        var all = [transition(.opened, at: start, "deploy event \(id) of /ci/gallery, plan \(plan.name)")]
        for look in 1...state.look {
            let isLast = look == state.look
            let result = isLast && state.result != nil ? state.result : .inconclusive
            let reason = "look \(look) of 15: \(isLast ? state.reason : "undecided")"
            all.append(transition(.looked, at: lookTime(look), look: look, reason, result))
        }
        if let hold {
            all.append(transition(.held, at: hold.since, look: state.look, "unreachable: \(state.reason)"))
        }
        if let result = state.result {
            let text = "\(state.status.rawValue), \(result.rawValue): \(state.reason)"
            all.append(transition(.finished, at: lookTime(state.look), look: state.look, text))
        }
        return all
    }

    var change: StoreChange {
        let isFinal = state.result != nil
        let verdict = verdict(isFinal: isFinal)
        var change = StoreChange()
        change.opened = [
            AnalysisSession(
                id: id,
                event: event,
                plan: plan,
                openedAt: start,
                deployedAt: start,
                phase: isFinal ? .finished : .sampling,
                lastLook: state.look,
                missedLooks: 0,
                hold: hold,
                holdAttempts: 0,
                lastLookTriedAt: nil,
                finalVerdict: isFinal ? verdict : nil,
                // So far away that no process takes it up.
                wakeAt: isFinal ? nil : start + .seconds(86_400 * 365)
            )
        ]
        change.samples = samples
        change.verdicts = [verdict]
        change.transitions = transitions
        return change
    }

    /// What the controller did; nil where it had nothing to do.
    var action: RolloutAction? {
        switch state {
        case .passed: action(.promote, "Argo Rollouts shop/checkout")
        case .failed, .many: action(.abort, "Argo Rollouts shop/checkout")
        case .hostile: action(.abort, GalleryNames.hostile)
        default: nil
        }
    }

    private func action(_ kind: RolloutAction.Kind, _ actuator: String) -> RolloutAction {
        RolloutAction(
            verdict: verdict(isFinal: true),
            action: kind,
            outcome: .done,
            actuator: actuator,
            reason: state.reason,
            detail: nil,
            at: lookTime(state.look) + .seconds(4)
        )
    }
}
