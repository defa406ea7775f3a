package import Analysis
import Judging

/// What an annotation says about a release: a region from the deployment to the verdict.
package struct ReleaseMarker: Sendable, Equatable, Codable {
    package enum Stage: String, Sendable, Codable {
        case opened
        case closed
    }

    package var stage: Stage
    package var session: String
    package var application: String
    package var environment: String
    package var version: String
    package var start: Timestamp
    package var end: Timestamp?
    /// `pass`, `fail`, …; nil while the analysis runs.
    package var result: String?
    package var text: String

    package init(opening session: AnalysisSession, at now: Timestamp) {
        stage = .opened
        self.session = session.id
        application = session.event.application
        environment = session.event.environment
        version = session.event.version
        start = session.deployedAt
        text =
            "\(session.event.application) \(session.event.version) in \(session.event.environment):"
            + " analysis \(session.id) with plan \(session.plan.name), verdict by \(session.schedule.look(.max).due)"
    }

    package init(closing verdict: Verdict) {
        stage = .closed
        session = verdict.session
        application = verdict.application
        environment = verdict.environment
        version = verdict.version
        start = verdict.openedAt
        end = max(verdict.decidedAt, verdict.openedAt)
        result = verdict.status == .completed ? verdict.result.rawValue : verdict.status.rawValue
        text =
            "\(verdict.application) \(verdict.version) in \(verdict.environment): \(result ?? "")"
            + " (analysis \(verdict.session)): \(verdict.reason)"
    }

    package var id: String { "\(session)/\(stage.rawValue)" }
    package var openedID: String { "\(session)/\(Stage.opened.rawValue)" }

    /// Few values, each with a bounded number of kinds; what is unique stands in the text.
    package var tags: [String] {
        ["assay", "app:\(application)", "env:\(environment)"]
            + (result.map { ["verdict:\($0)"] } ?? ["verdict:running"])
    }
}
