import Analysis
import Text

/// One step of the tables' history. Only ever added; one that has shipped is never changed.
struct Migration: Sendable {
    /// From 1, without gaps.
    var version: Int
    var name: String
    /// The oldest version of these tables that a running server may have been made for and still work with them: a
    /// migration only adds, so that old and new servers can run side by side while they are replaced.
    var oldestServer: Int
    var script: String

    /// All of them, oldest first.
    static let all = [
        Migration.first, .transitions, .releaseIdentity, .rollouts, .storedForms, .timelineForms, .readerLeases,
        .releaseResets, .actionSources, .turns, .heldEvents, .metricStates, .keptNoise, .lookResults, .toldStates,
        .changes, .listedResults, .canaries, .knownChanges, .pastAnalyses,
    ]

    static var newest: Migration { all[all.count - 1] }

    /// FNV-1a with 128 bits over the script's bytes, hexadecimal: tells that a migration was changed after it had run.
    var checksum: String { String(FNV1a.hash(script.utf8), radix: 16) }
}
