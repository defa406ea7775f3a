/// What the pods of a metric show at a time.
struct PodComparison {
    private let tallies: PodTallies
    private let rule: PodRule
    let spread: PodSpread
    /// Pods of each side, as if all were of one size; at least 1.
    let controlCount: Double
    let experimentCount: Double

    /// Pods of the new version from which one may be left out, or held.
    private static let fewestPods = 3
    /// A healthy pod is taken for one that stands out in fewer than one release in so many.
    private static let evidence = 20.0
    /// Pods that are named.
    private static let mostNames = 3

    init(_ tallies: PodTallies, by rule: PodRule) {
        self.tallies = tallies
        self.rule = rule
        let control = tallies.controlPods
        spread = PodSpread(control, assumed: rule.assumedSpread)
        controlCount = max(1, PodTallies.effectiveCount(control.lazy.map(\.requests)))
        experimentCount = max(1, PodTallies.effectiveCount(tallies.experimentPods.lazy.map(\.pod.requests)))
    }

    /// The variance of the sides' log ratio that healthy pods make.
    var variance: Double { variance(experimentCount) }

    private func variance(_ count: Double) -> Double { (1 / max(1, count) + 1 / controlCount) * spread.variance }

    // MARK: - One pod

    /// The pods of the new version that stand out against the whole control, the worst first; none where most of them do.
    /// Where the others show harm as well, they must stand out against those too.
    ///
    /// - Parameters:
    ///   - dispersion: of the whole, without what pods make.
    ///   - isDecrease: fewer events are harm.
    func outliers(_ rule: CountsRule, dispersion: Double, isDecrease: Bool) -> [PodOutlier] {
        let pods = tallies.experimentPods.filter { $0.pod.requests > 0 }
        guard pods.count >= 2 else { return [] }
        let threshold = Elementary.log(Self.evidence * Double(pods.count))
        let found = pods.compactMap { name, pod -> (evidence: Double, outlier: PodOutlier)? in
            let unit = CountsUnit(
                experimentEvents: pod.events,
                controlEvents: pod.controlEvents,
                experimentExposure: pod.requests,
                controlExposure: pod.controlRequests
            )
            guard let evidence = Self.evidence(isDecrease ? unit.exchanged : unit, rule, dispersion, variance(1)),
                evidence.logFail >= threshold
            else { return nil }
            return (evidence.logFail, PodOutlier(pod: name, unit))
        }
        guard found.count * 2 <= pods.count else { return [] }
        let worst = found.sorted { ($1.evidence, $0.outlier.pod) < ($0.evidence, $1.outlier.pod) }.map(\.outlier)
        let others = rest(without: worst)
        let rest = isDecrease ? others.exchanged : others
        let evidence = Self.evidence(rest, rule, dispersion, variance(experimentCount - Double(worst.count)))
        guard let evidence, CombinedEvidence.isHeldBack(by: evidence.logFail) else {
            return Array(worst.prefix(Self.mostNames))
        }
        let apart = worst.filter { outlier in
            let unit = CountsUnit(
                experimentEvents: outlier.totals.events,
                controlEvents: others.experimentEvents,
                experimentExposure: outlier.totals.requests,
                controlExposure: others.experimentExposure
            )
            let evidence = Self.evidence(isDecrease ? unit.exchanged : unit, rule, dispersion, 2 * spread.variance)
            return (evidence?.logFail ?? 0) >= threshold
        }
        return Array(apart.prefix(Self.mostNames))
    }

    /// All of the new version but one pod; nil for so few pods that nothing follows from one of them.
    func rest(without outlier: PodOutlier) -> CountsUnit? {
        guard tallies.experiment.count >= Self.fewestPods else { return nil }
        let rest = rest(without: [outlier])
        return rest.experimentExposure > 0 ? rest : nil
    }

    private func rest(without outliers: [PodOutlier]) -> CountsUnit {
        let all = tallies.totals
        return CountsUnit(
            experimentEvents: max(0, all.experimentEvents - outliers.reduce(0) { $0 + $1.totals.events }),
            controlEvents: all.controlEvents,
            experimentExposure: max(0, all.experimentRequests - outliers.reduce(0) { $0 + $1.totals.requests }),
            controlExposure: all.controlRequests
        )
    }

    /// The evidence of that rest. What a pod has counted is known in all, and not unit by unit: the runs that start later
    /// are left out.
    func evidence(ofRest unit: CountsUnit, _ rule: CountsRule, dispersion: Double) -> StateEvidence? {
        Self.evidence(unit, rule, dispersion, variance(experimentCount - 1))
    }

    private static func evidence(
        _ unit: CountsUnit,
        _ rule: CountsRule,
        _ dispersion: Double,
        _ podVariance: Double
    ) -> StateEvidence? {
        guard unit.isCountable, let share = unit.share else { return nil }
        let total = unit.experimentEvents + unit.controlEvents
        var engine = LikelihoodRatioEngine(fail: rule.fail, pass: rule.pass)
        engine.add(unit.experimentEvents, of: total, share: share)
        let expected = CountDispersion.expectedShare(share, rule.failRatio)
        let floor = 1 + podVariance * total * expected * (1 - expected)
        let dispersion = min(max(dispersion, floor), .greatestFiniteMagnitude)
        var evidence = StateEvidence.nothing
        evidence.logFail = engine.logFail(dispersion: dispersion)
        evidence.logPass = engine.logPass(dispersion: dispersion)
        evidence.dispersion = dispersion
        evidence.estimate = engine.estimate()
        if total > 0 {
            evidence.interval = engine.interval(level: 1 - ComparisonReading.confidence, dispersion: dispersion)
        }
        evidence.dropNonsense()
        return evidence
    }

    // MARK: - What is said

    /// What limits the claim.
    var limits: [String] {
        var limits: [String] = []
        if tallies.experiment.isEmpty || tallies.control.isEmpty {
            limits.append(
                tallies.isCut
                    ? "no pods are told apart: the series do not have the label, or are too many"
                    : "no pods are told apart: the series do not have the label"
            )
        }
        if !spread.isMeasured {
            limits.append(
                "healthy pods are taken to differ by \((spread.variance.squareRoot() * 100).brief) %: fewer than"
                    + " \(PodSpread.fewestPods) pods of the control cannot show it"
            )
        }
        if experimentCount < Double(PodSpread.fewestPods) - 0.5, !tallies.experiment.isEmpty {
            let count = Int(experimentCount.rounded())
            limits.append(
                "the new version has \(count) pod\(count == 1 ? "" : "s"), which may be better or worse than most"
            )
        }
        if tallies.isCut, !tallies.experiment.isEmpty, !tallies.control.isEmpty {
            limits.append("not all requests are of a pod that is told apart")
        }
        return limits
    }

    func evidence(_ outliers: [PodOutlier], _ treatment: PodsEvidence.Treatment) -> PodsEvidence {
        PodsEvidence(
            control: tallies.control.values.count { $0.requests > 0 },
            experiment: tallies.experiment.values.count { $0.requests > 0 },
            spread: spread.variance.squareRoot(),
            isAssumed: !spread.isMeasured,
            outliers: outliers,
            treatment: treatment
        )
    }
}

extension PodOutlier {
    fileprivate init(pod: String, _ unit: CountsUnit) {
        let rate = unit.experimentEvents / unit.experimentExposure
        let reference = unit.controlEvents / unit.controlExposure
        self.init(
            pod: pod,
            ratio: reference > 0 ? rate / reference : nil,
            totals: ExposureTotals(events: unit.experimentEvents, requests: unit.experimentExposure)
        )
    }
}
