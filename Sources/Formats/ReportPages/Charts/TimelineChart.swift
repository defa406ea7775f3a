import Reports

/// The time line of an analysis: warm-up, looks, waiting, verdict and actions.
struct TimelineChart {
    let timeline: ReportTimeline

    /// Looks that are drawn at most; of more, those that say something, and some between them.
    private static let maximumLooks = 150

    var svg: String {
        let bands = timeline.bands.map { band in
            let (start, end) = (timeline.place(band.start), timeline.place(band.end))
            return """
                <rect class="\(band.kind.rawValue)" x="\(start.percent)" y="12" width="\((end - start).percent)" height="12" \
                tabindex="0" role="img" aria-label="\(band.text.htmlText)"><title>\(band.text.htmlText)</title></rect>
                """
        }
        let now = timeline.marks.map(\.at).max() ?? timeline.start
        let rails = """
            <line class="rail" x1="0" x2="100%" y1="18" y2="18"/>\
            <line class="past" x1="0" x2="\(timeline.place(now).percent)" y1="18" y2="18"/>
            """
        return """
            <svg height="46" role="group" aria-label="Time line">\(rails)\(bands.joined())\(marks.joined())
            <text x="0" y="42">\(ReadableSample.time(timeline.start))Z deployed</text>
            <text x="100%" y="42" text-anchor="end">\(ReadableSample.time(timeline.end))Z</text></svg>
            """
    }

    private var marks: [String] {
        let looks = timeline.marks.filter { $0.kind == .look }.count
        let every = max(1, (looks + Self.maximumLooks - 1) / Self.maximumLooks)
        var number = 0
        return timeline.marks.compactMap { mark in
            if mark.kind == .look {
                number += 1
                guard mark.tone != .running || number.isMultiple(of: every) else { return nil }
            }
            return drawn(mark)
        }
    }

    private func drawn(_ mark: ReportTimeline.Mark) -> String {
        let x = timeline.place(mark.at).percent
        let shape =
            switch mark.kind {
            case .look: "<circle cx=\"\(x)\" cy=\"18\" r=\"4\"/>"
            case .verdict: "<circle cx=\"\(x)\" cy=\"18\" r=\"7\"/>"
            case .deployment, .update: "<rect x=\"\(x)\" y=\"10\" width=\"3\" height=\"16\"/>"
            case .change: "<circle cx=\"\(x)\" cy=\"6\" r=\"3\"/>"
            // A diamond would need coordinates of its own; a tall bar is told from the others as well.
            case .action: "<rect x=\"\(x)\" y=\"4\" width=\"4\" height=\"28\" rx=\"2\"/>"
            }
        let text = mark.text.htmlText
        return """
            <g class="mark \(mark.tone.rawValue)" tabindex="0" role="img" aria-label="\(text)"><title>\(text)</title>\(shape)</g>
            """
    }
}
