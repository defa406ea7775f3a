import Analysis
import Judging

/// The samples of an analysis as comma-separated values (RFC 4180): a line a step.
package enum SampleCSV {
    /// `metric,time,control,experiment`; a missing sample is an empty field.
    package static func text(_ record: AnalysisRecord) -> String {
        let blocks = Dictionary(grouping: record.samples, by: \.metric)
        var lines = ["metric,time,control,experiment"]
        for (index, metric) in record.session.plan.metrics.enumerated() {
            guard let series = blocks[index].flatMap({ SideSeries($0) }) else { continue }
            let name = field(metric.name)
            for step in series.control.indices {
                let sides = [series.control[step], series.experiment[step]].map { $0.isNaN ? "" : $0.readable }
                lines.append("\(name),\(series.time(step).rfc3339),\(sides[0]),\(sides[1])")
            }
        }
        return lines.joined(separator: "\r\n") + "\r\n"
    }

    /// In quotes where it must be. A name that a spreadsheet would take for a formula begins with an apostrophe.
    private static func field(_ text: String) -> String {
        let isFormula = text.first.map { "=+-@\t\r".contains($0) } ?? false
        let text = isFormula ? "'\(text)" : text
        guard text.contains(where: { ",\"\r\n".contains($0) || $0 == "\r\n" }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
