import Analysis
import Store

/// Deploy events that have come in and have not been answered: what a listing of sessions cannot show yet.
enum Unanswered {
    private static let maximum = 1000

    /// How many of them a query of sessions may mean; at least 1 while more wait than are looked at.
    ///
    /// - Parameter withWithdrawals: counts events that take a version back, too, and those that do not say where.
    static func count(
        _ query: SessionQuery,
        withWithdrawals: Bool = false,
        in store: any Store
    ) async throws(StoreError) -> Int {
        let waiting = try await store.unansweredEvents(limit: maximum)
        let count = waiting.count {
            withWithdrawals ? mayFit($0.event, query) : $0.event.phase == .deployed && fits($0.event, query)
        }
        return waiting.count < maximum ? count : max(1, count)
    }

    /// What names no cluster or namespace may be about any.
    private static func mayFit(_ event: DeployEvent, _ query: SessionQuery) -> Bool {
        var placed = event
        placed.cluster = event.cluster ?? query.cluster
        placed.namespace = event.namespace ?? query.namespace
        return fits(placed, query)
    }

    private static func fits(_ event: DeployEvent, _ query: SessionQuery) -> Bool {
        guard query.phase == nil || query.phase == .warmingUp else { return false }
        func fits(_ wanted: String?, _ given: String?) -> Bool { wanted == nil || wanted == given }
        return fits(query.application, event.application) && fits(query.environment, event.environment)
            && fits(query.version, event.version) && fits(query.cluster, event.cluster)
            && fits(query.namespace, event.namespace)
    }
}
