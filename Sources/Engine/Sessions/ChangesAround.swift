package import Analysis
import Judging
package import Store

/// What else changed around a release whose analysis ends without a pass.
package struct ChangesAround: Sendable {
    private let store: any Store
    private let dependencies: @Sendable () -> Dependencies

    /// - Parameter dependencies: as they are known now.
    package init(store: any Store, dependencies: @escaping @Sendable () -> Dependencies) {
        self.store = store
        self.dependencies = dependencies
    }

    func ranked(
        _ session: AnalysisSession,
        _ review: LookReview,
        _ judgement: Judgement,
        at now: Timestamp
    ) async throws(StoreError) -> OtherChanges {
        let ranking = ChangeRanking(session, dependencies: dependencies())
        let changes = try await store.changes(
            ChangeQuery(
                applications: ranking.applications,
                withShared: true,
                since: ranking.earliest,
                until: now,
                limit: ChangeQuery.maximumLimit
            )
        )
        return ranking.ranked(changes.map(\.change), faults: FaultTimes(review, judgement, of: session))
    }
}
