import Foundation

/// One recorded series taken apart into a level and noise about it. A pair is made from them: both sides share the level,
/// and each draws noise of its own.
///
/// The level is the running median of 13 values; noise is drawn in blocks of 6 neighbours, so that its memory stays. Both
/// are taken on a logarithmic scale, as ratios are what judges compare.
struct SharedLevel: Sendable {
    /// ln of the level, offset included. Steps without a value are left out.
    private let levels: [Double]
    private let noise: [Double]
    private let offset: Double
    /// As they were recorded.
    let values: [Double]

    static let window = 13
    static let block = 6

    /// - Parameter values: NaN where there is none; all above `-offset`.
    init(_ values: [Double], offset: Double) {
        self.offset = offset
        self.values = values
        let logs = values.map { log($0 + offset) }
        var levels: [Double] = []
        var noise: [Double] = []
        let reach = Self.window / 2
        for (index, value) in logs.enumerated() where !value.isNaN {
            let near = logs[max(0, index - reach)...min(logs.count - 1, index + reach)]
            let level = MedianOfValues.of(near.filter { !$0.isNaN })
            levels.append(level)
            noise.append(value - level)
        }
        self.levels = levels
        self.noise = noise
    }

    var count: Int { levels.count }

    /// `steps` values of each side from `start` on.
    func pair(
        from start: Int,
        steps: Int,
        _ stream: inout RandomStream
    ) -> (control: [Double], experiment: [Double]) {
        let control = side(from: start, steps: steps, &stream)
        return (control, side(from: start, steps: steps, &stream))
    }

    private func side(from start: Int, steps: Int, _ stream: inout RandomStream) -> [Double] {
        let size = min(Self.block, noise.count)
        var block = 0
        return (0..<steps).map { step in
            if step.isMultiple(of: size) { block = stream.index(below: noise.count - size + 1) }
            return max(0, exp(levels[start + step] + noise[block + step % size]) - offset)
        }
    }
}

/// Medians of few values.
enum MedianOfValues {
    /// The middle value, or the mean of the two in the middle; NaN for none.
    static func of(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
