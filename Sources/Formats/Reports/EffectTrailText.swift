import Judging

/// How a metric's effect went over the looks, for people.
struct EffectTrailText {
    private let points: [EffectPoint]
    /// Whether the ratios have intervals.
    private let hasIntervals: Bool

    private static let bars = Array("▁▂▃▄▅▆▇█")
    /// Ratios beyond are drawn as these.
    private static let drawn = 1.0 / 32...32.0
    private static let longestLine = 24
    private static let mostRows = 8

    /// Nil where there is nothing to compare: fewer than two looks.
    init?(_ points: [EffectPoint]) {
        guard points.count > 1 else { return nil }
        self.points = points
        hasIntervals = points.contains { $0.lower < $0.upper }
    }

    /// `looks 1 to 12: ▂▃▃▄▅▆▇█ ×1.2 to ×2.41`.
    var line: String {
        let shown = Self.spread(points, atMost: Self.longestLine)
        guard let first = points.first, let last = points.last else { return "" }
        let sizes = shown.map { $0.ratio.clamped(to: Self.drawn) }
        // No difference is a bar of its own: a line that stays near 1 must not look like one that rises.
        let least = min(sizes.min() ?? 1, 0.8)
        let most = max(sizes.max() ?? 1, 1.25)
        let line = sizes.map { size in
            Self.bars[Int(((size - least) / (most - least) * Double(Self.bars.count - 1)).rounded())]
        }
        return
            "looks \(first.look) to \(last.look): \(String(line)) \(cell(first, isBrief: true)) to \(cell(last, isBrief: true))"
    }

    /// Look and ratio, in at most eight rows, the newest among them.
    var rows: [String] {
        let shown = Self.spread(points, atMost: Self.mostRows)
        let width = shown.map { "\($0.look)".count }.max() ?? 1
        return shown.map { point in
            let look = "\(point.look)"
            return "look \(String(repeating: " ", count: width - look.count))\(look)  \(cell(point, isBrief: false))"
        }
    }

    private func cell(_ point: EffectPoint, isBrief: Bool) -> String {
        RatioEstimate(
            estimate: point.ratio,
            lower: isBrief ? point.ratio : point.lower,
            upper: isBrief ? point.ratio : point.upper,
            confidence: hasIntervals ? 0.95 : 0
        ).cell
    }

    /// Evenly, the first and the last among them.
    private static func spread(_ points: [EffectPoint], atMost limit: Int) -> [EffectPoint] {
        guard points.count > limit else { return points }
        return (0..<limit).map { points[$0 * (points.count - 1) / (limit - 1)] }
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
        isNaN ? 1 : min(max(self, range.lowerBound), range.upperBound)
    }
}
