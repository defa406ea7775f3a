import Foundation

/// Simulated releases of a service of which one value a step is compared, such as a queue or a percentile: the ratio of both
/// sides wanders on its own.
struct ValueSource: EvaluationSource {
    /// Standard deviation of ln of the ratio.
    let spread: Double
    /// How much of it stays from step to step.
    let memory: Double
    let steps: Int
    let degradations: [Degradation]
    let count: Int

    let comparison = EvaluatedComparison.concurrent
    var seriesCount: Int? { nil }

    /// Lifetimes before the release in which both sides have values.
    static let history = 2

    static func cells(steps: Int, degradations: [Degradation], count: Int) -> [ValueSource] {
        [0, 0.4, 0.8].flatMap { memory in
            [0.05, 0.1, 0.2, 0.4].map { spread in
                ValueSource(spread: spread, memory: memory, steps: steps, degradations: degradations, count: count)
            }
        }
    }

    var family: String { "values, own noise \(CountSource.percent(spread)) AR \(memory)" }

    func analysis(_ number: Int, _ degradation: Degradation, seed: UInt64) -> EvaluatedAnalysis {
        var stream = stream(number, seed: seed)
        let before = Self.history * steps
        let noise = AutoregressiveNoise(deviation: spread, memory: memory).values(before + steps, from: &stream)
        let ratios = noise.map { exp($0) }
        let pairs = ratios.prefix(before).map { (control: 1.0, experiment: $0) }
        let metric = EvaluatedMetric(name: "value", kind: .gauge(history: []), pairs: pairs)
        let looks = (0..<steps).map { step in
            let factor = degradation.factor(at: step, of: steps)
            return [EvaluatedUnit.values(control: 1, experiment: ratios[before + step] * factor)]
        }
        return EvaluatedAnalysis(comparison: .concurrent, metrics: [metric], looks: looks)
    }
}
