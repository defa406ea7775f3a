import Foundation

/// Simulated releases of a service whose latency is measured by a histogram: log-normal latencies, eleven bounds.
struct LatencySource: EvaluationSource {
    /// Of both sides together, a look.
    let requests: Double
    let share: Double
    /// Standard deviation of ln of each side's median; its memory is 0.8 from look to look.
    let ownNoise: Double
    let steps: Int
    let degradations: [Degradation]
    let count: Int

    let comparison = EvaluatedComparison.concurrent
    var seriesCount: Int? { nil }

    /// Of the histogram, in seconds.
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    static let median = 0.08
    static let sigma = 0.6
    static let memory = 0.8
    static let history = 120

    static func cells(steps: Int, degradations: [Degradation], count: Int) -> [LatencySource] {
        [(200, 0), (2_000, 0), (20_000, 0), (2_000, 0.05), (2_000, 0.1), (20_000, 0.1)].map { requests, ownNoise in
            LatencySource(
                requests: requests,
                share: 0.1,
                ownNoise: ownNoise,
                steps: steps,
                degradations: degradations,
                count: count
            )
        }
    }

    var family: String {
        let noise = ownNoise > 0 ? "own noise \(CountSource.percent(ownNoise)) AR \(Self.memory)" : "no own noise"
        return "latency, \(Int(requests)) requests, \(CountSource.percent(share)) split, \(noise)"
    }

    func analysis(_ number: Int, _ degradation: Degradation, seed: UInt64) -> EvaluatedAnalysis {
        var noiseStream = stream(number, seed: seed)
        var stream = RandomStream(seed: noiseStream.next())
        let controlNoise = noise(Self.history + steps, &noiseStream)
        let experimentNoise = noise(Self.history + steps, &noiseStream)
        let history = (0..<Self.history).map { buckets(requests, median: controlNoise[$0], &stream) }
        let looks = (0..<steps).map { look in
            let factor = degradation.factor(at: look, of: steps)
            let control = buckets(requests * (1 - share), median: controlNoise[Self.history + look], &stream)
            let experiment = buckets(
                requests * share,
                median: experimentNoise[Self.history + look] * factor,
                &stream
            )
            return [EvaluatedUnit.latencies(control: control, experiment: experiment)]
        }
        let metric = EvaluatedMetric(name: "latency", kind: .latency(bounds: Self.bounds, history: history))
        return EvaluatedAnalysis(comparison: .concurrent, metrics: [metric], looks: looks)
    }

    /// Medians of the units.
    private func noise(_ count: Int, _ stream: inout RandomStream) -> [Double] {
        AutoregressiveNoise(deviation: ownNoise, memory: Self.memory).values(count, from: &stream).map {
            Self.median * exp($0)
        }
    }

    private func buckets(_ requests: Double, median: Double, _ stream: inout RandomStream) -> LatencyBuckets {
        var left = stream.poisson(requests)
        var above = 1.0
        var counts: [Double] = []
        for bound in Self.bounds {
            let aboveBound = 0.5 * erfc(log(bound / median) / Self.sigma / 2.0.squareRoot())
            let inside = above > 0 ? stream.binomial(left, max(0, 1 - aboveBound / above)) : 0
            counts.append(inside)
            left -= inside
            above = aboveBound
        }
        return LatencyBuckets(counts: counts + [left])
    }
}

/// A normal series in which each value remembers a part of the one ahead of it.
struct AutoregressiveNoise: Sendable {
    var deviation: Double
    var memory: Double

    func values(_ count: Int, from stream: inout RandomStream) -> [Double] {
        guard deviation > 0 else { return [Double](repeating: 0, count: count) }
        let fresh = (1 - memory * memory).squareRoot()
        var z = stream.normal()
        return (0..<count).map { index in
            if index > 0 { z = memory * z + fresh * stream.normal() }
            return deviation * z
        }
    }
}
