import Testing

@testable import Judging

@Suite struct MannWhitneyClassifierTests {
    @Test(arguments: try Resource.lines(of: "kayenta-classifier", as: PairVector.self))
    func classifiesAsKayenta(vector: PairVector) throws {
        let outcome = MannWhitneyClassifier(name: "m", settings: vector.pair.settings)
            .classify(control: vector.control, experiment: vector.experiment)
        let expected = vector.expected
        #expect(outcome.classification == expected.classification)
        #expect(outcome.reason?.text == expected.reason)
        #expect(outcome.criticalFailure == expected.critical)
        #expect(same(outcome.ratio ?? .nan, try #require(expected.deviation)))
        #expect(same(outcome.effect?.value ?? .nan, try #require(expected.effectSize)))
        #expect(same(outcome.shift?.lower ?? .nan, try #require(expected.ciLower)))
        #expect(same(outcome.shift?.upper ?? .nan, try #require(expected.ciUpper)))
        #expect(same(outcome.shift?.estimate ?? .nan, try #require(expected.estimate)))
    }

    @Test(
        arguments: [
            ([10, 10, 10, 10], [20, 20, 20, 20], MetricClassification.high),
            ([20, 20, 20, 20, 20], [10, 10, 10, 10, 10], .low),
            ([0, 0, 0, 0, 0], [5, 5, 5, 5, 5], .high),
            ([5, 5, 5, 5, 5], [0, 0, 0, 0, 0], .low),
        ] as [([Double], [Double], MetricClassification)]
    )
    func tellsConstantSidesApart(control: [Double], experiment: [Double], expected: MetricClassification) {
        let classifier = MannWhitneyClassifier(name: "m", settings: MetricSettings())
        let outcome = classifier.classify(control: control, experiment: experiment)
        #expect(outcome.classification == expected)
        #expect(outcome.shift == classifier.classify(control: control, experiment: experiment).shift)
    }

    @Test(
        arguments: [([3], [3, 3]), ([0, 0], [-0.0]), ([.infinity], [.infinity, .infinity])] as [([Double], [Double])]
    )
    func passesOneDistinctValue(control: [Double], experiment: [Double]) {
        let outcome = MannWhitneyClassifier(name: "m", settings: MetricSettings())
            .classify(control: control, experiment: experiment)
        #expect(outcome == MannWhitneyClassifier.Outcome(classification: .pass))
    }

    @Test func zerosOfBothSignsAreIdenticalData() {
        let outcome = MannWhitneyClassifier(name: "m", settings: MetricSettings())
            .classify(control: [0, 1, 0], experiment: [1, -0.0, -0.0])
        #expect(outcome.reason == "The Canary and Baseline data are identical")
    }

    @Test func oneAgainstOneIsAnErrorWithoutRatio() {
        // Shifted by their difference the two samples are equal, so all are tied.
        let outcome = MannWhitneyClassifier(name: "m", settings: MetricSettings(critical: true))
            .classify(control: [0], experiment: [1])
        #expect(outcome.classification == .error)
        #expect(outcome.reason == "Metric Classification Failed")
        #expect(outcome.ratio == nil && outcome.shift == nil && outcome.effect == nil)
        #expect(!outcome.criticalFailure)
    }
}
