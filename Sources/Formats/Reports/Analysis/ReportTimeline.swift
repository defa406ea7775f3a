package import Analysis
import Judging

/// What happened in an analysis, and when.
package struct ReportTimeline: Sendable, Equatable, Codable {
    package struct Mark: Sendable, Equatable, Codable {
        package enum Kind: String, Sendable, Codable {
            case deployment
            case look
            case update
            case verdict
            case action
            /// Something else changed.
            case change
        }

        package var at: Timestamp
        package var kind: Kind
        package var tone: ReportState.Tone
        /// One sentence with its time.
        package var text: String
    }

    /// A stretch of time.
    package struct Band: Sendable, Equatable, Codable {
        package enum Kind: String, Sendable, Codable {
            case warmup
            case hold
        }

        package var start: Timestamp
        package var end: Timestamp
        package var kind: Kind
        package var text: String
    }

    package var start: Timestamp
    package var end: Timestamp
    /// Until when looks are planned.
    package var plannedEnd: Timestamp
    package var bands: [Band]
    /// Oldest first.
    package var marks: [Mark]

    init(_ record: AnalysisRecord) {
        let session = record.session
        let schedule = session.schedule
        start = session.deployedAt
        plannedEnd = schedule.look(schedule.count).window.end
        bands = [
            Band(
                start: session.deployedAt,
                end: schedule.start,
                kind: .warmup,
                text: "warm-up until \(ReadableSample.time(schedule.start))Z"
            )
        ]
        marks = [
            Mark(
                at: session.deployedAt,
                kind: .deployment,
                tone: .neutral,
                text: "deployed at \(ReadableSample.time(session.deployedAt))Z"
                    + (session.event.weight.map { " with \($0.readable) % of the requests" } ?? "")
            )
        ]
        var heldSince: SessionTransition?
        for transition in record.transitions {
            let time = ReadableSample.time(transition.at)
            switch transition.cause {
            case .looked:
                let tone = transition.result.map(Self.tone) ?? .running
                marks.append(Mark(at: transition.at, kind: .look, tone: tone, text: "\(time)Z: \(transition.reason)"))
            case .updated:
                marks.append(
                    Mark(at: transition.at, kind: .update, tone: .neutral, text: "\(time)Z: \(transition.reason)")
                )
            case .held: heldSince = heldSince ?? transition
            case .resumed, .finished:
                if let since = heldSince { bands.append(Self.hold(since, until: transition.at)) }
                heldSince = nil
            case .opened, .unknown: break
            }
        }
        if let since = heldSince { bands.append(Self.hold(since, until: max(since.at, session.wakeAt ?? since.at))) }
        if let verdict = session.finalVerdict {
            let (word, tone) = ReportState.name(of: verdict)
            let text = "\(ReadableSample.time(verdict.decidedAt))Z: \(word)"
            marks.append(Mark(at: verdict.decidedAt, kind: .verdict, tone: tone, text: text))
        }
        marks += record.actions.map { action in
            Mark(
                at: action.at,
                kind: .action,
                tone: action.outcome == .failed ? .caution : .neutral,
                text: "\(ReadableSample.time(action.at))Z: \(action.action.rawValue), \(action.outcome.rawValue)"
            )
        }
        for change in session.finalVerdict?.changes.map({ ChangesReport($0).changes }) ?? [] {
            // What came before is told, and not drawn.
            guard change.at >= start else { continue }
            let text = "\(ReadableSample.time(change.at))Z: \(change.what)"
            marks.append(Mark(at: change.at, kind: .change, tone: .neutral, text: text))
        }
        marks.sort { $0.at < $1.at }
        // An analysis that ended early has no use for the rest of its plan.
        let happened = marks.map(\.at).max() ?? start
        end = session.finalVerdict == nil ? max(plannedEnd, happened) : max(happened, schedule.look(1).due)
    }

    private static func hold(_ since: SessionTransition, until end: Timestamp) -> Band {
        Band(
            start: since.at,
            end: end,
            kind: .hold,
            text: "waited from \(ReadableSample.time(since.at))Z: \(since.reason)"
        )
    }

    private static func tone(_ result: JudgementResult) -> ReportState.Tone {
        switch result {
        case .pass: .good
        case .fail: .bad
        case .marginal: .caution
        case .inconclusive, .unknown: .running
        }
    }

    /// Where a time lies, 0 to 1.
    package func place(_ time: Timestamp) -> Double {
        let length = end.since(start).milliseconds
        guard length > 0 else { return 0 }
        return min(1, max(0, Double(time.since(start).milliseconds) / Double(length)))
    }
}
