import Testing

@testable import Judging

@Suite struct DegenerateNoiseTests {
    @Test func isTheSameForTheSameSamples() {
        let values = [Double](repeating: 5, count: 20)
        var first = DegenerateNoise(control: values, experiment: [3])
        var second = DegenerateNoise(control: values, experiment: [3])
        var other = DegenerateNoise(control: values, experiment: [4])
        let noisy = first.added(to: values)
        #expect(noisy == second.added(to: values))
        #expect(noisy != other.added(to: values))
        #expect(Set(noisy).count == 20)
    }

    @Test func hasTheWantedScale() {
        let values = [Double](repeating: 200, count: 5_000)
        var noise = DegenerateNoise(control: values, experiment: [1])
        let noisy = noise.added(to: values)
        #expect((Moments.mean(noisy) - 200).magnitude < 1e-4)
        #expect((Moments.variance(noisy).squareRoot() - 2e-3).magnitude < 1e-4)
    }

    @Test func leavesZerosAlone() {
        var noise = DegenerateNoise(control: [0, 0], experiment: [1])
        #expect(noise.added(to: [0, -0.0]) == [0, 0])
        #expect(noise.added(to: []) == [])
    }
}
