import Analysis
import Histogram
import Judging

/// The verdicts that came, held against those that had to come.
struct LoadTally: Sendable {
    /// A final verdict as the tally needs it.
    struct Final: Sendable {
        var session: String
        var status: VerdictStatus
        var result: JudgementResult
        var reason: String
        var look: Int
        /// Milliseconds since 1970.
        var seenAt: Int64
    }

    private(set) var expected = 0
    private(set) var received = 0
    private(set) var passed = 0
    private(set) var failed = 0
    private(set) var inconclusive = 0
    /// Applications without a final verdict.
    private(set) var missing: [String] = []
    /// Final verdicts that are not what they had to be, as sentences.
    private(set) var wrong: [String] = []
    /// Verdicts that are on the topic more than once, as sentences.
    private(set) var doubled: [String] = []
    /// Right ones that came at a later look than the first possible one, because that had been skipped or held.
    private(set) var atLaterLook = 0
    /// Milliseconds from the first bad sample to the final verdict on the topic.
    private(set) var sinceBadSample = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    /// Milliseconds from the end of the last window to the final verdict of a healthy one.
    private(set) var sinceLastWindow = Histogram<UInt64>(numberOfSignificantValueDigits: .three)

    /// - Parameters:
    ///   - finals: in the order in which they were seen.
    ///   - repeated: how often an id is on the topic, where that is more than once.
    init(_ finals: [Final], _ workload: LoadWorkload, repeated: [String: Int] = [:]) {
        expected = workload.stories.count
        doubled = repeated.map { "\($0.key) is \($0.value) times on the topic" }.sorted()
        let bySession = Dictionary(grouping: finals, by: \.session)
        var known: Set<String> = []
        for story in workload.stories {
            let session = SessionID.make(for: EventBurst.identity(of: story))
            known.insert(session)
            guard let final = bySession[session]?.first else {
                missing.append(story.application)
                continue
            }
            received += 1
            count(final, story, workload)
        }
        for session in bySession.keys.sorted() where !known.contains(session) {
            wrong.append("\(session) was never asked for")
        }
    }

    private mutating func count(_ final: Final, _ story: LoadStory, _ workload: LoadWorkload) {
        switch final.result {
        case .pass: passed += 1
        case .fail: failed += 1
        default: inconclusive += 1
        }
        let look = workload.decidingLook(of: story)
        guard final.status == .completed, final.result.rawValue == story.expected.rawValue else {
            wrong.append(
                "\(story.application) (\(story.kind.rawValue)): \(final.status.rawValue), \(final.result.rawValue):"
                    + " \(final.reason)"
            )
            return
        }
        guard final.look >= look.number else {
            wrong.append("\(story.application): decided at look \(final.look), before look \(look.number) could know")
            return
        }
        if final.look > look.number { atLaterLook += 1 }
        if let bad = workload.badSample(of: story) {
            sinceBadSample.record(UInt64(max(0, final.seenAt - bad.milliseconds)))
        } else if story.kind == .healthy {
            sinceLastWindow.record(UInt64(max(0, final.seenAt - look.window.end.milliseconds)))
        }
    }

    /// What the run fails for.
    var failures: [String] {
        missing.map { "missing: \($0) has no final verdict" } + doubled.map { "doubled: \($0)" }
            + wrong.map { "wrong: \($0)" }
    }
}
