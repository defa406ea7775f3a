package import Analysis
import Judging
import Reports
package import StoredFormats
import Text

/// What is said about a release on dashboards.
extension AnnotationForm {
    private static let maximumName = 120
    private static let maximumSentence = 1_000
    private static let maximumText = 4_000

    /// While the analysis runs: what is compared, and by which plan.
    package static func opening(_ session: AnalysisSession, link: String?) -> AnnotationForm {
        let event = session.event
        return AnnotationForm(
            .opened,
            session: session.id,
            application: event.application,
            environment: event.environment,
            version: event.version,
            start: session.deployedAt,
            text: head(event.application, event.version, event.environment)
                + ": analysis \(session.id) with plan \(session.plan.name.excerpt(maximumName)),"
                + " verdict by \(session.verdictDue)\n\(session.startFacts)",
            link: link
        )
    }

    /// What a look came to. The region reaches to it.
    ///
    /// - Parameter deployedAt: where the region begins.
    package static func interim(_ verdict: Verdict, deployedAt: Timestamp, link: String?) -> AnnotationForm {
        let word = verdict.hold == nil ? verdict.word : "waiting"
        return AnnotationForm(
            .closed,
            moment: .interim,
            session: verdict.session,
            application: verdict.application,
            environment: verdict.environment,
            version: verdict.version,
            start: deployedAt,
            end: max(verdict.decidedAt, deployedAt),
            note: "so-far:\(word)",
            text: head(verdict.application, verdict.version, verdict.environment)
                + ": so far \(word) after look \(verdict.look) of \(verdict.looks)\(tail(verdict))",
            link: link
        )
    }

    /// The result. Where a person decides after the region has ended, its end stays.
    ///
    /// - Parameter deployedAt: where the region begins; nil where that is not at hand.
    package static func closing(_ verdict: Verdict, deployedAt: Timestamp?, link: String?) -> AnnotationForm {
        let source = verdict.planSource.map { ", by a plan that \($0)" } ?? ""
        let start = deployedAt ?? verdict.openedAt
        return AnnotationForm(
            .closed,
            session: verdict.session,
            application: verdict.application,
            environment: verdict.environment,
            version: verdict.version,
            start: start,
            end: verdict.isFurther ? nil : max(verdict.decidedAt, start),
            result: verdict.word,
            note: verdict.decision.flatMap { $0.kind.isKnown ? "decision:\($0.kind.rawValue)" : nil },
            text: head(verdict.application, verdict.version, verdict.environment)
                + ": \(verdict.word)\(source)\(tail(verdict))",
            link: link
        )
    }

    private static func tail(_ verdict: Verdict) -> String {
        " (analysis \(verdict.session)): \(verdict.reason.excerpt(maximumSentence))"
            + "\nNext: \(verdict.nextStep.excerpt(maximumSentence))"
    }

    /// The new version gets another part of the traffic than before.
    package static func step(
        _ session: AnalysisSession,
        to weight: Double,
        from before: Double?,
        at time: Timestamp,
        link: String?
    ) -> AnnotationForm {
        let event = session.event
        let change = before.map { " (\($0.readable) % before)" } ?? ""
        return AnnotationForm(
            point: .step,
            session: session.id,
            application: event.application,
            environment: event.environment,
            version: event.version,
            at: time,
            text: head(event.application, event.version, event.environment)
                + ": \(weight.readable) % of the traffic\(change) (analysis \(session.id))",
            link: link
        )
    }

    /// What a controller did about a release; nil where that changed nothing.
    ///
    /// - Parameter release: the analysis that it names. What the action itself says about its release is not believed.
    package static func action(_ action: RolloutAction, about release: DeployEvent, link: String?) -> AnnotationForm? {
        guard action.action != .none, action.action.isKnown, action.outcome != .skipped else { return nil }
        let reason = action.outcome == .done ? ": \(action.reason)" : ""
        return AnnotationForm(
            point: .action,
            session: action.session,
            application: release.application,
            environment: release.environment,
            version: release.version,
            at: action.at,
            note: "action:\(action.action.rawValue)",
            text: head(release.application, release.version, release.environment)
                + ": \(AnalysisReport.sentence(action).excerpt(maximumSentence)) (analysis \(action.session))"
                + reason.excerpt(maximumSentence),
            link: link
        )
    }

    private static func head(_ application: String, _ version: String, _ environment: String) -> String {
        "\(application.excerpt(maximumName)) \(version.excerpt(maximumName)) in \(environment.excerpt(maximumName))"
    }

    /// As Grafana shows it: its text is HTML, in which nothing of ours but a line break and a link is markup.
    package var html: String {
        let lines = String(text.unicodeScalars.prefix(Self.maximumText)).split(whereSeparator: \.isNewline)
            .map { String($0).htmlText }
        let report = link.map { "<a href=\"\($0.htmlText)\" target=\"_blank\">Report</a>" }
        return (lines + [report].compactMap(\.self)).joined(separator: "<br>")
    }
}
