import Analysis
import Judging
import StoredFormats

/// What is said about a release in Grafana.
extension AnnotationForm {
    /// While the analysis runs.
    static func opening(_ session: AnalysisSession) -> AnnotationForm {
        let event = session.event
        return AnnotationForm(
            .opened,
            session: session.id,
            application: event.application,
            environment: event.environment,
            version: event.version,
            start: session.deployedAt,
            text: "\(event.application) \(event.version) in \(event.environment):"
                + " analysis \(session.id) with plan \(session.plan.name), verdict by \(session.schedule.look(.max).due)"
        )
    }

    static func closing(_ verdict: Verdict) -> AnnotationForm {
        let source = verdict.planSource.map { ", by a plan that \($0)" } ?? ""
        let result = verdict.status == .completed ? verdict.result.rawValue : verdict.status.rawValue
        return AnnotationForm(
            .closed,
            session: verdict.session,
            application: verdict.application,
            environment: verdict.environment,
            version: verdict.version,
            start: verdict.openedAt,
            end: max(verdict.decidedAt, verdict.openedAt),
            result: result,
            text: "\(verdict.application) \(verdict.version) in \(verdict.environment): \(result)\(source)"
                + " (analysis \(verdict.session)): \(verdict.reason)"
        )
    }
}
