import Analysis
import Reports
import Store

/// All that the store keeps of an analysis, for its report.
struct ReportedAnalyses: Sendable {
    let store: any Store

    static let releases = 10
    /// The final one may say nothing of the metrics, and the one of the look before it does.
    private static let verdicts = 2

    /// - Parameters:
    ///   - count: how many of the application's newest analyses are read with it.
    ///   - withSamples: whether its samples are.
    func record(
        _ id: String,
        releases count: Int = ReportedAnalyses.releases,
        withSamples: Bool = true
    ) async throws -> AnalysisRecord {
        guard SessionRoutes.mayBeID(id) else { throw SessionRoutes.notFound(id) }
        let record: AnalysisRecord? = try await StoreFailure.rendering(.reading) {
            guard let session = try await store.session(id: id)?.session else { return nil }
            let verdicts = try await store.verdicts(ofSession: id, newest: Self.verdicts, before: nil)
            let transitions = try await store.transitions(ofSession: id)
            let actions = try await store.actions(ofSession: id)
            var query = SessionQuery(limit: max(1, count))
            query.application = session.event.application
            query.environment = session.event.environment
            query.cluster = session.event.cluster
            query.namespace = session.event.namespace
            let others = count > 0 ? try await store.sessions(query) : []
            return AnalysisRecord(
                session: session,
                verdicts: verdicts.verdicts,
                transitions: transitions.transitions,
                actions: actions.actions.compactMap(ShownAction.decode),
                samples: withSamples ? try await store.samples(ofSession: id) : [],
                releases: others.compactMap(\.session),
                unreadable: verdicts.unreadable + transitions.unreadable
            )
        }
        guard let record else { throw SessionRoutes.notFound(id) }
        return record
    }
}
