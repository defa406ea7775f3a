import Testing

@testable import Judging

@Suite struct DegenerateNoiseTests {
    private static func noisy(_ values: [Double], control: [Double], experiment: [Double]) -> [Double] {
        var noise = DegenerateNoise(control: NumberBuffer(control), experiment: NumberBuffer(experiment))
        noise.begin(with: values[0])
        return values.map { noise.added(to: $0) }
    }

    @Test func isTheSameForTheSameSamples() {
        let values = [Double](repeating: 5, count: 20)
        let noisy = Self.noisy(values, control: values, experiment: [3])
        #expect(noisy == Self.noisy(values, control: values, experiment: [3]))
        #expect(noisy != Self.noisy(values, control: values, experiment: [4]))
        #expect(Set(noisy).count == 20)
    }

    @Test func hasTheWantedScale() {
        let values = [Double](repeating: 200, count: 5_000)
        let moments = CleanedSamples(Self.noisy(values, control: values, experiment: [1])).moments
        #expect((moments.mean - 200).magnitude < 1e-4)
        #expect((moments.variance.squareRoot() - 2e-3).magnitude < 1e-4)
    }

    @Test func leavesInfinityAlone() {
        #expect(Self.noisy([.infinity, .infinity], control: [.infinity], experiment: [1]) == [.infinity, .infinity])
    }

    @Test func leavesZerosAlone() {
        #expect(Self.noisy([0, -0.0], control: [0, 0], experiment: [1]) == [0, 0])
    }
}
