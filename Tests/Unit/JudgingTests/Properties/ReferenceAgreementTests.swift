import Judging
import ReferenceJudge
import SeededRandom
import Testing

/// The product's judge answers as the reference does, bit for bit.
@Suite struct ReferenceAgreementTests {
    private let judges = InstructionSetJudge.all

    /// Judges one random pair after the other; reports the first that differs, with what is needed to replay it.
    private func expectAgreement(on pairs: some Sequence<RandomPair>) {
        for random in pairs {
            if let difference = disagreement(of: judges, on: random.pair) {
                Issue.record("\(difference)\n\(random)")
                return
            }
        }
    }

    @Test(arguments: SampleFamily.allCases)
    func agreesOnRandomPairs(family: SampleFamily) {
        let count: UInt64 = family.takesManySteps ? 12 : 240
        expectAgreement(on: (0..<count).lazy.map { RandomPair(family, seed: $0) })
    }

    @Test(arguments: SampleFamily.allCases)
    func agreesOnManySamples(family: SampleFamily) {
        let size = family.takesManySteps ? 60 : 1_440
        expectAgreement(on: CollectionOfOne(RandomPair(family, seed: 7, size: size)))
    }

    /// Every pair of sizes up to a little over one vector of any instruction set.
    @Test(arguments: [SampleFamily.normal, .smallIntegers, .signedZeros])
    func agreesOnSmallSizes(family: SampleFamily) {
        expectAgreement(on: (1...18).lazy.map { RandomPair(family, seed: UInt64($0), size: $0) })
    }

    /// Far beyond a look's size: sums of ranks near 10^10, of ties near 10^13. The samples lie so close together that the
    /// root finder is done in few steps.
    @Test func agreesOnAHundredThousandSamples() {
        var generator = SeededGenerator(seed: 5)
        let pair = MetricPair(
            name: "m",
            control: (0..<100_000).map { _ in 1e-6 * Double(generator.integer(below: 100)) },
            experiment: (0..<100_000).map { _ in 1 + 1e-6 * Double(generator.integer(below: 100)) }
        )
        #expect(disagreement(of: judges, on: pair) == nil)
    }
}
