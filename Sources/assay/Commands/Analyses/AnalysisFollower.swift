import Reports
import Service

/// Which analyses of a list are new, or have changed since the list before.
struct AnalysisFollower {
    private var known: [String: ListedAnalysis] = [:]

    /// Oldest first.
    mutating func changes(in entries: [AnalysisPage.Entry]) -> [AnalysisPage.Entry] {
        let changed = entries.filter { known[$0.analysis.id] != $0.analysis }
        known = Dictionary(entries.map { ($0.analysis.id, $0.analysis) }) { first, _ in first }
        return changed.reversed()
    }

    /// Those that ran, and are in the list no more: what became of them must be asked for.
    func lost(from entries: [AnalysisPage.Entry]) -> [String] {
        let listed = Set(entries.map(\.analysis.id))
        return known.values.filter { $0.isRunning && !listed.contains($0.id) }.map(\.id).sorted()
    }

    /// Asks again and again, and shows what is new. A service that goes away is waited for; one that is away at the
    /// beginning ends it.
    ///
    /// - Parameter rounds: how often it is asked; nil for ever.
    static func run(
        _ client: ServiceClient,
        _ filter: ReleaseFilter,
        newest: Int,
        every pause: Duration,
        rounds: Int?,
        _ show: ([AnalysisPage.Entry]) throws -> Void
    ) async throws {
        var follower = AnalysisFollower()
        var trouble: String?
        var round = 0
        while true {
            do {
                var entries = try await client.liveAnalyses(filter, newest: newest).entries
                for id in follower.lost(from: entries) { entries += [try await client.analysis(id)].compactMap(\.self) }
                try show(follower.changes(in: entries))
                trouble = nil
            } catch let failure as ServiceClient.Failure where failure.mayPass && round > 0 {
                if trouble != failure.description { StandardError.write("assay: \(failure)\n") }
                trouble = failure.description
            }
            round += 1
            if let rounds, round >= rounds { return }
            try await Task.sleep(for: pause)
        }
    }
}
