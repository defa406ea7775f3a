import Foundation
import Judging

/// The samples of a metric in which its two sides lie apart, for a judge that does not say since when they do.
enum FaultSteps {
    /// Indices of samples, in order.
    static func found(in pair: MetricPair, _ classification: MetricClassification) -> [Int] {
        let (control, experiment) = (pair.control, pair.experiment)
        guard !experiment.isEmpty, control.isEmpty || control.count == experiment.count else { return [] }
        var steps: [(index: Int, excess: Double)] = []
        for index in experiment.indices {
            let excess = experiment[index] - (control.isEmpty ? 0 : control[index])
            if excess.isFinite { steps.append((index, excess)) }
        }
        let falls =
            switch (classification, pair.settings.direction) {
            case (.high, _): false
            case (.low, _): true
            case (_, .increase): false
            case (_, .decrease): true
            case (_, .either): control.isEmpty ? falls(steps.map(\.excess)) : steps.reduce(0) { $0 + $1.excess } < 0
            }
        if falls { steps = steps.map { ($0.index, -$0.excess) } }
        let onset = onset(of: steps.map(\.excess))
        // Without a control, nothing but its own course says what is too much.
        guard !control.isEmpty || onset > 0 else { return [] }
        return steps[onset...].filter { control.isEmpty || $0.excess > 0 }.map(\.index)
    }

    private static func falls(_ values: [Double]) -> Bool {
        let half = values.count / 2
        return values.suffix(half).reduce(0, +) < values.prefix(half).reduce(0, +)
    }

    /// The step from which on the values are higher than before, by least squares; 0 where one level fits as well.
    private static func onset(of values: [Double]) -> Int {
        let count = values.count
        guard count >= 4 else { return 0 }
        let mean = values.reduce(0, +) / Double(count)
        let total = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        var (best, gain, before) = (0, 0.0, 0.0)
        for index in 1..<count {
            before += values[index - 1] - mean
            // What is before has as much less than the mean as what is after has more.
            guard before < 0 else { continue }
            let found = before * before * (1 / Double(index) + 1 / Double(count - index))
            if found > gain { (best, gain) = (index, found) }
        }
        // Three parameters in place of one have to be worth it (Schwarz' criterion).
        let rest = max(total - gain, total * 1e-12)
        return total > 0 && Double(count) * log(total / rest) > 2 * log(Double(count)) ? best : 0
    }
}
