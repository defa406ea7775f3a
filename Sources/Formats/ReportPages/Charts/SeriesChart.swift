import Analysis
import Reports

/// Both sides of a metric over time.
struct SeriesChart {
    /// Unique on the page.
    let id: String
    let series: SideSeries
    let unit: MetricUnit
    /// What the samples are; nil where that is plain.
    let note: String?

    /// Points of a line that a page draws at most; of more, each is the mean of its neighbours.
    private static let maximumPoints = 120

    private var finite: [Double] { (series.control + series.experiment).filter(\.isFinite) }

    private var range: ClosedRange<Double>? {
        guard let least = finite.min(), let most = finite.max() else { return nil }
        // A line of equal values lies in the middle.
        let margin = least == most ? max(abs(least) * 0.1, 1e-9) : (most - least) * 0.05
        let (lowest, highest) = (least - margin, most + margin)
        // What is too far apart for a number is not drawn.
        return (highest - lowest).isFinite ? lowest...highest : nil
    }

    /// A small one without axes, whose lines the large one refers to.
    var sparkline: String {
        guard let range else { return "" }
        return """
            <svg \(viewBox) height="26" aria-hidden="true"><g id="\(id)">\(lines(range))</g></svg>
            """
    }

    /// With the scale, the time, and gaps.
    var chart: String {
        guard let range else { return "" }
        let top = ReadableSample.text(range.upperBound, unit)
        let bottom = ReadableSample.text(range.lowerBound, unit)
        let end = series.time(max(0, series.control.count - 1))
        return """
            <svg class="chart" role="img" height="160" aria-label="\("both sides over time, \(bottom) to \(top)".htmlText)">\
            <use href="#chart-grid"/>\
            <svg y="14" width="100%" height="126" \(viewBox)>\(gaps)<use href="#\(id)"/></svg>\
            <text y="10">\((note.map { "\(top), \($0)" } ?? top).htmlText)</text><text y="155">\(ReadableSample.time(series.first))Z, from \(bottom.htmlText)</text>\
            <text x="100%" y="155" text-anchor="end">\(ReadableSample.time(end))Z</text></svg>
            """
    }

    /// What the lines are, and the frame that each chart refers to: once on a page.
    static let legend = """
        <p class="legend"><svg aria-hidden="true"><defs><g id="chart-grid"><line class="grid" x2="100%" y1="14" y2="14"/>\
        <line class="grid" x2="100%" y1="140" y2="140"/></g></defs><line class="side-control" x2="28" y1="4" y2="4"/></svg> control \
        <svg aria-hidden="true"><line class="side-experiment" x2="28" y1="4" y2="4"/></svg> experiment</p>
        """

    private func lines(_ range: ClosedRange<Double>) -> String {
        [("side-control", series.control), ("side-experiment", series.experiment)].map { name, values in
            let path = path(values, range)
            return path.isEmpty ? "" : "<path class=\"\(name)\" d=\"\(path)\"/>"
        }.joined()
    }

    /// Missing samples interrupt it. A sample between two missing ones is a point, drawn as a short line.
    private func path(_ values: [Double], _ range: ClosedRange<Double>) -> String {
        let height = range.upperBound - range.lowerBound
        var path = ""
        // Where the line is: it goes on by differences, which are shorter.
        var end: Int?
        for point in 0..<points {
            let part = values[point * stepsPerPoint..<min((point + 1) * stepsPerPoint, values.count)]
                .filter(\.isFinite)
            guard !part.isEmpty, height > 0 else {
                end = nil
                continue
            }
            let mean = part.reduce(0) { $0 + $1 / Double(part.count) }
            let y = Int((100 - (mean - range.lowerBound) / height * 100).rounded())
            path += end.map { "l1\(y < $0 ? "" : " ")\(y - $0)" } ?? "M\(point) \(y)h0"
            end = y
        }
        return path
    }

    private var stepsPerPoint: Int {
        max(1, (series.control.count + Self.maximumPoints - 1) / Self.maximumPoints)
    }

    private var points: Int { (series.control.count + stepsPerPoint - 1) / stepsPerPoint }

    /// A point is one wide.
    private var viewBox: String { "viewBox=\"0 0 \(max(1, points - 1)) 100\" preserveAspectRatio=\"none\"" }

    /// Where a side has no sample.
    private var gaps: String {
        let size = Double(stepsPerPoint)
        var path = ""
        var start: Int?
        for index in 0...series.control.count {
            let isMissing =
                index < series.control.count && (series.control[index].isNaN || series.experiment[index].isNaN)
            if isMissing, start == nil { start = index }
            if !isMissing, let first = start {
                let x = max(0, (Double(first) - 0.5) / size)
                let width = Double(index - first) / size
                path += "M\(x.coordinate) 0h\(width.coordinate)v100h-\(width.coordinate)z"
                start = nil
            }
        }
        return path.isEmpty ? "" : "<path class=\"gap\" d=\"\(path)\"/>"
    }
}
