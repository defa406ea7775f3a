import Foundation
import Judging
import Testing

@testable import Evaluation

/// The distributions that simulations draw from have the moments that they should have. Seeds are fixed, so that a result
/// never changes.
@Suite struct SimulationMomentsTests {
    private func moments(_ count: Int, _ draw: () -> Double) -> (mean: Double, variance: Double) {
        let values = (0..<count).map { _ in draw() }
        let mean = values.reduce(0, +) / Double(count)
        return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1))
    }

    @Test func `normal numbers`() {
        var stream = RandomStream(seed: 1)
        let found = moments(40_000) { stream.normal() }
        #expect(found.mean.magnitude < 0.02 && (found.variance - 1).magnitude < 0.03)
    }

    @Test(arguments: [0.5, 4, 9.9, 10.1, 200, 18_000])
    func `Poisson numbers`(mean: Double) {
        var stream = RandomStream(seed: 2)
        let found = moments(20_000) { stream.poisson(mean) }
        #expect((found.mean / mean - 1).magnitude < 0.03 && (found.variance / mean - 1).magnitude < 0.05, "\(found)")
    }

    @Test(arguments: [(20.0, 0.02), (200, 0.01), (2_000, 0.05), (50, 0.7), (18_000, 0.5), (10, 0.5)])
    func `binomial numbers`(trials: Double, probability: Double) {
        var stream = RandomStream(seed: 3)
        let found = moments(20_000) { stream.binomial(trials, probability) }
        let (mean, variance) = (trials * probability, trials * probability * (1 - probability))
        #expect(
            (found.mean / mean - 1).magnitude < 0.03 && (found.variance / variance - 1).magnitude < 0.05,
            "\(found)"
        )
    }

    @Test func `edges of counts`() {
        var stream = RandomStream(seed: 4)
        #expect(stream.poisson(0) == 0 && stream.poisson(.nan) == 0 && stream.poisson(-1) == 0)
        #expect(stream.binomial(0, 0.5) == 0 && stream.binomial(7, 0) == 0 && stream.binomial(7, 1) == 7)
    }

    @Test(arguments: [(0.05, 0.0), (0.25, 0.4), (1, 0.0), (1, 0.8)])
    func `gamma noise has mean 1, its variance and its memory`(variance: Double, memory: Double) {
        var stream = RandomStream(seed: 5)
        let noise = GammaNoise(variance: variance, memory: memory)
        let factors = noise.factors(60_000, from: &stream)
        let mean = factors.reduce(0, +) / 60_000
        let spread = factors.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 60_000
        let neighbours = zip(factors, factors.dropFirst()).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) } / 60_000
        #expect((mean - 1).magnitude < 0.04 && (spread / variance - 1).magnitude < 0.12, "\(mean) \(spread)")
        // The copula takes a little of the correlation.
        #expect((neighbours / spread - memory).magnitude < 0.1, "\(neighbours / spread)")
        #expect(factors.allSatisfy { $0 > 0 && $0.isFinite })
    }

    @Test func `the exponential distribution is exact`() {
        // Variance 1 is the exponential distribution: its median is ln 2.
        var stream = RandomStream(seed: 6)
        let factors = GammaNoise(variance: 1, memory: 0).factors(40_001, from: &stream).sorted()
        #expect((factors[20_000] - log(2)).magnitude < 0.015)
    }

    @Test func `576 cells, each with a name of its own`() {
        let cells = CountSource.cells(steps: 60, degradations: [.none], count: 1)
        #expect(cells.count == 576 && Set(cells.map(\.family)).count == 576)
        #expect(Set(cells.compactMap(\.group)).count == 36)
    }

    @Test func `simulated counts have their rates, splits and history`() throws {
        let cell = CountSource(
            requests: 2_000,
            split: .ramp,
            errorShare: 0.05,
            noise: CountSource.Noise(variance: 0, memory: 0),
            steps: 60,
            degradations: [.none],
            count: 1
        )
        let analysis = cell.analysis(0, Degradation(2), seed: 1)
        guard case .counts(let history) = analysis.metrics[0].kind else {
            Issue.record("no counts")
            return
        }
        #expect(history.count == 120)
        var totals = (experiment: 0.0, of: 0.0, control: 0.0, ofControl: 0.0, last: 0.0)
        for units in analysis.looks {
            guard case .counts(let unit) = units[0] else { continue }
            totals.experiment += unit.experimentEvents
            totals.of += unit.experimentExposure
            totals.control += unit.controlEvents
            totals.ofControl += unit.controlExposure
            totals.last = unit.experimentExposure / (unit.experimentExposure + unit.controlExposure)
        }
        #expect((totals.experiment / totals.of - 0.1).magnitude < 0.01)
        #expect((totals.control / totals.ofControl - 0.05).magnitude < 0.005)
        #expect((totals.last - 0.5).magnitude < 0.05)
        let past = history.reduce(0) { $0 + $1.events } / history.reduce(0) { $0 + $1.exposure }
        #expect((past - 0.05).magnitude < 0.005)
    }

    @Test func `shared noise is the same on both sides`() {
        let noise = CountSource.Noise(variance: 1, memory: 0, isShared: true)
        let cell = CountSource(
            requests: 200_000,
            split: .constant(0.5),
            errorShare: 0.1,
            noise: noise,
            steps: 20,
            degradations: [.none],
            count: 1
        )
        for units in cell.analysis(0, .none, seed: 9).looks {
            guard case .counts(let unit) = units[0], unit.controlEvents > 500 else { continue }
            #expect((unit.experimentEvents / unit.controlEvents - 1).magnitude < 0.25)
        }
    }

    @Test func `simulated latencies lie where they should`() {
        let cell = LatencySource.cells(steps: 10, degradations: [.none], count: 1)[2]
        guard case .latencies(let control, let experiment) = cell.analysis(0, Degradation(2), seed: 1).looks[0][0]
        else {
            Issue.record("no latencies")
            return
        }
        let median = control.quantile(0.5, bounds: LatencySource.bounds)
        #expect((median / 0.08 - 1).magnitude < 0.1)
        #expect(experiment.quantile(0.5, bounds: LatencySource.bounds) > 1.5 * median)
        #expect(control.counts.count == LatencySource.bounds.count + 1)
    }
}
