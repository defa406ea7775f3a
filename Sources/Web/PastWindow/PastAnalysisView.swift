import Analysis
import EventFormats
import Judging
import ReportPages
import Store

/// An analysis of a past window as the HTTP interface shows it.
struct PastAnalysisView: Codable, Sendable {
    struct Window: Codable, Sendable {
        var start: Timestamp
        var end: Timestamp

        init(_ window: TimeWindow) {
            start = window.start
            end = window.end
        }
    }

    enum State: String, Codable, Sendable {
        case waiting
        case running
        case finished
    }

    var id: String
    /// Always: it is no analysis of a release, and nothing acts on it.
    var adHoc = true
    var state: State
    var requestedAt: Timestamp
    /// Absent until it has ended.
    var finishedAt: Timestamp?
    var application: String
    var environment: String
    var cluster: String?
    var namespace: String?
    var version: String
    var plan: String
    /// `directory` or `event`: the plan came with the request.
    var planOrigin: String?
    var judge: String
    /// The time of the experiment, and of the control.
    var window: Window
    var controlWindow: Window
    /// Absent until it has ended.
    var status: VerdictStatus?
    var result: String?
    var score: Double?
    var reason: String?
    var cause: UndecidedCause?
    var page: String

    init(_ stored: StoredPastAnalysis) {
        let past = stored.analysis
        let (session, event) = (past.session, past.session.event)
        id = past.id
        state = stored.finishedAt != nil ? .finished : stored.isBegun ? .running : .waiting
        requestedAt = stored.requestedAt
        finishedAt = stored.finishedAt
        application = event.application
        environment = event.environment
        cluster = event.cluster
        namespace = event.namespace
        version = event.version
        plan = session.plan.name
        planOrigin = session.planOrigin?.rawValue
        judge = session.plan.judge
        window = Window(past.window)
        controlWindow = Window(past.controlWindow)
        let verdict = session.finalVerdict
        status = verdict?.status
        result = verdict?.result.rawValue
        score = verdict?.score
        reason = verdict?.reason
        cause = verdict?.cause
        page = ReportPage.address(ofPastAnalysis: past.id)
    }
}
