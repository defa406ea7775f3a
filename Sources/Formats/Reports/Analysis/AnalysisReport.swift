package import Analysis
package import Judging

/// One view of an analysis: what was asked, what was found and how sure that is, what was not judged, what was done, and
/// what comes next. Whatever shows an analysis to people is made from it, here or where its JSON is read.
package struct AnalysisReport: Sendable, Equatable, Codable {
    /// Of the JSON. It rises where a reader of the form before would take something for what it is not; members and words
    /// may be added without that.
    package static let currentForm = 1

    /// How the analysis ended.
    package struct Ending: Sendable, Equatable, Codable {
        package var status: VerdictStatus
        package var result: JudgementResult
        /// Why it says nothing about the release; nil where it does.
        package var cause: UndecidedCause?
        package var at: Timestamp
    }

    package struct Fact: Sendable, Equatable, Codable {
        package var name: String
        package var value: String
    }

    package struct NotJudged: Sendable, Equatable, Codable {
        package var metric: String
        package var why: String
    }

    /// One line of what happened.
    package struct TrailEntry: Sendable, Equatable, Codable {
        package var at: Timestamp
        package var what: String
        package var why: String
        /// The process, the controller, or the person by the name of the token.
        package var who: String
    }

    /// Another analysis of the application.
    package struct Release: Sendable, Equatable, Codable {
        package var id: String
        package var version: String
        package var state: ReportState
        package var isThis: Bool
    }

    package var form: Int
    package var id: String
    package var application: String
    package var environment: String
    package var cluster: String?
    package var namespace: String?
    package var version: String
    package var state: ReportState
    /// Nil while it runs.
    package var ending: Ending?
    /// Why, in one sentence.
    package var reason: String
    /// What was done about it, in one sentence; nil where nothing was.
    package var done: String?
    /// What comes next, in one sentence.
    package var next: String?
    /// Plan, judge and the like, by name.
    package var facts: [Fact]
    package var timeline: ReportTimeline
    /// Those that decide come first.
    package var metrics: [MetricReport]
    /// Empty with judges whose score decides nothing.
    package var groups: [GroupScore]
    /// 0 to 100; nil where no score decides.
    package var score: Double?
    /// What was not judged, and why.
    package var notJudged: [NotJudged]
    package var warnings: [String]
    /// What else changed; nil where that was not asked.
    package var changes: ChangesReport?
    /// Oldest first.
    package var trail: [TrailEntry]
    /// Newest first.
    package var releases: [Release]
    /// What of it could not be read.
    package var unreadable: [String]
    /// Of an analysis of a past window; nil for one of a release.
    package var adHoc: AdHocAnalysis?

    package var isRunning: Bool { ending == nil }

    /// Cluster and namespace; nil where the event names none.
    package var place: String? {
        let names = [cluster, namespace].compactMap(\.self)
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }

    package init(_ record: AnalysisRecord) {
        let session = record.session
        let verdict = record.shown
        let final = session.finalVerdict
        let event = session.event
        form = Self.currentForm
        id = session.id
        application = event.application
        environment = event.environment
        cluster = event.cluster
        namespace = event.namespace
        version = event.version
        adHoc = record.adHoc
        state = final == nil ? record.adHoc?.state ?? ReportState(session) : ReportState(session)
        ending = final.map { Ending(status: $0.status, result: $0.result, cause: $0.cause, at: $0.decidedAt) }
        reason = final?.reason ?? session.hold?.reason ?? verdict?.reason ?? "No look has been taken yet."
        done = record.actions.last.map(Self.sentence)
        next = final == nil ? verdict?.nextStep ?? Self.firstLook(session) : final?.nextStep
        if final == nil, record.adHoc != nil { next = nil }
        facts = Self.facts(record, verdict)
        timeline = ReportTimeline(record)
        metrics = Self.metrics(record, verdict)
        let isScored = session.plan.judge != SequentialJudge.name
        groups = isScored ? verdict?.groups ?? [] : []
        score = isScored ? verdict?.score : nil
        notJudged = (verdict?.metrics ?? []).compactMap { metric in
            Self.reasonNotJudged(metric).map { NotJudged(metric: metric.judgement.name, why: $0) }
        }
        warnings =
            (record.adHoc.map { [$0.note] } ?? [])
            + (verdict?.planSource.map { ["The plan \($0): its sender decides what passes."] } ?? [])
            + (verdict?.warnings ?? [])
        changes = final?.changes.map(ChangesReport.init)
        trail = Self.trail(record)
        releases = record.releases.map { release in
            Release(
                id: release.id,
                version: release.event.version,
                state: ReportState(release),
                isThis: release.id == session.id
            )
        }
        unreadable = record.unreadable
    }

    package static func sentence(_ action: RolloutAction) -> String {
        let time = "\(ReadableSample.time(action.at))Z"
        switch action.outcome {
        // Why is the verdict, which stands above.
        case .done: return "\(done(action.action)) by \(action.actuator) at \(time)"
        case .failed: return "\(action.action.rawValue) by \(action.actuator) failed at \(time): \(action.reason)"
        case .skipped: return "nothing to do for \(action.actuator) at \(time): \(action.reason)"
        case .dryRun: return "\(action.action.rawValue) was only shown (dry run) at \(time): \(action.reason)"
        case .unknown(let name): return "\(action.action.rawValue), \(name), at \(time): \(action.reason)"
        }
    }

    private static func done(_ kind: RolloutAction.Kind) -> String {
        switch kind {
        case .promote: "promoted"
        case .abort: "aborted"
        case .advance: "traffic advanced"
        case .hold: "held"
        case .none: "nothing"
        case .unknown(let name): name
        }
    }

    private static func firstLook(_ session: AnalysisSession) -> String {
        "look 1 of \(session.schedule.count) at \(session.schedule.look(1).due)"
    }

    private static func facts(_ record: AnalysisRecord, _ verdict: Verdict?) -> [Fact] {
        let session = record.session
        var facts = [
            Fact(name: "plan", value: session.plan.name), Fact(name: "judge", value: session.plan.judge),
            Fact(name: "deployed", value: session.deployedAt.rfc3339),
        ]
        if let weight = session.event.weight { facts.append(Fact(name: "traffic", value: "\(weight.readable) %")) }
        if let window = verdict?.window {
            let steps = window.sampleCount(step: verdict?.step ?? session.plan.schedule.step)
            let time = ReadableSample.duration(window.end.since(window.start))
            facts.append(Fact(name: "samples of", value: "\(time), \(steps) steps"))
        }
        if let revision = session.event.revision { facts.append(Fact(name: "revision", value: revision)) }
        if let digest = session.event.imageDigest { facts.append(Fact(name: "image", value: digest)) }
        return facts
    }

    private static func metrics(_ record: AnalysisRecord, _ verdict: Verdict?) -> [MetricReport] {
        guard let verdict else { return [] }
        let planned = record.session.plan.metrics
        let blocks = Dictionary(grouping: record.samples, by: \.metric)
        let metrics = verdict.metrics.enumerated().map { position, metric in
            // Verdicts hold the plan's metrics in its order; a name tells where one does not.
            let isInPlace = planned.indices.contains(position) && planned[position].name == metric.judgement.name
            let index = isInPlace ? position : planned.firstIndex { $0.name == metric.judgement.name }
            return MetricReport(
                metric,
                index: index ?? position,
                planned: index.map { planned[$0] },
                series: index.flatMap { blocks[$0] }.flatMap { SideSeries($0) },
                of: verdict
            )
        }
        return metrics.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .map(\.element)
    }

    private static func reasonNotJudged(_ metric: MetricVerdict) -> String? {
        if let held = metric.held { return "waits for its samples (\(held.rawValue))" }
        switch metric.judgement.classification {
        case .nodata: return metric.judgement.reason?.text ?? "no samples"
        case .error: return metric.judgement.reason?.text ?? "it cannot be judged"
        case .undecided where metric.judgement.awaitsComparison: return "nothing of both sides has been compared yet"
        default: return nil
        }
    }

    private static func trail(_ record: AnalysisRecord) -> [TrailEntry] {
        let transitions = record.transitions.map { transition in
            TrailEntry(
                at: transition.at,
                what: transition.cause.rawValue,
                why: transition.reason,
                who: transition.replica
            )
        }
        let actions = record.actions.map { action in
            TrailEntry(
                at: action.at,
                what: "\(action.action.rawValue), \(action.outcome.rawValue)",
                why: action.reason + (action.detail.map { " (\($0))" } ?? ""),
                who: action.actuator
            )
        }
        let decisions = record.session.decisions.map(\.decision).map { decision in
            TrailEntry(at: decision.at, what: decision.kind.rawValue, why: decision.reason, who: decision.actor)
        }
        let feedback = record.session.feedback.map { feedback in
            TrailEntry(
                at: feedback.at,
                what: "feedback: \(feedback.opinion.rawValue)",
                why: feedback.note ?? "",
                who: feedback.actor
            )
        }
        return (transitions + actions + decisions + feedback).enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }
        .map(\.element)
    }
}
