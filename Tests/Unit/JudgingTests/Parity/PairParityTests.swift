import Judging
import Testing

/// A pair of samples and what Kayenta's judge says about it. What is absent is not known, or differs from run to run.
struct PairVector: Decodable, Sendable, CustomTestStringConvertible {
    struct Expected: Decodable, Sendable {
        var classification: MetricClassification?
        var reason: String?
        var critical: Bool?
        var deviation: Double?
        var effectSize: Double?
        var ciLower: Double?
        var ciUpper: Double?
        var estimate: Double?
        var control: Statistics?
    }

    struct Statistics: Decodable, Sendable {
        var count: Int
        var mean: Double
        var min: Double
        var max: Double
        var std: Double?
    }

    var name: String
    var control: [Double]
    var experiment: [Double]
    var direction: Direction
    var nanStrategy: NaNStrategy
    var outlierFactor: Double?
    var critical: Bool
    var mustHaveData: Bool
    var measure: EffectLimits.Measure
    var allowedIncrease: Double
    var allowedDecrease: Double
    var criticalIncrease: Double
    var criticalDecrease: Double
    var expected: Expected

    var testDescription: String { name }

    var pair: MetricPair {
        MetricPair(
            name: "m",
            control: control,
            experiment: experiment,
            settings: MetricSettings(
                direction: direction,
                nanStrategy: nanStrategy,
                outliers: outlierFactor.map { .remove(factor: $0) } ?? .keep,
                effect: EffectLimits(
                    measure: measure,
                    allowedIncrease: allowedIncrease,
                    allowedDecrease: allowedDecrease,
                    criticalIncrease: criticalIncrease,
                    criticalDecrease: criticalDecrease
                ),
                critical: critical,
                mustHaveData: mustHaveData
            )
        )
    }
}

/// The judge answers as Kayenta's unit tests and documented edge cases have it.
@Suite struct PairParityTests {
    private static func vectors() throws -> [PairVector] {
        try Resource.lines(of: "kayenta-classifier", as: PairVector.self)
            + Resource.lines(of: "kayenta-pairs", as: PairVector.self)
    }

    @Test(arguments: try vectors())
    func judgesAsKayenta(vector: PairVector) {
        let judged = NetflixACAJudge().judge([vector.pair], by: ScoringRules()).metrics[0]
        let expected = vector.expected
        if let classification = expected.classification {
            #expect(judged.classification == classification)
            #expect(judged.reason?.text == expected.reason)
        }
        if let critical = expected.critical { #expect(judged.criticalFailure == critical) }
        for (name, value, wanted) in [
            ("ratio", judged.ratio, expected.deviation),
            ("effect", judged.effect?.value, expected.effectSize),
            ("lower", judged.shift?.lower, expected.ciLower),
            ("upper", judged.shift?.upper, expected.ciUpper),
            ("estimate", judged.shift?.estimate, expected.estimate),
        ] {
            // NaN where Kayenta has nothing to say.
            if let wanted { #expect(same(value ?? .nan, wanted), "\(name)") }
        }
        guard let statistics = expected.control else { return }
        #expect(judged.control.count == statistics.count)
        #expect(same(judged.control.mean, statistics.mean))
        #expect(same(judged.control.minimum, statistics.min))
        #expect(same(judged.control.maximum, statistics.max))
        if let deviation = statistics.std { #expect(same(judged.control.standardDeviation, deviation)) }
    }
}
