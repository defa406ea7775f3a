import Analysis
import Judging
import Reports

/// How the analyses of an application went, in words.
struct ReleaseFigures {
    private let sessions: [AnalysisSession]
    /// Those that say something about their release.
    private let judged: [Verdict]

    init(_ sessions: [AnalysisSession]) {
        self.sessions = sessions
        judged = sessions.compactMap(\.finalVerdict).filter {
            $0.status == .completed && $0.result != .inconclusive
        }
    }

    var analyses: String {
        let running = sessions.count { $0.finalVerdict == nil }
        return "the last \(sessions.count)\(running > 0 ? ", \(running) of them running" : "")"
    }

    /// A release that fails is rolled back where a controller acts on verdicts.
    var failed: String {
        guard !judged.isEmpty else { return "none was judged" }
        let count = judged.count { $0.result == .fail }
        let share = 100 * Double(count) / Double(judged.count)
        return "\(count) of \(judged.count) that were judged (\(share.formatted(decimals: 0)) %)"
    }

    /// From the deployment to the final verdict; nil without any.
    var time: String? {
        let times = sessions.compactMap { session in
            session.finalVerdict.flatMap { verdict in
                judged.contains { $0.id == verdict.id } ? verdict.decidedAt.since(session.deployedAt) : nil
            }
        }.sorted()
        guard let longest = times.last else { return nil }
        let middle = times[(times.count - 1) / 2]
        return "\(ReadableSample.duration(middle)) (median), \(ReadableSample.duration(longest)) at most"
    }

    var plans: String {
        var names: [String] = []
        for session in sessions where !names.contains(session.plan.name) { names.append(session.plan.name) }
        return names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }
}
