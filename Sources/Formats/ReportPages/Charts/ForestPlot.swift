import Glibc
import Judging
import Reports

/// Ratios with their intervals and limits, on a logarithmic axis that all metrics of a report share.
struct ForestPlot {
    /// The axis goes from 2^-reach to 2^reach.
    private let reach: Double

    private static let largestReach = 5.0

    init(_ effects: [EffectMark]) {
        let ends = effects.flatMap { effect in
            [effect.estimate, effect.interval?.lowerBound, effect.interval?.upperBound, effect.upperLimit]
                .compactMap(\.self).filter { $0 > 0 && $0.isFinite }
        }
        let farthest = ends.map { abs(log2($0)) }.max() ?? 1
        reach = min(Self.largestReach, max(1, farthest.rounded(.up)))
    }

    /// Where a ratio lies, 0 to 1; what is beyond the axis lies at its end.
    func place(_ ratio: Double) -> Double {
        guard ratio > 0 else { return 0 }
        return min(1, max(0, (log2(ratio) + reach) / (2 * reach)))
    }

    private var ticks: [Double] {
        let step = reach > 3 ? 2.0 : 1
        let powers = stride(from: 0, through: reach, by: step)
        return Set(powers.flatMap { [$0, -$0] }).sorted().map { exp2($0) }
    }

    /// In thousandths of the width.
    private func x(_ ratio: Double) -> Int { Int((place(ratio) * 1000).rounded()) }

    /// The axis, and the grid that each row refers to.
    var axis: String {
        let labels = ticks.map { tick in
            // The outermost stay inside.
            let anchor = place(tick) > 0.97 ? "end" : place(tick) < 0.03 ? "start" : "middle"
            return "<text x=\"\(place(tick).percent)\" y=\"12\" text-anchor=\"\(anchor)\">×\(tick.brief)</text>"
        }
        let grid = ticks.map { "M\(x($0)) 0v18" }.joined()
        return """
            <svg aria-hidden="true" height="16"><defs><g id="ratio-grid"><path class="grid" d="\(grid)"/>\
            <path class="one" d="M\(x(1)) 0v18"/></g></defs>\(labels.joined())</svg>
            """
    }

    /// Lines keep their width, and the dot its shape, however wide the row is.
    func row(_ effect: EffectMark?, text: String) -> String {
        var marks = ""
        let limits = [effect?.lowerLimit, effect?.upperLimit].compactMap(\.self).filter { $0 > 0 }
        if !limits.isEmpty { marks += "<path class=\"limit\" d=\"\(limits.map { "M\(x($0)) 0v18" }.joined())\"/>" }
        if let interval = effect?.interval {
            marks += "<path class=\"span\" d=\"M\(x(interval.lowerBound)) 9H\(x(interval.upperBound))\"/>"
        }
        if let effect { marks += "<path class=\"dot\" d=\"M\(x(effect.estimate)) 9h0\"/>" }
        let label = effect == nil ? "no ratio" : "ratio \(text)"
        return """
            <svg role="img" viewBox="0 0 1000 18" preserveAspectRatio="none" aria-label="\(label.htmlText)">\
            <use href="#ratio-grid"/>\(marks)</svg>
            """
    }
}
