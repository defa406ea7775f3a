package import Judging

/// What the samples of a pair look like.
package enum SampleKind: String, CaseIterable, Sendable {
    /// Around 100 with a standard deviation of 10, no two alike.
    case normal
    /// Small whole numbers around 10, as counts of requests or errors a step are: nearly all of them tied.
    case tied

    /// Samples a side that are measured.
    package static let sizes = [30, 60, 180, 1440]

    /// The same pairs in every run; every second experiment is 5 % higher.
    package func pairs(_ number: Int, samples: Int, settings: MetricSettings = MetricSettings()) -> [MetricPair] {
        var numbers = RandomNumbers(seed: 1)
        return (0..<number).map { index in
            MetricPair(
                name: "metric \(index)",
                groups: ["group \(index % 3)"],
                control: (0..<samples).map { _ in sample(1, &numbers) },
                experiment: (0..<samples).map { _ in sample(index.isMultiple(of: 2) ? 1 : 1.05, &numbers) },
                settings: settings
            )
        }
    }

    private func sample(_ factor: Double, _ numbers: inout RandomNumbers) -> Double {
        switch self {
        case .normal: numbers.normal(mean: 100 * factor, deviation: 10)
        case .tied: numbers.poisson(mean: 10 * factor)
        }
    }
}
