import ReferenceJudge
import SeededRandom
import Testing

@testable import Judging

@Suite struct NetflixACAJudgeTests {
    private let judge = NetflixACAJudge()

    private static let ones = [Double](repeating: 1, count: 10)

    @Test func failsOnACriticalMetric() {
        var generator = SeededGenerator(seed: 11)
        let judgement = judge.judge(
            [
                MetricPair(
                    name: "latency",
                    groups: ["a"],
                    control: generator.samples(30, around: 10, spread: 1),
                    experiment: generator.samples(30, around: 20, spread: 1),
                    settings: MetricSettings(direction: .increase, critical: true)
                ),
                MetricPair(name: "load", groups: ["b"], control: Self.ones, experiment: Self.ones),
            ],
            by: ScoringRules()
        )
        #expect(judgement.judge == "NetflixACAJudge-v1.0")
        #expect(judgement.result == .fail)
        #expect(judgement.score == 0)
        #expect(judgement.reason == "Canary Failed: The metric latency was classified as High (Critical)")
        #expect(judgement.metrics.map(\.classification) == [.high, .pass])
        #expect(judgement.metrics.map(\.criticalFailure) == [true, false])
        #expect(judgement.metrics[0].shift?.confidence == 0.98)
        #expect(judgement.metrics[1].ratio == 1)
    }

    @Test func mutedMetricsAreShownAndDoNotCount() {
        let judgement = judge.judge(
            [
                MetricPair(
                    name: "a",
                    groups: ["g"],
                    control: [],
                    experiment: Self.ones,
                    settings: MetricSettings(critical: true, muted: true)
                ),
                MetricPair(name: "b", groups: ["g"], control: Self.ones, experiment: Self.ones),
            ],
            by: ScoringRules()
        )
        #expect(judgement.result == .pass)
        #expect(judgement.metrics.map(\.classification) == [.nodata, .pass])
    }

    @Test func noMetricsScoreNothing() {
        let judgement = judge.judge([], by: ScoringRules())
        #expect(judgement.result == .fail)
        #expect(judgement.score == 0)
        #expect(judgement.groups.isEmpty)
    }

    /// Every mixture of odd samples has an answer: the one that the reference gives, on every instruction set.
    @Test(
        arguments: [
            [], [0], [-0.0], [1], [1, 2], [.nan], [.nan, .nan], [.infinity], [-.infinity, .infinity], [1e308, -1e308],
            [1e308, 1e308, 1e308], [3, 3, 3, 3], [.leastNonzeroMagnitude, 0], [.infinity, .infinity, 1], [1, .nan, 2],
        ] as [[Double]]
    )
    func hasTheReferencesAnswerForAnySamples(control: [Double]) {
        let judges = InstructionSetJudge.all
        let others: [[Double]] = [
            [], [0], [1], [1, 2], [.nan, 1], [.infinity], [-.infinity], [1e308, 1e308], [3, 3, 3, 3], [2, 2],
            [.infinity, -.infinity], [-1e308, 1e308, 0],
        ]
        for experiment in others {
            for measure in EffectLimits.Measure.allCases {
                for nanStrategy in NaNStrategy.allCases {
                    for outliers in [OutlierStrategy.keep, .remove(factor: 3)] {
                        let settings = MetricSettings(
                            nanStrategy: nanStrategy,
                            outliers: outliers,
                            effect: EffectLimits(measure: measure)
                        )
                        let pair = MetricPair(
                            name: "m",
                            groups: ["g"],
                            control: control,
                            experiment: experiment,
                            settings: settings
                        )
                        #expect(disagreement(of: judges, on: pair) == nil)
                    }
                }
            }
        }
    }

    @Test(arguments: 0..<20)
    func doesNotDependOnTheOrderOfSamples(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let control = generator.samples(20, around: 50, spread: 4)
        let experiment = generator.samples(20, around: 53, spread: 4)
        let plain = judge.judge(
            [MetricPair(name: "m", groups: ["g"], control: control, experiment: experiment)],
            by: ScoringRules()
        )
        let shuffled = judge.judge(
            [
                MetricPair(
                    name: "m",
                    groups: ["g"],
                    control: control.shuffled(using: &generator),
                    experiment: experiment.shuffled(using: &generator)
                )
            ],
            by: ScoringRules()
        )
        #expect(plain.metrics[0].classification == shuffled.metrics[0].classification)
        #expect(plain.metrics[0].shift == shuffled.metrics[0].shift)
        #expect(plain.score == shuffled.score)
    }

    @Test(arguments: 0..<20)
    func highBecomesLowWhenTheSidesAreSwapped(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let control = generator.samples(30, around: 50, spread: 2)
        let experiment = generator.samples(30, around: 60, spread: 2)
        let there = judge.judge([MetricPair(name: "m", control: control, experiment: experiment)], by: ScoringRules())
        let back = judge.judge([MetricPair(name: "m", control: experiment, experiment: control)], by: ScoringRules())
        #expect(there.metrics[0].classification == .high)
        #expect(back.metrics[0].classification == .low)
    }
}
