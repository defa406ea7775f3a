/// What a look's metrics come to together: levels shared out, harm shown or ruled out, a score.
struct SequentialConclusion {
    private let metrics: [MetricJudgement]
    private let pairs: [MetricPair]
    private let rules: ScoringRules
    private let levels: DecisionLevels
    private let groups: [String]
    /// The metrics that count, by their index.
    private let counted: [Int]
    /// The part of the level of each metric.
    private let weights: [Double]

    init(_ metrics: [MetricJudgement], _ pairs: [MetricPair], _ rules: ScoringRules) {
        self.metrics = metrics
        self.pairs = pairs
        self.rules = rules
        levels = (try? DecisionLevels(alpha: rules.levels.alpha, beta: rules.levels.beta)) ?? .standard
        var groups: [String] = []
        for metric in metrics {
            let group = metric.groups.first ?? ""
            if !groups.contains(group) { groups.append(group) }
        }
        self.groups = groups
        counted = metrics.indices.filter { !metrics[$0].muted && metrics[$0].sequential != nil }
        let counted = counted
        weights = DecisiveWeights.weights(
            of: metrics.indices.map { index in
                DecisiveWeights.Member(
                    group: groups.firstIndex(of: metrics[index].groups.first ?? "") ?? 0,
                    isCritical: pairs[index].settings.critical,
                    isMuted: !counted.contains(index)
                )
            },
            groups: DecisiveWeights.shares(of: groups, rules.groupWeights)
        )
    }

    var judgement: Judgement {
        let together = counted.filter { !isOfPast($0) }
        let combined = CombinedEvidence(
            together.map { index in
                WeightedEvidence(
                    weight: weights[index],
                    logFail: metrics[index].sequential?.harmEvidence ?? 0,
                    logPass: metrics[index].sequential?.safetyEvidence ?? 0
                )
            },
            levels
        )
        let blamed = combined.decision == .fail ? Set(combined.blamed.map { together[$0] }) : []
        let judged = metrics.indices.map { concluded($0, isBlamed: blamed.contains($0)) }
        let missing = judged.filter { $0.classification == .nodataFailMetric && !$0.muted }
        // A pass rests on something: signals alone, or what may lack data, pass nothing.
        let required = counted.filter { !(pairs[$0].settings.sequential?.isSignal ?? false) }
        let isProven = !required.isEmpty && required.allSatisfy { isSafe(judged[$0]) }
        let suspected = counted.contains {
            CombinedEvidence.isHeldBack(by: metrics[$0].sequential?.harmEvidence ?? 0)
        }
        let scores = scores(of: judged)
        var score = EvidenceScore.mean(scores.map { ($0.score, $0.weight) }) ?? 0
        let result: JudgementResult
        let failed = counted.contains { (isOfPast($0) || hasFailingValues($0)) && isHarmful(judged[$0]) }
        if combined.decision == .fail || failed || !missing.isEmpty {
            result = .fail
            score = EvidenceScore.failed(score, marginal: rules.marginal)
        } else if isProven, !suspected, !metrics.contains(where: \.awaitsComparison) {
            result = .pass
            score = max(score, rules.pass)
        } else {
            result = .inconclusive
        }
        return Judgement(
            judge: SequentialJudge.name,
            result: result,
            score: (score * 100).rounded() / 100,
            decision: result == .fail ? .failNow : result == .pass ? .passNow : .goOn,
            reason: counted.isEmpty && missing.isEmpty ? "No metric that counts has been compared yet." : "",
            groups: scores,
            metrics: judged
        )
    }

    // MARK: - Metrics

    private func concluded(_ index: Int, isBlamed: Bool) -> MetricJudgement {
        var metric = metrics[index]
        guard var evidence = metric.sequential else { return metric }
        let weight = weights[index] > 0 ? weights[index] : 1
        // Against the past each metric has a level of its own.
        evidence.harmThreshold = isOfPast(index) ? PastComparison.harmEvidence : levels.logFailing(share: weight)
        evidence.safetyThreshold = levels.logPassing
        let isDegraded = evidence.environment?.isDegraded ?? false
        evidence.neededUnits = isDegraded ? nil : pairs[index].state?.neededUnits(now: evidence)
        let rule = pairs[index].settings.sequential
        evidence.neededLooks = evidence.neededUnits.flatMap { rule?.looks(for: $0) }
        let isShown = isBlamed || evidence.harmEvidence >= evidence.harmThreshold
        let isHarmful = isShown || hasFailingValues(index)
        if isHarmful {
            metric.classification = isShown && (evidence.effect?.estimate ?? 1) < 1 ? .low : .high
            metric.criticalFailure = pairs[index].settings.critical && !metric.muted
        } else if Self.isSafe(evidence), !isHeldBack(index, evidence) {
            metric.classification = .pass
        }
        if !isShown { evidence.since = nil }
        metric.evidence = .sequential(evidence)
        metric.reason = MetricReason(
            SequentialSentence(
                name: metric.name,
                classification: metric.classification,
                evidence: evidence,
                direction: rule?.direction ?? pairs[index].settings.direction
            ).text
        )
        return metric
    }

    private func isSafe(_ metric: MetricJudgement) -> Bool { metric.classification == .pass }

    /// What the metric shows is not enough for a pass, however much it is.
    private func isHeldBack(_ index: Int, _ evidence: SequentialEvidence) -> Bool {
        // What was shown before counts, and yet does not tell how it is now.
        if metrics[index].decidesNothing { return true }
        if evidence.newValues?.isHeld == true || evidence.strata?.isHeld == true { return true }
        if evidence.pods?.treatment == .held { return true }
        let passes = pairs[index].settings.sequential?.passesWithWrongSplit ?? false
        return evidence.split?.isWrong == true && !passes
    }

    private func isHarmful(_ metric: MetricJudgement) -> Bool { [.high, .low].contains(metric.classification) }

    private func hasFailingValues(_ index: Int) -> Bool {
        metrics[index].sequential?.newValues.map { $0.treatment == .failed && !$0.values.isEmpty } ?? false
    }

    private func isOfPast(_ index: Int) -> Bool { metrics[index].sequential?.comparison == .past }

    private static func isSafe(_ evidence: SequentialEvidence) -> Bool {
        evidence.safetyEvidence >= evidence.safetyThreshold
            && evidence.harmEvidence < Elementary.log(CombinedEvidence.holdingBack)
    }

    // MARK: - Scores

    private func scores(of judged: [MetricJudgement]) -> [GroupScore] {
        groups.map { group in
            let members = counted.filter { (judged[$0].groups.first ?? "") == group }
            let score = EvidenceScore.mean(
                members.map { index in
                    let evidence = judged[index].sequential
                    let score = EvidenceScore.score(
                        logFail: evidence?.harmEvidence ?? 0,
                        logPass: evidence?.safetyEvidence ?? 0,
                        weight: weights[index],
                        levels
                    )
                    return (score, weights[index])
                }
            )
            return GroupScore(
                name: group,
                score: score ?? 0,
                weight: members.reduce(0) { $0 + weights[$1] } * 100,
                noData: score == nil
            )
        }
    }
}
