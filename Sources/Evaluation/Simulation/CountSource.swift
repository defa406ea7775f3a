import Foundation
import Judging

/// Simulated releases of a service whose errors are counted: one cell of requests, split, share of errors and noise.
struct CountSource: EvaluationSource {
    /// Noise of the share of errors.
    struct Noise: Sendable, Equatable {
        var variance: Double
        var memory: Double
        /// Both sides have the same noise.
        var isShared = false

        var name: String {
            guard variance > 0 else { return "none" }
            let memory = memory > 0 ? " AR \(Self.text(memory))" : ""
            return "v \(Self.text(variance))\(memory)\(isShared ? " shared" : "")"
        }

        private static func text(_ number: Double) -> String { "\(number)".replacing(/\.0$/, with: "") }
    }

    /// How the requests are divided.
    enum Split: Sendable, Equatable {
        /// The experiment's share.
        case constant(Double)
        /// 1, 5, 10, 25 and 50 % in fifths of the analysis.
        case ramp

        var name: String {
            switch self {
            case .constant(let share): "\(CountSource.percent(share)) split"
            case .ramp: "ramp 1-50 %"
            }
        }

        func share(at look: Int, of planned: Int) -> Double {
            switch self {
            case .constant(let share): share
            case .ramp: [0.01, 0.05, 0.1, 0.25, 0.5][min(4, look * 5 / max(1, planned))]
            }
        }
    }

    /// Of both sides together, a look.
    let requests: Double
    let split: Split
    /// Of a healthy side.
    let errorShare: Double
    let noise: Noise
    let steps: Int
    let degradations: [Degradation]
    let count: Int
    private let factors: GammaNoise

    let comparison = EvaluatedComparison.concurrent
    var seriesCount: Int? { nil }

    /// Units of the control before the event.
    static let history = 120

    static let noises: [Noise] = [
        Noise(variance: 0, memory: 0), Noise(variance: 0.05, memory: 0), Noise(variance: 0.25, memory: 0),
        Noise(variance: 1, memory: 0), Noise(variance: 0.25, memory: 0.4), Noise(variance: 0.05, memory: 0.8),
        Noise(variance: 0.25, memory: 0.8), Noise(variance: 1, memory: 0.8),
        Noise(variance: 1, memory: 0.8, isShared: true),
    ]
    static let requestCounts = [50.0, 500, 2_000, 20_000]
    static let errorShares = [0.0001, 0.001, 0.01, 0.05]
    static let splits: [Split] = [.constant(0.01), .constant(0.1), .constant(0.5), .ramp]

    /// - Parameter factors: those of the noise, where there are some already.
    init(
        requests: Double,
        split: Split,
        errorShare: Double,
        noise: Noise,
        factors: GammaNoise? = nil,
        steps: Int,
        degradations: [Degradation],
        count: Int
    ) {
        self.requests = requests
        self.split = split
        self.errorShare = errorShare
        self.noise = noise
        self.steps = steps
        self.degradations = degradations
        self.count = count
        self.factors = factors ?? GammaNoise(variance: noise.variance, memory: noise.memory)
    }

    /// All 576 cells.
    static func cells(steps: Int, degradations: [Degradation], count: Int) -> [CountSource] {
        noises.flatMap { noise in
            let factors = GammaNoise(variance: noise.variance, memory: noise.memory)
            return requestCounts.flatMap { requests in
                errorShares.flatMap { errorShare in
                    splits.map { split in
                        CountSource(
                            requests: requests,
                            split: split,
                            errorShare: errorShare,
                            noise: noise,
                            factors: factors,
                            steps: steps,
                            degradations: degradations,
                            count: count
                        )
                    }
                }
            }
        }
    }

    /// The row of a summary that the cell belongs to.
    var group: String? { summary }

    private var summary: String { "counts, noise \(noise.name), \(Int(requests)) requests" }

    var family: String { "\(summary), \(split.name), \(Self.percent(errorShare)) errors" }

    static func percent(_ share: Double) -> String {
        "\((share * 1_000_000).rounded() / 10_000)".replacing(/\.0$/, with: "") + " %"
    }

    func analysis(_ number: Int, _ degradation: Degradation, seed: UInt64) -> EvaluatedAnalysis {
        // Noise and counts are drawn apart, so that a degradation does not change the noise.
        var noiseStream = stream(number, seed: seed)
        var stream = RandomStream(seed: noiseStream.next())
        let controlNoise = factors.factors(Self.history + steps, from: &noiseStream)
        let experimentNoise = noise.isShared ? controlNoise : factors.factors(Self.history + steps, from: &noiseStream)
        let history = (0..<Self.history).map { unit in
            let sample = sample(requests, errorShare * controlNoise[unit], &stream)
            return (events: sample.events, exposure: sample.requests)
        }
        let looks = (0..<steps).map { look in
            let share = split.share(at: look, of: steps)
            let factor = degradation.factor(at: look, of: steps)
            let control = sample(
                requests * (1 - share),
                errorShare * controlNoise[Self.history + look],
                &stream
            )
            let experiment = sample(
                requests * share,
                errorShare * factor * experimentNoise[Self.history + look],
                &stream
            )
            return [
                EvaluatedUnit.counts(
                    CountsUnit(
                        experimentEvents: experiment.events,
                        controlEvents: control.events,
                        experimentExposure: experiment.requests,
                        controlExposure: control.requests
                    )
                )
            ]
        }
        let metric = EvaluatedMetric(name: "errors", kind: .counts(history: history))
        return EvaluatedAnalysis(comparison: .concurrent, metrics: [metric], looks: looks)
    }

    private func sample(
        _ requests: Double,
        _ errorShare: Double,
        _ stream: inout RandomStream
    ) -> (events: Double, requests: Double) {
        let arrived = stream.poisson(requests)
        return (stream.binomial(arrived, min(1, errorShare)), arrived)
    }
}
