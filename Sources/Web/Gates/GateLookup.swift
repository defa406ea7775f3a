import Analysis
import Engine
import Hummingbird
import Store

/// Finds out what the store knows about a version that asks to go on.
struct GateLookup: Sendable {
    let store: any Store
    let clock: any EngineClock

    /// How many of the newest analyses are looked through for the version.
    private static let analyses = 50

    /// - Throws: 409 where the version is a release of several clusters or namespaces and the subject does not say which.
    func gate(of subject: GateSubject, _ terms: ReleaseGate.Terms) async throws -> ReleaseGate {
        try await StoreFailure.rendering(.reading) {
            let query = SessionQuery(
                application: subject.application,
                environment: subject.environment,
                cluster: subject.cluster,
                namespace: subject.namespace,
                limit: Self.analyses
            )
            // Asked for first: an event that is answered meanwhile is then among the sessions, and not in neither.
            let isAnnounced = try await Unanswered.count(query, in: store) > 0
            let sessions = try await store.sessions(query)
            let release = try Self.release(of: subject, among: sessions)
            let newest = try Self.newest(of: release, among: sessions)
            var interim: Verdict?
            var isWithdrawn = false
            if let newest, newest.event.version == subject.version {
                let history = try await store.history(of: newest.event.release)
                isWithdrawn = history.withdrew(
                    subject.version,
                    of: newest.event.release,
                    since: newest.deployedAt
                )
                interim = try await store.verdicts(ofSession: newest.id, newest: 1).verdicts.last
            }
            return ReleaseGate(
                of: subject.version,
                newest: newest,
                interim: interim,
                isAnnounced: isAnnounced,
                isWithdrawn: isWithdrawn,
                terms: terms,
                at: clock.now()
            )
        }
    }

    /// The release that the version is one of, by its newest analysis; nil where none of the looked at is of the version.
    private static func release(of subject: GateSubject, among sessions: [ListedSession]) throws -> ReleaseIdentity? {
        let releases = sessions.compactMap(\.session?.event).filter { $0.version == subject.version }.map(\.release)
        let places = Set(releases)
        guard places.count < 2 else {
            let names = places.sorted().prefix(4).map(\.description).joined(separator: ", and ")
            throw HTTPError(
                .conflict,
                message: "\(subject.version) is a release of \(names): say which one is meant, by cluster and namespace"
            )
        }
        return releases.first
    }

    /// An analysis that cannot be read may be of any release.
    private static func newest(
        of release: ReleaseIdentity?,
        among sessions: [ListedSession]
    ) throws -> AnalysisSession? {
        for listed in sessions {
            switch listed {
            case .session(let session) where release == nil || session.event.release == release: return session
            case .session: continue
            case .unreadable(let row):
                throw HTTPError(.internalServerError, message: "the analysis \(row.id) cannot be read: \(row.reason)")
            }
        }
        return nil
    }
}
