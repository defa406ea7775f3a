import Judging
import ReferenceJudge
import SeededRandom
import Testing

/// What must stay the same, or change in a known way, when the samples are changed in a known way.
@Suite struct MetamorphicTests {
    private func judge(_ pair: MetricPair) -> MetricJudgement {
        NetflixACAJudge().judge([pair], by: ScoringRules()).metrics[0]
    }

    /// Runs a check over random pairs of a family; the first pair for which it finds a difference is reported.
    private func expectNone(
        of family: SampleFamily,
        count: UInt64 = 40,
        _ difference: (RandomPair, inout SeededGenerator) -> String?
    ) {
        for seed in 0..<(family.takesManySteps ? count / 10 : count) {
            let random = RandomPair(family, seed: seed)
            var generator = SeededGenerator(seed: seed)
            if let difference = difference(random, &generator) {
                Issue.record("\(difference)\n\(random)")
                return
            }
        }
    }

    /// The interval is made of ranks, so the order of samples has no part in it. (Moments are sums in the order given.)
    @Test(arguments: SampleFamily.allCases.filter { $0 != .signedZeros && $0 != .denormal })
    func orderHasNoPartInTheInterval(family: SampleFamily) {
        expectNone(of: family) { random, generator in
            var shuffled = random.pair
            shuffled.control.shuffle(using: &generator)
            shuffled.experiment.shuffle(using: &generator)
            let (plain, other) = (judge(random.pair), judge(shuffled))
            guard isSame(plain.shift, other.shift) else { return "\(plain) became \(other)" }
            guard random.pair.settings.effect.measure == .cles else { return nil }
            return plain.classification == other.classification && isSame(plain.effect?.value, other.effect?.value)
                ? nil : "\(plain) became \(other)"
        }
    }

    @Test(arguments: SampleFamily.allCases)
    func missingSamplesAreRemovedWithoutATrace(family: SampleFamily) {
        expectNone(of: family) { random, generator in
            var plain = random.pair
            plain.settings.nanStrategy = .remove
            var gappy = plain
            for _ in 0..<5 {
                gappy.control.insert(.nan, at: generator.integer(below: gappy.control.count + 1))
                gappy.experiment.insert(-.nan, at: generator.integer(below: gappy.experiment.count + 1))
            }
            return disagreement(of: judge(plain), with: ReferenceJudge.judge(gappy), on: gappy)
        }
    }

    @Test(arguments: SampleFamily.allCases)
    func replacedSamplesAreZeros(family: SampleFamily) {
        expectNone(of: family) { random, _ in
            var gappy = random.pair
            gappy.settings.nanStrategy = .replace
            var filled = gappy
            filled.control = filled.control.map { $0.isNaN ? 0 : $0 }
            filled.experiment = filled.experiment.map { $0.isNaN ? 0 : $0 }
            return disagreement(of: judge(filled), with: ReferenceJudge.judge(gappy), on: gappy)
        }
    }

    /// Limits and direction choose between the classifications and have no part in the numbers; `either` is one of both.
    @Test(arguments: SampleFamily.allCases)
    func directionOnlyChooses(family: SampleFamily) {
        expectNone(of: family) { random, _ in
            var pair = random.pair
            let judgements = [Direction.increase, .decrease, .either].map { direction in
                pair.settings.direction = direction
                return judge(pair)
            }
            let (up, down, either) = (judgements[0], judgements[1], judgements[2])
            guard isSame(up.shift, down.shift), isSame(up.shift, either.shift), isSame(up.ratio, either.ratio),
                isSame(up.ratio, down.ratio), up.classification != .low, down.classification != .high
            else { return "\(judgements)" }
            let expected = up.classification == .high ? up.classification : down.classification
            return either.classification == expected ? nil : "\(judgements)"
        }
    }

    /// Powers of two change no digit, so moments scale exactly; the interval does not, for its tolerance is absolute.
    @Test(arguments: [SampleFamily.normal, .logNormal, .smallIntegers, .roundedToTenths, .zeroInflated, .signedZeros])
    func momentsScale(family: SampleFamily) {
        expectNone(of: family) { random, generator in
            let scale = Double(sign: .plus, exponent: generator.integer(below: 200) - 100, significand: 1)
            var scaled = random.pair
            scaled.control = scaled.control.map { $0 * scale }
            scaled.experiment = scaled.experiment.map { $0 * scale }
            let (plain, other) = (judge(random.pair), judge(scaled))
            let isScaled = [(plain.control, other.control), (plain.experiment, other.experiment)].allSatisfy {
                $0.count == $1.count && isSame($0.mean * scale, $1.mean) && isSame($0.minimum * scale, $1.minimum)
                    && isSame($0.standardDeviation * scale, $1.standardDeviation)
                    && isSame($0.maximum * scale, $1.maximum)
            }
            guard isScaled else { return "times \(scale): \(plain) became \(other)" }
            // Noise, which two constant sides get, is seeded by the samples.
            let isNoisy = plain.control.standardDeviation == 0 && plain.experiment.standardDeviation == 0
            guard !isNoisy, plain.shift != nil, other.shift != nil else { return nil }
            return isSame(plain.ratio, other.ratio) && isSame(plain.effect?.value, other.effect?.value)
                ? nil : "times \(scale): \(plain) became \(other)"
        }
    }

    /// Far from 0 the absolute tolerance is lost in rounding, and the interval scales as well.
    @Test(arguments: 0..<40)
    func intervalScalesFarFromZero(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pair = MetricPair(
            name: "m",
            control: (0..<30).map { _ in -0x1p120 * (1 + generator.unit()) },
            experiment: (0..<25).map { _ in 0x1p120 * (1 + generator.unit()) }
        )
        let scale = Double(sign: .plus, exponent: 1 + generator.integer(below: 100), significand: 1)
        var scaled = pair
        scaled.control = scaled.control.map { $0 * scale }
        scaled.experiment = scaled.experiment.map { $0 * scale }
        let expected = judge(pair).shift.map {
            ShiftInterval(
                lower: $0.lower * scale,
                upper: $0.upper * scale,
                estimate: $0.estimate * scale,
                confidence: $0.confidence,
                bound: $0.bound * scale
            )
        }
        #expect(expected != nil)
        #expect(isSame(judge(scaled).shift, expected))
    }

    /// Samples on a grid of 2^-20 keep differences exact; the ends are found within the root finder's tolerance.
    @Test(arguments: 0..<60)
    func intervalIsMirroredWhenTheSidesAreSwapped(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let shift = Double(generator.integer(below: 9)) - 4
        let control = (0..<(6 + generator.integer(below: 40))).map { _ in generator.gridded() }
        let experiment = (0..<(6 + generator.integer(below: 40))).map { _ in generator.gridded() + shift }
        let there = try #require(judge(MetricPair(name: "m", control: control, experiment: experiment)).shift)
        let back = try #require(judge(MetricPair(name: "m", control: experiment, experiment: control)).shift)
        #expect((there.lower + back.upper).magnitude < 3e-4)
        #expect((there.upper + back.lower).magnitude < 3e-4)
    }
}

extension SeededGenerator {
    /// Roughly normal around 50, a multiple of 2^-20.
    mutating func gridded() -> Double { ((50 + 3 * normal()) * 0x1p20).rounded() * 0x1p-20 }
}
