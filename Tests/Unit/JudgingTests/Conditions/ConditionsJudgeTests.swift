import Testing

@testable import Judging

@Suite struct ConditionsJudgeTests {
    private let judge = ConditionsJudge()

    private func pair(
        _ name: String,
        _ pass: String?,
        marginal: String? = nil,
        control: [Double] = [1, 1],
        canary: [Double] = [1, 1],
        groups: [String] = [],
        critical: Bool = false,
        mustHaveData: Bool = false,
        muted: Bool = false,
        weight: Double = 1
    ) throws -> MetricPair {
        MetricPair(
            name: name,
            groups: groups,
            control: control,
            experiment: canary,
            settings: MetricSettings(
                critical: critical,
                mustHaveData: mustHaveData,
                muted: muted,
                weight: weight,
                passCondition: try pass.map { try Condition(parsing: $0) },
                marginalCondition: try marginal.map { try Condition(parsing: $0) }
            )
        )
    }

    @Test func explainsAFailureWithNumbers() throws {
        let judgement = judge.judge(
            [
                try pair(
                    "error-ratio",
                    "canary <= max(1.2 * control, 0.01)",
                    control: [0.01, 0.01],
                    canary: [0.034, 0.034]
                )
            ],
            by: ScoringRules()
        )
        #expect(judgement.judge == "conditions")
        #expect(judgement.result == .fail)
        #expect(judgement.score == 0)
        #expect(judgement.metrics[0].classification == .fail)
        #expect(judgement.metrics[0].reason == "error-ratio: canary 0.034 > max(1.2 * control, 0.01) = 0.012")
        #expect(same(judgement.metrics[0].ratio ?? 0, 3.4))
        #expect(judgement.reason == "Score 0 is below marginal 75 (fail: error-ratio).")
        #expect(judgement.metrics[0].conditions.map(\.holds) == [false])
    }

    @Test func marginalCountsHalf() throws {
        let judgement = judge.judge(
            [
                try pair("a", "canary < 1", marginal: "canary < 2"), try pair("b", "canary == 1", groups: [""]),
            ],
            by: ScoringRules()
        )
        #expect(judgement.score == 75)
        #expect(judgement.result == .marginal)
        #expect(judgement.metrics.map(\.classification) == [.marginal, .pass])
        #expect(judgement.metrics[0].reason == "a: canary 1 >= 1; canary < 2 still holds")
        #expect(judgement.metrics[1].reason == nil)
        #expect(judgement.metrics[0].conditions.map(\.holds) == [false, true])
        #expect(judgement.groups == [GroupScore(name: "", score: 75, weight: 100, noData: false)])
        #expect(judgement.reason == "Score 75 is below pass 95 (marginal: a).")
    }

    @Test(
        arguments: [
            ("canary < 2", [], [1], false, MetricClassification.pass, nil),
            ("canary < control", [], [1], false, .nodata, "m: no samples of the control"),
            ("canary < 2", [1], [.nan], false, .nodata, "m: no samples of the experiment"),
            ("canary < 2", [1], [], true, .nodataFailMetric, "m: no samples of the experiment"),
            ("canary < control", [], [], true, .nodataFailMetric, "m: no samples of the control and the experiment"),
            (nil, [1], [1], true, .error, "m: the plan gives no pass condition"),
        ] as [(String?, [Double], [Double], Bool, MetricClassification, String?)]
    )
    func handlesWhatIsMissing(
        condition: String?,
        control: [Double],
        canary: [Double],
        mustHaveData: Bool,
        expected: MetricClassification,
        reason: String?
    ) throws {
        let judgement = judge.judge(
            [try pair("m", condition, control: control, canary: canary, mustHaveData: mustHaveData)],
            by: ScoringRules()
        )
        #expect(judgement.metrics[0].classification == expected)
        #expect(judgement.metrics[0].reason?.text == reason)
        #expect(judgement.metrics[0].criticalFailure == false)
    }

    @Test func isInconclusiveWithoutData() throws {
        let judgement = judge.judge(
            [try pair("a", "canary < 1", canary: []), try pair("b", "canary < 1", muted: true)],
            by: ScoringRules()
        )
        #expect(judgement.result == .inconclusive)
        #expect(judgement.score == 0)
        #expect(judgement.reason == "No metric that counts has data.")
        #expect(judge.judge([], by: ScoringRules()).result == .inconclusive)
    }

    @Test func aCriticalFailureFailsTheLook() throws {
        let judgement = judge.judge(
            [
                try pair("a", "canary < 1", critical: true), try pair("b", "canary < 2", weight: 1_000),
            ],
            by: ScoringRules(pass: 1, marginal: 0)
        )
        #expect(judgement.result == .fail)
        #expect(judgement.score == 0)
        #expect(judgement.reason == "A critical metric fails: a: canary 1 >= 1")
        #expect(judgement.metrics.map(\.criticalFailure) == [true, false])
    }

    @Test func aCriticalMetricMustHaveTheDataItMustHave() throws {
        let broken = try pair("a", "canary < 1", canary: [], critical: true, mustHaveData: true)
        #expect(judge.judge([broken], by: ScoringRules()).result == .fail)
        let missing = try pair("a", "canary < 1", canary: [], critical: true)
        let good = try pair("b", "canary < 2")
        #expect(judge.judge([missing, good], by: ScoringRules()).result == .pass)
    }

    @Test func aCriticalMetricInErrorLeavesTheLookOpen() throws {
        let judgement = judge.judge(
            [try pair("a", nil, critical: true), try pair("b", "canary < 2")],
            by: ScoringRules()
        )
        #expect(judgement.result == .inconclusive)
        #expect(judgement.reason == "A critical metric cannot be judged: a: the plan gives no pass condition")
    }

    @Test func mutedFailuresDoNotCount() throws {
        let judgement = judge.judge(
            [try pair("a", "canary < 1", critical: true, muted: true), try pair("b", "canary < 2")],
            by: ScoringRules()
        )
        #expect(judgement.result == .pass)
        #expect(judgement.score == 100)
        #expect(judgement.reason == "")
    }

    @Test func outliersAreRemovedBeforeTheConditionLooks() throws {
        var noisy = try pair("a", "max(canary) < 10", canary: [Double](repeating: 1, count: 200) + [500])
        #expect(judge.judge([noisy], by: ScoringRules()).result == .fail)
        noisy.settings.outliers = .remove(factor: 3)
        #expect(judge.judge([noisy], by: ScoringRules()).result == .pass)
    }

    @Test func namesOnlyTheFirstFailures() throws {
        let pairs = try (1...8).map { try pair("m\($0)", "canary < 1") }
        #expect(
            judge.judge(pairs, by: ScoringRules()).reason
                == "Score 0 is below marginal 75 (fail: m1, m2, m3, m4, m5 and 3 more)."
        )
    }
}
