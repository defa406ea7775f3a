package import Analysis
import Reports
package import StoredFormats
import Text

extension NotificationForm {
    /// Beyond these a receiver would refuse the message, and no reader follow it.
    private static let maximumMetrics = 10
    private static let maximumName = 120
    private static let maximumSentence = 1_000
    private static let maximumText = 8_000

    /// What is told about a verdict, in the words of every other report.
    package init(_ verdict: Verdict, link: String?) {
        let summary = VerdictSummary(verdict, maximumMetrics: Self.maximumMetrics)
        let result = NotificationResult(verdict)
        self.init(
            verdict: verdict,
            result: result.rawValue,
            severity: result.severity.rawValue,
            word: summary.word,
            title: summary.title.excerpt(3 * Self.maximumName),
            reason: verdict.reason.excerpt(Self.maximumSentence),
            next: verdict.nextStep.excerpt(Self.maximumSentence),
            metrics: summary.metrics.map { row in
                Row(
                    name: row.name.excerpt(Self.maximumName),
                    control: row.control,
                    experiment: row.experiment,
                    ratio: row.ratio,
                    result: row.result
                )
            },
            furtherMetrics: summary.furtherMetrics,
            text: Self.bounded(summary.lines),
            link: link
        )
    }

    /// What is told when an analysis begins.
    package init(startOf session: AnalysisSession, link: String?) {
        let event = session.event
        let release = "\(event.application) \(event.version) in \(event.environment)".excerpt(3 * Self.maximumName)
        let reason = "plan \(session.plan.name), \(session.startFacts)".excerpt(Self.maximumSentence)
        let next = "the verdict is due by \(session.verdictDue)"
        self.init(
            startOf: session,
            result: NotificationResult.started.rawValue,
            severity: NotificationResult.started.severity.rawValue,
            word: ReportState.running(isHeld: false).word,
            title: "\(release): STARTED",
            reason: reason,
            next: next,
            text: "\(release): STARTED\n    \(reason)\n    next: \(next)",
            link: link
        )
    }

    /// Whole lines, as many as there is room for; one that says nothing but itself is a line of its own.
    private static func bounded(_ lines: [String]) -> String {
        var text: [String] = []
        var room = maximumText
        for line in lines {
            let line = line.excerpt(maximumSentence)
            room -= line.utf8.count + 1
            guard room >= 0 else { return (text + ["…"]).joined(separator: "\n") }
            text.append(line)
        }
        return text.joined(separator: "\n")
    }

    /// Who follows it by hand reads the table; what is left out of it is said.
    var rows: [String] {
        metrics.map { metric in
            let ratio = metric.ratio.isEmpty ? "" : ", \(metric.ratio)"
            return "\(metric.name): \(metric.result) (\(metric.control) → \(metric.experiment)\(ratio))"
        } + (furtherMetrics > 0 ? ["and \(furtherMetrics) more metrics"] : [])
    }
}
