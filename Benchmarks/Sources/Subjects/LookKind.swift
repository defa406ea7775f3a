import Judging

/// What a metric is to the judge `sequential`.
package enum LookKind: String, CaseIterable, Sendable {
    /// Errors among requests.
    case counts
    /// A histogram of twelve bounds, of which three are tested.
    case latency
    /// A value a step of both sides.
    case gauge
    /// A value a step against earlier times.
    case past

    /// Steps that have been folded in before the looks that are measured.
    package static let ages = [10, 10_000]

    var measure: SequentialRule.Measure {
        switch self {
        case .counts: .counts
        case .latency: .latency(objective: nil)
        case .gauge: .gauge
        case .past: .past
        }
    }

    /// Samples of one side.
    func column(_ steps: Int, _ numbers: inout RandomNumbers) -> MetricIncrement.Column {
        switch self {
        case .gauge, .past: return .values(numbers.normals(steps, mean: 100, deviation: 10))
        case .counts:
            return .counts(
                events: (0..<steps).map { _ in numbers.poisson(mean: 10) },
                requests: (0..<steps).map { _ in numbers.normal(mean: 1000, deviation: 30).rounded() }
            )
        case .latency:
            let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, .infinity]
            let means = [1, 2, 5, 20, 30, 30, 5, 2, 0.5, 0.2, 0.1, 0.1]
            var counts = bounds.map { _ in [Double]() }
            for _ in 0..<steps {
                var sum = 0.0
                for (index, mean) in means.enumerated() {
                    sum += numbers.poisson(mean: mean)
                    counts[index].append(sum)
                }
            }
            return .histogram(BucketColumn(bounds: bounds, counts: counts))
        }
    }
}
