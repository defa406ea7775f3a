import Testing

@testable import Judging

/// Pods as units: what machines of one version differ by is no regression.
@Suite struct PodTests {
    // MARK: - Healthy releases

    @Test("Pods that differ fail a healthy release where requests are counted, and not where pods are")
    func healthy() {
        // Half of the noise of a pod and look.
        var world = PodWorld(control: 3, experiment: 3, spread: 0.158)
        #expect(world.outcomes(60).count { $0.failed } <= 1)
        world.rule = nil
        #expect(world.outcomes(60).count { $0.failed } >= 5)
    }

    @Test("Pods may come and go") func replaced() {
        let world = PodWorld(spread: 0.158, replacement: 5)
        #expect(world.outcomes(60).count { $0.failed } <= 1)
        var bad = world
        bad.bad = 5
        #expect(bad.outcomes(40).count { $0.named == [PodWorld.badPod] } >= 38)
    }

    @Test("A release of which all pods are bad is found") func power() {
        let outcomes = PodWorld(control: 10, spread: 0.158, factor: 2).outcomes(30)
        #expect(outcomes.allSatisfy { $0.failed })
        // None of them stands out against the others.
        #expect(outcomes.count { $0.last.pods?.outliers.isEmpty == true } >= 27)
    }

    // MARK: - One bad pod

    @Test("One bad pod of five is named", arguments: [(0.063, 2.0, 38), (0.063, 3, 40), (0.158, 5, 38)])
    func named(spread: Double, bad: Double, atLeast: Int) throws {
        let outcomes = PodWorld(spread: spread, bad: bad).outcomes(40)
        #expect(outcomes.count { $0.named == [PodWorld.badPod] } >= atLeast)
        let pods = try #require(outcomes[0].last.pods)
        #expect(pods.control == 5 && pods.experiment == 5 && !pods.isAssumed && pods.treatment == .counted)
        let ratio = try #require(pods.outliers.first?.ratio)
        #expect(ratio > bad * 0.7 && ratio < bad * 1.5)
        #expect(pods.sentence?.hasPrefix("1 of 5 pods, new-bad: ") == true)
    }

    @Test("The plan may hold what one pod does, or leave it out") func policies() throws {
        var world = PodWorld(spread: 0.063, bad: 10)
        #expect(world.outcomes(20).allSatisfy { $0.failed })
        world.rule = PodRule(onePod: .hold)
        let held = world.outcomes(20)
        #expect(held.count { !$0.failed && !$0.passed && $0.last.pods?.treatment == .held } >= 19)
        #expect(held[0].last.pods?.sentence?.hasSuffix("and no harm without new-bad: held (pods.onePod)") == true)
        world.rule = PodRule(onePod: .exclude)
        let without = world.outcomes(20)
        #expect(without.count { !$0.failed && $0.passed && $0.last.pods?.treatment == .excluded } >= 19)
        #expect(
            without[0].last.experiment
                == ExposureTotals(events: without[0].last.experiment?.events ?? 0, requests: 120_000)
        )
        // Harm of all pods is harm, whatever one of them does.
        for policy in OnePodPolicy.allCases {
            world.factor = 3
            world.rule = PodRule(onePod: policy)
            #expect(world.outcomes(10).allSatisfy { $0.failed })
        }
    }

    @Test("A held metric does not pass the release, nor does it fail it") func heldConclusion() {
        var world = PodWorld(spread: 0.063, bad: 10)
        world.rule = PodRule(onePod: .hold)
        let evidence = world.run(seed: 3).last
        var metric = MetricJudgement(
            name: "errors",
            groups: [],
            classification: .undecided,
            reason: nil,
            muted: false,
            control: .empty,
            experiment: .empty
        )
        metric.evidence = .sequential(evidence)
        var settings = MetricSettings()
        settings.sequential = world.sequentialRule
        let pair = MetricPair(name: "errors", groups: [], control: [], experiment: [], settings: settings)
        let judgement = SequentialJudge().judgement(of: [metric], from: [pair], by: ScoringRules())
        #expect(judgement.result == .inconclusive && judgement.decision == .goOn)
        #expect(judgement.metrics[0].reason?.text.contains("new-bad") == true)
    }

    // MARK: - Few pods

    @Test("With few pods their spread is assumed, and the claim says so") func fewPods() throws {
        let world = PodWorld(control: 1, experiment: 1, factor: 3)
        let found = world.run(seed: 1)
        let pods = try #require(found.last.pods)
        #expect(pods.isAssumed && pods.spread == PodRule.standardSpread && pods.outliers.isEmpty)
        #expect(found.last.limits.contains { $0.hasPrefix("healthy pods are taken to differ by 10 %") })
        #expect(found.last.limits.contains { $0.hasPrefix("the new version has 1 pod, ") })
        #expect(found.failed)
        // A difference that two healthy machines may have is none of the release.
        #expect(PodWorld(control: 1, experiment: 1, events: 40, factor: 1.2).outcomes(20).count { $0.failed } <= 1)
        var unprotected = PodWorld(control: 1, experiment: 1, events: 40, factor: 1.2)
        unprotected.rule = nil
        #expect(unprotected.outcomes(20).count { $0.failed } >= 10)
        // What the plan knows of its pods counts.
        var certain = PodWorld(control: 1, experiment: 1, events: 40, factor: 1.2)
        certain.rule = PodRule(assumedSpread: 0)
        #expect(certain.outcomes(20).count { $0.failed } >= 10)
    }

    @Test("Series without the label are one pod, and the claim says so") func noLabel() {
        var state = SequentialState(PodWorld().sequentialRule, history: MetricHistory())
        let column = MetricIncrement.Column.counts(
            CountColumn(events: [(name: "", values: [5])], requests: [(name: "", values: [500])], count: 1)
        )
        state.fold(MetricIncrement(control: column, experiment: column, settled: 1), by: PodWorld().sequentialRule)
        let evidence = state.evidence(by: PodWorld().sequentialRule)
        #expect(evidence.pods == PodsEvidence(control: 0, experiment: 0, spread: 0.1, isAssumed: true))
        #expect(evidence.limits.contains("no pods are told apart: the series do not have the label, or are too many"))
    }

    @Test("The spread is an upper bound, whatever the pods' sizes") func spread() {
        func pod(_ events: Double, _ expected: Double, of all: Double) -> PodTallies.ControlPod {
            PodTallies.ControlPod(
                events: events,
                expected: expected,
                variance: expected * (1 - expected / all),
                requests: expected
            )
        }
        // Rates 10 % apart, of 100,000 events each: the estimate is 0.1, and three pods may show as little of three times that.
        let three = PodSpread(
            [pod(90e3, 1e5, of: 3e5), pod(1e5, 1e5, of: 3e5), pod(110e3, 1e5, of: 3e5)],
            assumed: 0.5
        )
        #expect(three.isMeasured && abs(three.variance.squareRoot() - 0.2995) < 0.001)
        let none = PodSpread([], assumed: 0.2)
        #expect(!none.isMeasured && abs(none.variance - 0.04) < 1e-12)
        // Two pods show no bound, but may show more than is assumed.
        let two = PodSpread([pod(50e3, 1e5, of: 2e5), pod(150e3, 1e5, of: 2e5)], assumed: 0.1)
        #expect(!two.isMeasured && abs(two.variance - 0.5) < 0.001)
        // One large pod and two that are hardly there are no three.
        let small = [pod(10, 10, of: 1e5), pod(12, 10, of: 1e5), pod(99_978, 99_980, of: 1e5)]
        #expect(!PodSpread(small, assumed: 0.1).isMeasured)
    }

    // MARK: - State

    @Test("Pods are stored with the state, and bounded") func stored() throws {
        let rule = PodWorld().sequentialRule
        func column(_ pods: Range<Int>, _ events: Double) -> MetricIncrement.Column {
            .counts(
                CountColumn(
                    events: pods.map { (name: "pod-\($0)", values: [events]) },
                    requests: pods.map { (name: "pod-\($0)", values: [100]) },
                    count: 1
                )
            )
        }
        let history = MetricHistory(control: column(0..<150, 1))
        var state = SequentialState(rule, history: history)
        var kept = state
        for step in 0..<12 {
            let increment = MetricIncrement(
                control: column(step * 60..<step * 60 + 100, 1),
                experiment: column(step * 50..<step * 50 + 100, 2),
                settled: 1
            )
            state.fold(increment, by: rule)
            kept = try SequentialState(decoding: kept.encoded)
            kept.fold(increment, by: rule)
        }
        #expect(kept == state && kept.encoded == state.encoded)
        guard case .counts(let counts) = state.comparison, let pods = counts.pods else {
            Issue.record("no pods")
            return
        }
        #expect(pods.control.count == PodTallies.largestCount && pods.experiment.count == PodTallies.largestCount)
        #expect(pods.isCut && state.encoded.count < 50_000)
        #expect(state.evidence(by: rule).experiment == ExposureTotals(events: 2_400, requests: 120_000))
    }

    @Test("Damaged pods are an error with a sentence, and never a trap") func damaged() throws {
        let rule = PodWorld().sequentialRule
        var state = SequentialState(rule, history: MetricHistory())
        let column = MetricIncrement.Column.counts(
            CountColumn(
                events: [(name: "a", values: [3]), (name: "b", values: [4])],
                requests: [(name: "a", values: [300]), (name: "b", values: [500])],
                count: 1
            )
        )
        state.fold(MetricIncrement(control: column, experiment: column, settled: 1), by: rule)
        let bytes = state.encoded
        for index in bytes.count - 300..<bytes.count {
            for value in [0, 1, 0x7F, 0xFF] as [UInt8] {
                var damaged = bytes
                damaged[index] = value
                guard var read = try? SequentialState(decoding: damaged) else { continue }
                read.fold(MetricIncrement(control: column, experiment: column, settled: 1), by: rule)
                let evidence = read.evidence(by: rule)
                #expect(!evidence.harmEvidence.isNaN && !evidence.safetyEvidence.isNaN)
                #expect(!(evidence.pods?.spread.isNaN ?? false))
            }
            #expect(throws: SequentialStateError.self) { try SequentialState(decoding: Array(bytes[..<index])) }
        }
    }
}
