import Analysis
import Judging

/// What the verdict topic holds, held against what it must hold.
struct VerdictTally: Sendable, Equatable {
    /// Deploy events that must get a final verdict.
    var expected = 0
    /// Those of them that have one.
    var decided = 0
    /// Those without any, by id.
    var lost: [String] = []
    /// Finals that are not what the event must get, as sentences.
    var wrong: [String] = []
    /// Verdict ids that are on the topic more than once, and events with two different finals.
    var repeated: [String] = []
    /// Verdicts of an analysis that stand in the wrong order, or after its final one, as sentences.
    var disordered: [String] = []
    var passed = 0
    var failed = 0
    var cancelled = 0
    /// All verdicts on the topic, interim ones and repeats included.
    var records = 0

    /// - Parameters:
    ///   - topic: in the order of the topic, partition by partition.
    ///   - answered: when the store answered the deploy events, by event id; empty where that is not known.
    init(_ topic: [TopicVerdict], events: [StoryEvent], answered: [String: Timestamp] = [:]) {
        records = topic.count
        var finals: [String: [Verdict]] = [:]
        for entry in topic where entry.verdict.kind == .final {
            finals[entry.verdict.deployEvent.id, default: []].append(entry.verdict)
        }
        for event in events {
            guard let expectation = event.expected else { continue }
            expected += 1
            guard let verdict = finals[event.id]?.first else {
                lost.append(event.id)
                continue
            }
            decided += 1
            count(verdict)
            if let complaint = Self.complaint(verdict, expectation, answered) {
                wrong.append("\(event.id): \(complaint)")
            }
        }
        countRepeats(topic, finals)
        countDisorder(topic)
    }

    private mutating func count(_ verdict: Verdict) {
        switch (verdict.status, verdict.result) {
        case (.completed, .pass): passed += 1
        case (.completed, .fail): failed += 1
        case (.cancelled, _): cancelled += 1
        default: break
        }
    }

    private static func complaint(
        _ verdict: Verdict,
        _ expectation: ExpectedVerdict,
        _ answered: [String: Timestamp]
    ) -> String? {
        let isRight =
            switch expectation {
            case .pass: verdict.status == .completed && verdict.result == .pass
            case .fail: verdict.status == .completed && verdict.result == .fail
            case .cancelled: verdict.status == .cancelled
            case .endedBy(let event, let otherwisePass):
                switch verdict.status {
                case .cancelled: true
                // Right only if it was decided before the event that ends the analysis was answered.
                case .completed:
                    verdict.result == (otherwisePass ? .pass : .fail)
                        && answered[event].map { verdict.decidedAt <= $0 } ?? false
                case .errored, .unknown: false
                }
            }
        return isRight ? nil : "\(verdict.status.rawValue), \(verdict.result.rawValue): \(verdict.reason)"
    }

    private mutating func countRepeats(_ topic: [TopicVerdict], _ finals: [String: [Verdict]]) {
        var places: [String: Int] = [:]
        for entry in topic { places[entry.verdict.id, default: 0] += 1 }
        repeated = places.filter { $0.value > 1 }.map { "\($0.key): \($0.value) times" }.sorted()
        for (event, verdicts) in finals.sorted(by: { $0.key < $1.key }) where Set(verdicts.map(\.id)).count > 1 {
            repeated.append("\(event): \(Set(verdicts.map(\.id)).count) different final verdicts")
        }
    }

    /// An analysis' looks go up, its final verdict is its last one, and a newer release speaks only after the older one's
    /// final verdict.
    private mutating func countDisorder(_ topic: [TopicVerdict]) {
        var last: [String: Verdict] = [:]
        var finished: Set<String> = []
        var running: [ReleaseKey: String] = [:]
        var seen: Set<String> = []
        for entry in topic where seen.insert(entry.verdict.id).inserted {
            let verdict = entry.verdict
            let release = ReleaseKey(application: verdict.application, environment: verdict.environment)
            if finished.contains(verdict.session) {
                disordered.append("\(verdict.id) stands after the final verdict of its analysis")
            } else if let before = last[verdict.session], before.look > verdict.look {
                disordered.append("\(verdict.id) stands after \(before.id)")
            } else if let other = running[release], other != verdict.session, verdict.look > 0 {
                disordered.append("\(verdict.id) stands before the final verdict of the older analysis \(other)")
            }
            last[verdict.session] = verdict
            if verdict.kind == .final {
                finished.insert(verdict.session)
                if running[release] == verdict.session { running[release] = nil }
            } else {
                running[release] = running[release] ?? verdict.session
            }
        }
    }
}
