import Testing

@testable import Judging

@Suite struct WeightedGroupScoresTests {
    private func metric(
        _ classification: MetricClassification,
        _ groups: [String],
        weight: Double = 1
    ) -> WeightedMetric {
        WeightedMetric(
            metric: MetricJudgement(
                name: "m",
                groups: groups,
                classification: classification,
                reason: nil,
                control: .empty,
                experiment: .empty
            ),
            weight: weight
        )
    }

    @Test func weighsMetricsInsideAGroup() {
        let scores = WeightedGroupScores(
            of: [metric(.pass, ["a"], weight: 3), metric(.fail, ["a"]), metric(.nodata, ["a"], weight: 50)],
            weights: [:]
        )
        #expect(scores.summary == 75)
        #expect(scores.scores == [GroupScore(name: "a", score: 75, weight: 100, noData: false)])
    }

    @Test(
        arguments: [
            (["a": 60.0], 60, [60, 20, 20]),
            (["a": 60, "b": 60, "c": 60], 33.33, [100.0 / 3, 100.0 / 3, 100.0 / 3]),
            (["a": 200], 100, [100, 0, 0]),
            ([:], 33.33, [100.0 / 3, 100.0 / 3, 100.0 / 3]),
            (["a": 50, "absent": 50], 100, [100, 0, 0]),
            (["a": 0, "b": 0, "c": 0], 33.33, [100.0 / 3, 100.0 / 3, 100.0 / 3]),
            (["a": .nan, "b": -5, "c": .infinity], 0, [0, 0, 100]),
            (["a": 20, "absent": 40], 33.33, [100.0 / 3, 100.0 / 3, 100.0 / 3]),
        ] as [([String: Double], Double, [Double])]
    )
    func sharesTheWholeBetweenGroups(weights: [String: Double], summary: Double, used: [Double]) {
        let scores = WeightedGroupScores(
            of: [metric(.pass, ["a"]), metric(.fail, ["b"]), metric(.nodataFailMetric, ["c"])],
            weights: weights
        )
        #expect(scores.summary == summary)
        #expect(zip(scores.scores.map(\.weight), used).allSatisfy { same($0, $1) })
    }

    @Test func groupsWithoutDataLeaveTheWholeToTheOthers() {
        let scores = WeightedGroupScores(
            of: [metric(.pass, ["a"]), metric(.error, ["b"]), metric(.nodata, ["b"])],
            weights: ["a": 10, "b": 90]
        )
        #expect(scores.summary == 100)
        #expect(scores.scores[1] == GroupScore(name: "b", score: 0, weight: 0, noData: true))
    }

    @Test func countsInEachGroupOnce() {
        let scores = WeightedGroupScores(
            of: [metric(.pass, ["a", "a", "b"]), metric(.fail, ["a"]), metric(.marginal, [])],
            weights: [:]
        )
        #expect(scores.scores.map(\.name) == ["a", "b", ""])
        #expect(scores.scores.map(\.score) == [50, 100, 50])
        #expect(scores.summary == 66.67)
    }

    @Test(arguments: [0, -1, .nan] as [Double])
    func senselessWeightsCountNothing(weight: Double) {
        #expect(WeightedGroupScores(of: [metric(.pass, [], weight: weight)], weights: [:]).summary == nil)
        let mixed = [metric(.fail, [], weight: weight), metric(.pass, [])]
        #expect(WeightedGroupScores(of: mixed, weights: [:]).summary == 100)
    }

    @Test func hugeWeightsStayFinite() {
        let metrics = [metric(.pass, [], weight: .infinity), metric(.fail, [], weight: .infinity)]
        #expect(WeightedGroupScores(of: metrics, weights: [:]).summary == 50)
    }
}
