import Analysis
import Demo
import EventFormats
import Foundation
import Logging
import Synchronization
import Testing

/// A run of the demo, with everything that was on the topics, repeats included.
struct DemoRecord: Sendable {
    let outcome: DemoOutcome
    let observations: [DemoObservation]
    let transcript: String
    /// How often each process was killed on purpose.
    let kills: [DemoFault.Target: Int]

    /// Runs the demo without a terminal.
    static func run(
        pace: DemoPace,
        releases: [DemoRelease],
        settle: Duration = .seconds(2),
        faults: @escaping @Sendable (DemoMoment) async -> [DemoFault] = { _ in [] }
    ) async throws -> DemoRecord {
        let feed = RecordingFeed()
        let lines = Mutex("")
        let kills = Mutex<[DemoFault.Target: Int]>([:])
        let parent = FileManager.default.temporaryDirectory.path
        let directory = "\(parent)/assay-e2e-\(UUID().uuidString)"
        let outcome = await DemoRun.outcome(
            of: DemoOptions(
                pace: pace,
                directory: directory,
                executable: Programs.assay,
                shop: Programs.demo,
                environment: Bench.environment,
                releases: releases,
                feed: feed,
                faults: { moment in
                    let chosen = await faults(moment)
                    kills.withLock { kills in for fault in chosen { kills[fault.target, default: 0] += 1 } }
                    return chosen
                },
                settle: settle,
                handlesSignals: false,
                console: Console(isTerminal: false) { text in lines.withLock { $0 += text } }
            )
        )
        try Task.checkCancellation()
        let record = DemoRecord(
            outcome: outcome,
            observations: feed.observations,
            transcript: lines.withLock { $0 },
            kills: kills.withLock { $0 }
        )
        if !outcome.isSuccess { print(record.transcript) }
        if ProcessInfo.processInfo.environment["ASSAY_KEEP_TEST_FILES"] == nil {
            try? FileManager.default.removeItem(atPath: directory)
        }
        return record
    }

    var finals: [Verdict] {
        observations.compactMap { if case .verdict(let verdict) = $0, verdict.kind == .final { verdict } else { nil } }
    }

    var actions: [RolloutAction] {
        observations.compactMap { if case .action(let action) = $0 { action } else { nil } }
    }

    /// Ids that are on a topic more than once.
    static func repeated(_ ids: [String]) -> [String] {
        Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    }

    /// Each release has one final verdict, one action on it and the traffic that it should have.
    func expectRightEndings(_ location: SourceLocation = #_sourceLocation) {
        #expect(outcome.failure == nil, sourceLocation: location)
        for watch in outcome.releases {
            let version = watch.release.version
            #expect(watch.problems == [], "release \(version)", sourceLocation: location)
            let finals = finals.filter { $0.version == version }
            #expect(Set(finals.map(\.id)).count == 1, "release \(version)", sourceLocation: location)
            let actions = actions.filter { $0.version == version && $0.verdictID == finals.first?.id }
            #expect(Set(actions.map(\.id)).count == 1, "release \(version)", sourceLocation: location)
            #expect(actions.allSatisfy { $0.outcome == .done }, "\(actions)", sourceLocation: location)
        }
        #expect(Self.repeated(finals.map(\.id)) == [], sourceLocation: location)
        #expect(Self.repeated(actions.map(\.id)) == [], sourceLocation: location)
        // What the shop itself says it was told.
        let told = outcome.releases.last?.shop?.releases.map(\.outcome)
        let wanted = outcome.releases.map { $0.release.ending.rawValue }
        #expect(told.map { Array($0.suffix(wanted.count)) } == wanted, sourceLocation: location)
    }
}

/// What every consumer can read from the topics, kept as it comes.
private final class RecordingFeed: DemoFeed {
    private let seen = Mutex<[DemoObservation]>([])
    private let feed = KafkaFeed(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })

    var observations: [DemoObservation] { seen.withLock { $0 } }

    func follow(brokers: String, deliver: @escaping @Sendable (DemoObservation) -> Void) async throws {
        try await feed.follow(brokers: brokers) { [self] observation in
            seen.withLock { $0.append(observation) }
            deliver(observation)
        }
    }
}
