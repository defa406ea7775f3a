import Analysis
import LoadRig

/// One measure over the numbers of analyses, as bars of text.
struct BarChart: Sendable {
    var title: String
    var unit: String
    var bars: [(sessions: Int, value: Double)]

    private static let width = 50

    /// Bars are proportional to their values; a value that is there shows at least one mark.
    var block: TextBlock {
        let most = bars.map(\.value).max() ?? 0
        let labels = bars.map { "\($0.sessions)" }
        let widest = labels.map(\.count).max() ?? 0
        let lines = zip(bars, labels).map { bar, label in
            let length = most > 0 ? Int((bar.value / most * Double(Self.width)).rounded()) : 0
            let marks = String(repeating: "#", count: bar.value > 0 ? max(1, length) : 0)
            return String(repeating: " ", count: widest - label.count) + label + " |" + marks
                + " \(Figures.number(bar.value)) \(unit)"
        }
        return TextBlock(title: title, lines: lines)
    }
}
