import Analysis
package import Reports

/// What a person may do about an analysis: the links on its page, and the page with the form of each.
package enum PageAction: String, Sendable, CaseIterable {
    case approve
    case abort
    case cancel
    case feedback

    /// Those that make sense: a running analysis has no verdict to be right, and one that has ended is not cancelled.
    func isMeant(for report: AnalysisReport) -> Bool {
        switch self {
        case .approve, .abort: true
        case .cancel: report.isRunning
        case .feedback: !report.isRunning
        }
    }

    package func address(ofSession id: String) -> String { "\(ReportPage.address(ofSession: id))/\(rawValue)" }

    var name: String {
        switch self {
        case .approve: "Approve"
        case .abort: "Abort"
        case .cancel: "Cancel the analysis"
        case .feedback: "Was this right?"
        }
    }

    var tone: String {
        switch self {
        case .approve: ReportState.Tone.good.rawValue
        case .abort: ReportState.Tone.bad.rawValue
        case .cancel, .feedback: ReportState.Tone.neutral.rawValue
        }
    }

    fileprivate func explanation(isRunning: Bool) -> String {
        switch self {
        case .approve, .abort:
            (isRunning
                ? "The analysis ends now with the verdict \(self == .approve ? "pass" : "fail")."
                : "The analysis has ended. Your decision becomes its verdict: \(self == .approve ? "pass" : "fail").")
                + " Gates and rollout controllers go by it."
        case .cancel: "The analysis ends now without an answer. The release stays as it is."
        case .feedback: "The verdict stays as it is. Your answer is kept and counted."
        }
    }
}

/// The page on which a person confirms a decision.
package enum DecisionPage {
    private struct View {
        var application: String
        var environment: String
        var version: String
        var address: String
        var tone: String
        var sign: String
        var headline: String
        var reason: String
        var title: String
        var explanation: String
        var action: String
        var seen: String
        var asksForOpinion: Bool
        var needsReason: Bool
        var reasonLabel: String
        var maximum: Int
        var actor: String
        var button: String
        var buttonTone: String
    }

    /// - Parameters:
    ///   - seen: the final verdict that the person sees, which the form names again.
    ///   - actor: how the person is called in what is kept.
    ///   - version: of this program.
    package static func html(
        _ action: PageAction,
        _ report: AnalysisReport,
        seen: String,
        actor: String,
        version: String
    ) -> String {
        let isFeedback = action == .feedback
        let title = isFeedback ? "Was this verdict right?" : "\(action.name): \(report.application) \(report.version)"
        let view = View(
            application: report.application,
            environment: report.environment,
            version: report.version,
            address: ReportPage.address(ofSession: report.id),
            tone: report.state.tone.rawValue,
            sign: report.state.tone.sign,
            headline: report.state.headline,
            reason: report.reason,
            title: title,
            explanation: action.explanation(isRunning: report.isRunning),
            action: action.address(ofSession: report.id),
            seen: seen,
            asksForOpinion: isFeedback,
            needsReason: !isFeedback,
            reasonLabel: isFeedback ? "Why (may be left out)" : "Why, in a sentence",
            maximum: PersonDecision.maximumReasonBytes,
            actor: actor,
            button: isFeedback ? "Send" : action.name,
            buttonTone: action.tone
        )
        let content = PageTemplates.render(view, "decide")
        var frame = ReportPage.frame(content, of: report, last: action.name, version: version)
        // What the person decides about must not change while it is looked at.
        frame.isLive = false
        return PageTemplates.render(frame, "page")
    }
}
