import Glibc
import Judging
import Reports

/// The effect with its interval over the looks, on a logarithmic axis.
struct TrailChart {
    let points: [EffectPoint]
    let effect: EffectMark?

    private static let largest = 32.0
    /// No analysis has more; a report may come from elsewhere.
    private static let looks = 1...1_000_000

    /// Empty where there are fewer than two looks to draw.
    var svg: String {
        let points = points.filter { Self.looks.contains($0.look) && $0.ratio > 0 && $0.lower >= 0 && $0.upper > 0 }
        guard let first = points.first, let last = points.last, points.count > 1 else { return "" }
        let limits = [effect?.lowerLimit, effect?.upperLimit].compactMap(\.self).filter { $0 > 0 }
        let ends = (points.flatMap { [$0.ratio, $0.lower, $0.upper] } + limits).map(Self.height)
        let reach = max(1, (ends.map(abs).max() ?? 1).rounded(.up))
        func y(_ ratio: Double) -> Int { Int((100 - (Self.height(ratio) + reach) / (2 * reach) * 100).rounded()) }
        func x(_ point: EffectPoint) -> Int { point.look - first.look }
        let upper = points.map { "\(x($0)) \(y($0.upper))" }
        let lower = points.reversed().map { "\(x($0)) \(y($0.lower))" }
        let line = points.map { "\(x($0)) \(y($0.ratio))" }.joined(separator: "L")
        let width = max(1, last.look - first.look)
        let lines = limits.map { "M0 \(y($0))h\(width)" }.joined()
        let label = "ratio over the looks, from ×\(first.ratio.brief) at look \(first.look) to ×\(last.ratio.brief)"
        return """
            <svg class="chart" role="img" height="160" aria-label="\("\(label) at look \(last.look)".htmlText)">\
            <use href="#chart-grid"/>\
            <svg y="14" width="100%" height="126" viewBox="0 0 \(width) 100" preserveAspectRatio="none">\
            <path class="interval" d="M\((upper + lower).joined(separator: "L"))z"/><path class="one" d="M0 50h\(width)"/>\
            <path class="limit" d="\(lines)"/><path class="ratio" d="M\(line)"/></svg>\
            <text y="10">×\(exp2(reach).brief) ratio and interval</text>\
            <text y="155">look \(first.look), from ×\(exp2(-reach).brief)</text>\
            <text x="100%" y="155" text-anchor="end">look \(last.look)</text></svg>
            """
    }

    /// Of a ratio on the axis: its logarithm, within what is drawn.
    private static func height(_ ratio: Double) -> Double {
        log2(min(max(ratio, 1 / largest), largest))
    }
}
