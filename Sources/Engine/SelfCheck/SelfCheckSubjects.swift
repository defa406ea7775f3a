package import Analysis
package import Store

/// The releases that are to be checked: of each release identity the last one, while none is open.
package struct SelfCheckSubjects {
    private let records: any AnalysisRecords
    /// The newest analyses that are looked at.
    private let mostSessions: Int
    private static let page = 100

    package init(in records: any AnalysisRecords, mostSessions: Int = 2_000) {
        self.records = records
        self.mostSessions = mostSessions
    }

    /// In an order that does not depend on anything else.
    package func find(every: Duration, at now: Timestamp) async throws(StoreError) -> [SelfCheckSubject] {
        var subjects: [ReleaseIdentity: SelfCheckSubject?] = [:]
        var open: Set<ReleaseIdentity> = []
        // Which cluster and namespace it is about, only another version can tell.
        var unreadable: Set<ReleaseKey> = []
        var query = SessionQuery(limit: Self.page)
        for _ in 0..<max(1, mostSessions / Self.page) {
            let rows = try await records.sessions(query)
            for row in rows {
                switch row {
                case .unreadable(let row):
                    unreadable.insert(ReleaseKey(application: row.application, environment: row.environment))
                case .session(let session):
                    let release = session.event.release
                    if session.phase != .finished { open.insert(release) }
                    if subjects[release] == nil {
                        subjects[release] = .some(SelfCheckSubject(session, every: every, at: now))
                    }
                }
            }
            guard rows.count == query.limit, let last = rows.last else { break }
            query.after = SessionCursor(openedAt: last.openedAt, id: last.id)
        }
        return subjects.filter { !open.contains($0.key) && !unreadable.contains($0.key.key) }
            .sorted { $0.key < $1.key }
            .compactMap(\.value)
    }
}
