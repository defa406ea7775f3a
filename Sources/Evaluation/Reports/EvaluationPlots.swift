import Foundation
import Reports

/// The plots of the page: inline SVG whose coordinates are percentages, so that it is as wide as the page is.
struct EvaluationPlots {
    let judges: [String]

    /// One entry a judge, in its colour.
    var legend: String {
        let entries = judges.enumerated().map { index, judge in
            "<li><svg width=\"14\" height=\"14\" aria-hidden=\"true\">\(mark(index, x: "7", y: 7))</svg>\(judge.htmlText)</li>"
        }
        return "<ul class=\"legend\">\(entries.joined())</ul>"
    }

    private func index(of judge: String) -> Int { judges.firstIndex(of: judge) ?? 0 }

    /// The mark of a judge; their forms differ, not only their colours.
    private func mark(_ index: Int, x: String, y: Int) -> String {
        "<g class=\"j\(index % 7)\"><circle cx=\"\(x)\" cy=\"\(y)\" r=\"\(index.isMultiple(of: 2) ? 5 : 4)\""
            + (index.isMultiple(of: 2) ? "/>" : " class=\"hollow\"/>") + "</g>"
    }

    // MARK: False aborts

    /// Shares of false aborts are mostly small: the scale is that of the square root.
    private static func place(ofShare share: Double) -> Double { 1 + 97 * share.squareRoot() }

    func falseAborts(_ table: EvaluationSummary.Table, reachesToWorst: Bool) -> String {
        let ticks = [0.0, 0.02, 0.1, 0.25, 0.5, 1]
        let labels = ticks.map { (Self.place(ofShare: $0), "\(Int(($0 * 100).rounded())) %") }
        let rows = strips(table) { line in
            guard let cell = line.cells[.none] else { return nil }
            let isMean = reachesToWorst || line.families > 1
            let low = isMean ? cell.failedShare : cell.interval.lowerBound
            let high = isMean ? cell.worst : cell.interval.upperBound
            let text = "\(line.judge): \(EvaluationReport.percent(cell.failedShare)) of \(cell.analyses)"
            return Strip(
                place: Self.place(ofShare: cell.failedShare),
                line: Self.place(ofShare: low)...Self.place(ofShare: max(low, high)),
                text: text
            )
        }
        return frame(rows, labels)
    }

    // MARK: Median looks

    /// At the degradation of 1.5, or the largest that there is below 3.
    func medianLooks(_ table: EvaluationSummary.Table) -> String {
        let steps = table.degradations.filter { $0.shape == .step && $0.ratio > 1 }
        guard let degradation = steps.first(where: { $0.ratio == 1.5 }) ?? steps.last(where: { $0.ratio < 3 }) else {
            return ""
        }
        let place = { (look: Double) in 1 + 97 * look / Double(table.steps) }
        let ticks = [0, table.steps / 4, table.steps / 2, table.steps * 3 / 4, table.steps]
        let rows = strips(table) { line in
            guard let look = line.cells[degradation]?.medianLook else { return nil }
            let text = "\(line.judge): look \(EvaluationReport.number(look)) of \(table.steps)"
            return Strip(place: place(look), line: nil, text: text)
        }
        return """
            <h3>When it is found</h3>
            <p>Median look of the releases that failed at \(degradation.title).</p>
            \(frame(rows, ticks.map { (place(Double($0)), String($0)) }))
            """
    }

    // MARK: Strips

    /// One mark of one judge in the strip of a family.
    private struct Strip {
        /// Percent of the width.
        var place: Double
        var line: ClosedRange<Double>?
        var text: String
    }

    private func strips(
        _ table: EvaluationSummary.Table,
        _ strip: (EvaluationSummary.Line) -> Strip?
    ) -> String {
        var families: [String] = []
        for line in table.lines where !families.contains(line.family) { families.append(line.family) }
        return families.map { family in
            let lines = table.lines.filter { $0.family == family }
            let height = 14 * lines.count + 4
            let marks = lines.enumerated().map { row, line -> String in
                guard let strip = strip(line) else { return "" }
                let (index, y) = (index(of: line.judge), 14 * row + 9)
                let span = strip.line.map { span in
                    "<line class=\"j\(index % 7)\" x1=\"\(percent(span.lowerBound))\" x2=\"\(percent(span.upperBound))\""
                        + " y1=\"\(y)\" y2=\"\(y)\"/>"
                }
                return "<g><title>\(strip.text.htmlText)</title>\(span ?? "")"
                    + "\(mark(index, x: percent(strip.place), y: y))</g>"
            }
            let texts = lines.compactMap { strip($0)?.text }.joined(separator: "; ")
            return "<div class=\"name\">\(family.htmlText)</div>"
                + "<svg class=\"strip\" role=\"img\" aria-label=\"\(texts.htmlText)\" width=\"100%\" height=\"\(height)\">"
                + "{grid}\(marks.joined())</svg>"
        }.joined(separator: "\n")
    }

    /// Strips with a grid and its labels.
    private func frame(_ strips: String, _ ticks: [(place: Double, text: String)]) -> String {
        let grid = ticks.map { tick in
            "<line class=\"grid\" x1=\"\(percent(tick.place))\" x2=\"\(percent(tick.place))\" y1=\"0\" y2=\"100%\"/>"
        }
        let labels = ticks.enumerated().map { index, tick in
            let anchor = index == 0 ? "start" : index == ticks.count - 1 ? "end" : "middle"
            return "<text x=\"\(percent(tick.place))\" y=\"12\" text-anchor=\"\(anchor)\">\(tick.text)</text>"
        }
        return "<div class=\"strips\">\(strips.replacing("{grid}", with: grid.joined()))"
            + "<div class=\"name\"></div><svg class=\"axis\" aria-hidden=\"true\" width=\"100%\" height=\"16\">"
            + "\(labels.joined())</svg></div>"
    }

    // MARK: What is found

    /// A small plot a family: lines from the mildest degradation to the worst.
    func found(_ table: EvaluationSummary.Table) -> String {
        let degradations = table.degradations.filter { $0.ratio > 1 }
        guard !degradations.isEmpty else { return "" }
        var families: [String] = []
        for line in table.lines where !families.contains(line.family) { families.append(line.family) }
        let plots = families.map { family in
            "<figure>\(foundPlot(table.lines.filter { $0.family == family }, degradations))"
                + "<figcaption>\(family.htmlText)</figcaption></figure>"
        }
        return "<div class=\"plots\">\(plots.joined(separator: "\n"))</div>"
    }

    private func foundPlot(_ lines: [EvaluationSummary.Line], _ degradations: [Degradation]) -> String {
        let across = { (column: Int) in 14 + 80 * (Double(column) + 0.5) / Double(degradations.count) }
        let down = { (share: Double) in 8 + 100 * (1 - share) }
        let grid = [0.0, 0.5, 1].map { share in
            "<line class=\"grid\" x1=\"14%\" x2=\"96%\" y1=\"\(pixels(down(share)))\" y2=\"\(pixels(down(share)))\"/>"
                + "<text x=\"12%\" y=\"\(pixels(down(share) + 4))\" text-anchor=\"end\">\(Int(share * 100)) %</text>"
        }
        let names = degradations.enumerated().map { column, degradation in
            "<text x=\"\(percent(across(column)))\" y=\"126\" text-anchor=\"middle\">\(degradation.title)</text>"
        }
        var texts: [String] = []
        let drawn = lines.map { line -> String in
            let index = index(of: line.judge)
            let points = degradations.enumerated().compactMap { column, degradation in
                line.cells[degradation].map { (x: across(column), y: down($0.failedShare), share: $0.failedShare) }
            }
            let shares = points.map { EvaluationReport.percent($0.share) }.joined(separator: ", ")
            texts.append("\(line.judge): \(shares)")
            let segments = zip(points, points.dropFirst()).map { from, to in
                "<line class=\"j\(index % 7)\" x1=\"\(percent(from.x))\" y1=\"\(pixels(from.y))\""
                    + " x2=\"\(percent(to.x))\" y2=\"\(pixels(to.y))\"/>"
            }
            let marks = points.map { mark(index, x: percent($0.x), y: Int($0.y.rounded())) }
            return "<g><title>\(line.judge.htmlText): \(shares)</title>\(segments.joined())\(marks.joined())</g>"
        }
        let label = texts.joined(separator: "; ").htmlText
        return "<svg role=\"img\" aria-label=\"\(label)\" width=\"100%\" height=\"132\">"
            + "\(grid.joined())\(names.joined())\(drawn.reversed().joined())</svg>"
    }

    private func percent(_ value: Double) -> String { String(format: "%.2f%%", value) }
    private func pixels(_ value: Double) -> String { String(format: "%.1f", value) }
}
