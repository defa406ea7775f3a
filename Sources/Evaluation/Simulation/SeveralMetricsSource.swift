import Foundation
import Judging

/// Simulated releases of which five metrics are judged together: two counts of errors, and three latencies with noise that
/// is partly shared by both sides.
struct SeveralMetricsSource: EvaluationSource {
    /// Which metrics a degradation touches.
    enum Degraded: String, Sendable, CaseIterable {
        case errors
        case oneLatency = "one latency"
        case threeLatencies = "three latencies"
    }

    let degraded: Degraded
    let steps: Int
    let degradations: [Degradation]
    let count: Int

    let comparison = EvaluatedComparison.concurrent
    var seriesCount: Int? { nil }
    var family: String { "five metrics, \(degraded.rawValue) degraded" }

    static let requests = 2_000.0
    static let share = 0.1
    static let errorShare = 0.01
    static let history = 120
    /// Of errors, other errors, and each latency.
    static let weights = [0.4, 0.15, 0.15, 0.15, 0.15]

    static func cells(steps: Int, shapes: [Degradation.Shape], count: Int) -> [SeveralMetricsSource] {
        Degraded.allCases.map { degraded in
            let ratios: [Double] =
                switch degraded {
                case .errors: [2, 10]
                case .oneLatency: [1.25]
                case .threeLatencies: [1.5]
                }
            let worse = ratios.flatMap { ratio in shapes.map { Degradation(ratio, $0) } }
            return SeveralMetricsSource(
                degraded: degraded,
                steps: steps,
                degradations: [.none] + worse,
                count: count
            )
        }
    }

    func analysis(_ number: Int, _ degradation: Degradation, seed: UInt64) -> EvaluatedAnalysis {
        var noiseStream = stream(number, seed: seed)
        var stream = RandomStream(seed: noiseStream.next())
        let metrics = Self.weights.enumerated().map { index, weight in
            let kind: EvaluatedMetric.Kind =
                index < 2
                ? .counts(history: (0..<Self.history).map { _ in counts(Self.requests, Self.errorShare, &stream) })
                : .gauge(history: [])
            let name = ["errors", "other errors", "latency a", "latency b", "latency c"][index]
            return EvaluatedMetric(name: name, kind: kind, isCritical: index == 0, weight: weight)
        }
        let latencies = (0..<3).map { _ in latency(&noiseStream) }
        let looks = (0..<steps).map { look in
            let factor = degradation.factor(at: look, of: steps)
            var units: [EvaluatedUnit] = []
            for index in 0..<2 {
                let worse = degraded == .errors && index == 0 ? factor : 1
                let control = counts(Self.requests * (1 - Self.share), Self.errorShare, &stream)
                let experiment = counts(Self.requests * Self.share, Self.errorShare * worse, &stream)
                units.append(
                    .counts(
                        CountsUnit(
                            experimentEvents: experiment.events,
                            controlEvents: control.events,
                            experimentExposure: experiment.exposure,
                            controlExposure: control.exposure
                        )
                    )
                )
            }
            for (index, latency) in latencies.enumerated() {
                let isDegraded = degraded == .threeLatencies || degraded == .oneLatency && index == 0
                let experiment = latency.experiment[look] * (isDegraded ? factor : 1)
                units.append(.values(control: latency.control[look], experiment: experiment))
            }
            return units
        }
        return EvaluatedAnalysis(comparison: .concurrent, metrics: metrics, looks: looks)
    }

    private func counts(
        _ requests: Double,
        _ errorShare: Double,
        _ stream: inout RandomStream
    ) -> (events: Double, exposure: Double) {
        let arrived = stream.poisson(requests)
        return (stream.binomial(arrived, min(1, errorShare)), arrived)
    }

    /// 80 ms on both sides, times shared noise of 20 % that has memory, times own noise of 10 %.
    private func latency(_ stream: inout RandomStream) -> (control: [Double], experiment: [Double]) {
        let shared = AutoregressiveNoise(deviation: 0.2, memory: 0.8).values(steps, from: &stream)
        let own = AutoregressiveNoise(deviation: 0.1, memory: 0.4)
        let control = own.values(steps, from: &stream)
        let experiment = own.values(steps, from: &stream)
        return (zip(shared, control).map { 0.08 * exp($0 + $1) }, zip(shared, experiment).map { 0.08 * exp($0 + $1) })
    }
}
