package import Analysis
package import Judging

/// Where an analysis stands: in a word, in a sentence, and in the colour and sign that go with them.
package struct ReportState: Sendable, Equatable, Codable {
    /// What a colour and a sign say beside the word.
    package enum Tone: String, Sendable, CaseIterable, Codable {
        case running
        case waiting
        case good
        case caution
        case bad
        /// It says nothing about the release.
        case neutral

        /// Told apart without colours.
        package var sign: String {
            switch self {
            case .running: "▶"
            case .waiting: "‖"
            case .good: "✓"
            case .caution: "!"
            case .bad: "✗"
            case .neutral: "–"
            }
        }
    }

    /// `Failed`, `Running`, `Superseded`.
    package var word: String
    package var tone: Tone
    /// `Failed at look 3 of 15, 4 min after the deployment`.
    package var headline: String
}

extension ReportState {
    package init(_ session: AnalysisSession) {
        self = session.finalVerdict.map { Self.ended(session, by: $0) } ?? Self.running(session)
    }

    private static func ended(_ session: AnalysisSession, by verdict: Verdict) -> ReportState {
        let (word, tone) = name(of: verdict)
        let time = ReadableSample.duration(verdict.decidedAt.since(session.deployedAt))
        let look = verdict.look > 0 ? " at look \(verdict.look) of \(verdict.looks)" : " before its first look"
        return ReportState(word: word, tone: tone, headline: "\(word)\(look), \(time) after the deployment")
    }

    private static func running(_ session: AnalysisSession) -> ReportState {
        let looks = session.schedule.count
        if let hold = session.hold {
            let headline =
                "Waiting for its metrics since \(ReadableSample.time(hold.since))Z (\(hold.cause.rawValue)),"
                + " look \(min(session.lastLook + 1, looks)) of \(looks)"
            return ReportState(running(isHeld: true), headline)
        }
        let headline =
            session.lastLook == 0
            ? "Running, first of \(looks) looks at \(ReadableSample.time(session.schedule.look(1).due))Z"
            : "Running, undecided after look \(session.lastLook) of \(looks)"
        return ReportState(running(isHeld: false), headline)
    }

    private init(_ name: (word: String, tone: Tone), _ headline: String) {
        self.init(word: name.word, tone: name.tone, headline: headline)
    }

    /// The words for an analysis that has not ended.
    package static func running(isHeld: Bool) -> (word: String, tone: Tone) {
        isHeld ? ("Waiting", .waiting) : ("Running", .running)
    }

    /// The words for one that this version cannot read.
    package static let notReadable: (word: String, tone: Tone) = ("Not readable", .caution)

    /// The words for how analyses end.
    package static func name(of verdict: Verdict) -> (word: String, tone: Tone) {
        name(verdict.status, verdict.result, verdict.cause, verdict.decision?.kind)
    }

    /// The same of what a list tells of a verdict.
    package static func name(
        _ status: VerdictStatus,
        _ result: JudgementResult,
        _ cause: UndecidedCause?,
        _ decision: PersonDecision.Kind? = nil
    ) -> (word: String, tone: Tone) {
        switch (status, result) {
        case (.completed, .pass) where decision == .approve: return ("Approved", .good)
        case (.completed, .fail) where decision == .abort: return ("Aborted", .bad)
        case (.errored, _): return ("Could not be judged", .caution)
        case (.cancelled, _): return (cause == .superseded ? "Superseded" : "Cancelled", .neutral)
        case (.unknown(let name), _): return (name, .neutral)
        case (.completed, .pass): return ("Passed", .good)
        case (.completed, .fail): return ("Failed", .bad)
        case (.completed, .marginal): return ("Marginal", .caution)
        case (.completed, .inconclusive):
            return (cause == .otherChange ? "Not decided: another change" : "Inconclusive", .caution)
        case (.completed, .unknown(let name)): return (name, .neutral)
        }
    }
}
