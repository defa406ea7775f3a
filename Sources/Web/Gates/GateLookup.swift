import Analysis
import Engine
import Hummingbird
import Store

/// Finds out what the store knows about a version that asks to go on.
struct GateLookup: Sendable {
    let store: any Store
    let clock: any EngineClock

    /// How many of the newest analyses are looked through for the version.
    private static let analyses = 100

    /// - Throws: 409 where the version is a release of several clusters or namespaces and the subject does not say which.
    func gate(of subject: GateSubject, _ terms: ReleaseGate.Terms) async throws -> ReleaseGate {
        try await StoreFailure.rendering(.reading) {
            // Asked for first: an event that is answered meanwhile is then among the sessions, and not in neither.
            let isAnnounced = try await store.mayBeAnnounced(subject.release)
            let query = SessionQuery(
                application: subject.release.application,
                environment: subject.release.environment,
                limit: Self.analyses
            )
            let all = try Self.read(try await store.sessions(query))
            let sessions = all.filter { $0.event.release.isMeant(by: subject.release) }
            let release = try Self.release(of: subject, among: sessions)
            return try await gate(
                of: subject.version,
                // Where none is of the version, it may be one of any.
                among: release.map { release in sessions.filter { $0.event.release == release } } ?? sessions,
                beside: all.filter { $0.event.release.mayBe(subject.release) },
                isAnnounced: isAnnounced,
                resets: try await store.releaseResets(newest: ReleaseReset.looked),
                terms
            )
        }
    }

    /// - Parameters:
    ///   - sessions: the newest of the release.
    ///   - resets: the newest ones.
    func gate(
        of version: String,
        among sessions: [AnalysisSession],
        beside: [AnalysisSession] = [],
        isAnnounced: Bool,
        resets: [ReleaseReset],
        _ terms: ReleaseGate.Terms
    ) async throws(StoreError) -> ReleaseGate {
        let newest = ReleaseGate.newest(of: sessions)
        var interim: Verdict?
        var isWithdrawn = false
        if let newest, newest.event.version == version {
            let release = newest.event.release
            let history = try await store.history(of: release)
            isWithdrawn = history.mayHaveLost(version, of: release, deployedAt: newest.deployedAt, resets: resets)
            if newest.finalVerdict == nil {
                interim = try await store.verdicts(ofSession: newest.id, newest: 1).verdicts.last
            }
        }
        return ReleaseGate(
            of: version,
            among: sessions,
            beside: beside,
            interim: interim,
            isAnnounced: isAnnounced,
            isWithdrawn: isWithdrawn,
            terms: terms,
            at: clock.now()
        )
    }

    /// The release that the version is one of; nil where none of the looked at is of the version.
    private static func release(of subject: GateSubject, among sessions: [AnalysisSession]) throws -> ReleaseIdentity? {
        let places = Set(sessions.map(\.event).filter { $0.version == subject.version }.map(\.release))
        guard places.count < 2 else {
            let names = places.sorted().prefix(4).map(\.description).joined(separator: ", and ")
            throw HTTPError(
                .conflict,
                message: "\(subject.version) is a release of \(names): say which one is meant, by cluster and namespace"
            )
        }
        return places.first
    }

    /// An analysis that cannot be read may be of any release.
    private static func read(_ sessions: [ListedSession]) throws -> [AnalysisSession] {
        try sessions.map { listed in
            switch listed {
            case .session(let session): return session
            case .unreadable(let row):
                throw HTTPError(.internalServerError, message: "the analysis \(row.id) cannot be read: \(row.reason)")
            }
        }
    }
}
