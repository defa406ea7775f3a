import Foundation
import Histogram

/// What a run has shown.
struct SoakResult: Sendable, Codable {
    /// Milliseconds from the moment the deciding look was due until the verdict was seen on the topic.
    struct Latency: Sendable, Codable, Equatable {
        var p50: Int
        var p99: Int
        var most: Int

        init(_ histogram: Histogram<UInt64>) {
            guard histogram.totalCount > 0 else {
                (p50, p99, most) = (0, 0, 0)
                return
            }
            p50 = Int(histogram.valueAtPercentile(50))
            p99 = Int(histogram.valueAtPercentile(99))
            most = Int(histogram.max)
        }
    }

    /// One attack, and the good releases whose verdicts were due in its share of the time.
    struct Phase: Sendable, Codable {
        var attack: AttackName
        var did: String
        /// Why it could not be carried out.
        var failure: String?

        var releases: Int
        var lost: Int
        var doubled: Int
        var wrong: [String]
        var missingActions: Int
        var doubledActions: Int
        var wrongActions: [String]
        /// Of good releases: sendings that were not acknowledged, and repeated.
        var repeatedSendings: Int
        /// Ends of processes, and silences for which a kubelet would restart one.
        var restarts: Int
        var failedProbes: Int

        var latency: Latency
        /// Resident at most.
        var serveBytes: Int
        var rolloutBytes: Int
        /// At most.
        var storeBytes: Int
        /// Turned away at the door, as the attacker saw it.
        var refused: Int
        /// Set aside by both processes.
        var deadLetters: Int

        /// What the run fails for: counts, never times.
        var failures: [String] {
            var failures = failure.map { ["it could not be carried out: \($0)"] } ?? []
            for (count, what) in [
                (lost, "good releases without a final verdict"), (doubled, "verdicts twice on the topic"),
                (missingActions, "good releases without their action"), (doubledActions, "actions done twice"),
                (restarts, "restarts"),
            ] where count > 0 { failures.append("\(count) \(what)") }
            failures += wrong.map { "wrong: \($0)" } + wrongActions.map { "wrong action: \($0)" }
            return failures.map { "\(attack.rawValue): \($0)" }
        }
    }

    /// Good releases.
    var releases: Int
    var phases: [Phase] = []
    /// Actions on what was never released.
    var strangers: [String]

    init(releases: Int, strangers: [String]) {
        self.releases = releases
        self.strangers = strangers
    }

    var failures: [String] {
        phases.flatMap(\.failures) + strangers.map { "wrong action: \($0)" }
    }

    var json: Data {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            return try encoder.encode(self)
        }
    }
}
