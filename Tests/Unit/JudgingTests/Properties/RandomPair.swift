import Judging
import SeededRandom

/// A pair that a family and a seed define, so that a failure can be replayed from its message.
struct RandomPair: CustomStringConvertible {
    static let sizes = [0, 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 60, 64, 65, 180]

    var family: SampleFamily
    var seed: UInt64
    var pair: MetricPair

    /// Sides have equal sizes in half of the cases; `size` sets both.
    init(_ family: SampleFamily, seed: UInt64, size: Int? = nil) {
        var generator = SeededGenerator(seed: family.rawValue.utf8.reduce(seed) { $0 &* 31 &+ UInt64($1) })
        let controlSize = size ?? Self.size(&generator)
        let experimentSize = size ?? (generator.one(in: 2) ? controlSize : Self.size(&generator))
        let level = generator.element(of: [0, 1, 10, 37.5, 100, 250])
        let spread = generator.element(of: [0.01, 0.5, 3, 20])
        let shift = generator.element(of: [0, 0, 0.5, 1, 3, 10]) * spread * generator.sign()
        self.family = family
        self.seed = seed
        pair = MetricPair(
            name: "m",
            groups: ["g"],
            control: family.samples(controlSize, level: level, spread: spread, using: &generator),
            experiment: family.samples(experimentSize, level: level + shift, spread: spread, using: &generator),
            settings: Self.settings(&generator)
        )
        // Now and then the same values in another order, which is not the same as no difference.
        if generator.one(in: 16) { pair.experiment = pair.control.shuffled(using: &generator) }
    }

    /// Smaller sizes more often: they take other paths, and cost less.
    private static func size(_ generator: inout SeededGenerator) -> Int {
        sizes[min(generator.integer(below: sizes.count), generator.integer(below: sizes.count + 2))]
    }

    private static func settings(_ generator: inout SeededGenerator) -> MetricSettings {
        func limit(_ generator: inout SeededGenerator) -> Double? {
            generator.element(of: [nil, nil, nil, 0, 0.3, 0.5, 0.7, 0.9, 1, 1.1, 1.5, 2, -1, .infinity, .nan])
        }
        return MetricSettings(
            direction: generator.element(of: Direction.allCases + [.either, .either]),
            nanStrategy: generator.element(of: NaNStrategy.allCases),
            outliers: generator.one(in: 2)
                ? .keep
                : .remove(factor: generator.element(of: [3, 1.5, 0.1, 10 * generator.unit(), 0, -1, .nan, .infinity])),
            effect: EffectLimits(
                measure: generator.element(of: EffectLimits.Measure.allCases),
                allowedIncrease: limit(&generator),
                allowedDecrease: limit(&generator),
                criticalIncrease: limit(&generator),
                criticalDecrease: limit(&generator)
            ),
            critical: generator.one(in: 3),
            mustHaveData: generator.one(in: 3),
            muted: generator.one(in: 8)
        )
    }

    var description: String {
        "RandomPair(.\(family), seed: \(seed)) = \(pair.settings)\ncontrol: \(pair.control)\nexperiment: \(pair.experiment)"
    }
}
