import Analysis
package import Reports

/// The page of all analyses of past windows.
package enum PastListPage {
    /// One of them, as its report says it.
    package struct Row: Sendable {
        var address: String
        var application: String
        var version: String
        var environment: String
        var place: String?
        var askedAt: String
        var askedText: String
        var window: String
        var word: String
        var sign: String
        var tone: String
        var why: String

        package init(_ record: AnalysisRecord) {
            let report = AnalysisReport(record)
            address = ReportPage.address(ofPastAnalysis: report.id)
            application = report.application
            version = report.version
            environment = report.environment
            place = report.place
            let asked = report.adHoc?.requestedAt ?? record.session.openedAt
            askedAt = asked.rfc3339
            askedText = asked.readable
            window = report.adHoc.map { "\($0.window.start.readable) to \($0.window.end.readable)" } ?? ""
            word = report.state.word
            sign = report.state.tone.sign
            tone = report.state.tone.rawValue
            why = report.ending == nil ? report.state.headline : report.reason
        }
    }

    /// - Parameter next: where older ones begin; nil on the last page.
    package static func html(_ rows: [Row], next: String?, version: String) -> String {
        let view = View(
            hasRows: !rows.isEmpty,
            rows: rows,
            next: next.map { "/analyses?before=\($0.pathSegment)" }
        )
        let frame = PageFrame(
            title: "Analyses of past windows",
            crumbs: [.init(text: "past windows", address: nil)],
            isLive: false,
            content: PageTemplates.render(view, "past"),
            version: version
        )
        return PageTemplates.render(frame, "page")
    }

    /// What the template reads.
    private struct View {
        var hasRows: Bool
        var rows: [Row]
        var next: String?
    }
}
