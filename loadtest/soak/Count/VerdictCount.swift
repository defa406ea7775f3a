import Analysis
import Histogram

/// The verdicts on good releases that came, to be held against those that had to come.
struct VerdictCount: Sendable {
    private struct Final: Sendable {
        /// Status and result; nil when the record cannot be read.
        var result: String?
        var at: Timestamp
    }

    /// How a number of releases fared.
    struct Outcome: Sendable {
        var expected = 0
        var lost = 0
        var doubled = 0
        /// Sentences.
        var wrong: [String] = []
        /// Milliseconds from the moment the deciding look was due until the verdict was seen on the topic.
        var latency = Histogram<UInt64>(numberOfSignificantValueDigits: .three)
    }

    private var finals: [Int: Final] = [:]
    private var ids: Set<String> = []
    private var doubled: [Int: Int] = [:]

    /// Releases with a final verdict.
    var decided: Int { finals.count }

    mutating func record(_ release: GoodRelease, id: String, isFinal: Bool, result: String?, at time: Timestamp) {
        guard ids.insert(id).inserted, !(isFinal && finals[release.number] != nil) else {
            doubled[release.number, default: 0] += 1
            return
        }
        if isFinal { finals[release.number] = Final(result: result, at: time) }
    }

    /// - Parameters:
    ///   - releases: their numbers.
    ///   - planned: the times of all releases, by number.
    func outcome(of releases: some Sequence<Int>, planned: [Timestamp]) -> Outcome {
        var outcome = Outcome()
        for number in releases {
            let release = GoodRelease(number)
            outcome.expected += 1
            outcome.doubled += doubled[number] ?? 0
            guard let final = finals[number] else {
                outcome.lost += 1
                continue
            }
            if final.result != "completed, \(release.result)" {
                outcome.wrong.append(
                    "\(release.application): \(final.result ?? "not to be read"), not \(release.result)"
                )
            }
            let due = release.due(deployedAt: planned[number])
            outcome.latency.record(UInt64(max(0, final.at.since(due).milliseconds)))
        }
        return outcome
    }
}
