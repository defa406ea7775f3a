import Analysis
import Store

/// Deploy events that have come in and have not been answered: what a listing of sessions cannot show yet.
enum Unanswered {
    private static let maximum = 1000

    /// How many of them a query of sessions may mean; at least 1 while more wait than are looked at.
    static func count(_ query: SessionQuery, in store: any Store) async throws(StoreError) -> Int {
        let waiting = try await store.unansweredEvents(limit: maximum)
        let count = waiting.count { fits($0.event, query) }
        return waiting.count < maximum ? count : max(1, count)
    }

    private static func fits(_ event: DeployEvent, _ query: SessionQuery) -> Bool {
        guard event.phase == .deployed, query.phase == nil || query.phase == .warmingUp else { return false }
        func fits(_ wanted: String?, _ given: String?) -> Bool { wanted == nil || wanted == given }
        return fits(query.application, event.application) && fits(query.environment, event.environment)
            && fits(query.version, event.version) && fits(query.cluster, event.cluster)
            && fits(query.namespace, event.namespace)
    }
}
