import Analysis
import Foundation
import Postgres

/// Waiting events that are answered in one transaction, each in the light of the answers before it.
struct AnswerBatch {
    private var events: [InboxEvent] = []
    private var own: [ReleaseIdentity: ReleaseTimeline] = [:]
    private var shared: [ReleaseKey: SharedTimeline] = [:]
    /// Newest first.
    private var unfinished: [ReleaseKey: [StoredSession]] = [:]
    private var unreadable: [(sequence: Int64, outcome: String, at: Int64)] = []
    private(set) var answered: [AnsweredEvent] = []

    /// An event that cannot be read is answered so: it must not keep those behind it waiting for ever.
    mutating func add(_ row: PostgresRow) throws {
        let sequence: Int64 = try row.decode(0)
        let receivedAt: Int64 = try row.decode(2)
        do {
            events.append(try InboxEvent(row))
        } catch {
            unreadable.append((sequence, "unreadable: \(error)", receivedAt))
        }
    }

    /// Reads what is known about the releases, and keeps their sessions from being written by others meanwhile.
    mutating func read(on connection: PostgresConnection) async throws {
        let releases = Array(Set(events.map(\.event.release)))
        let keys = Array(Set(releases.map(\.key)))
        guard !keys.isEmpty else { return }
        let (applications, environments) = (keys.map(\.application), keys.map(\.environment))
        let results = try await connection.pipeline([
            PostgresStatement(
                """
                SELECT application, environment, cluster, namespace, timeline FROM release_timelines
                WHERE (application, environment, cluster, namespace) IN (
                    SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
                )
                """,
                releases.map(\.application),
                releases.map(\.environment),
                releases.map { $0.cluster ?? "" },
                releases.map { $0.namespace ?? "" }
            ),
            PostgresStatement(
                """
                SELECT application, environment, timeline FROM releases
                WHERE (application, environment) IN (SELECT * FROM unnest($1::text[], $2::text[]))
                """,
                applications,
                environments
            ),
            PostgresStatement(
                """
                SELECT state, version FROM sessions
                WHERE (application, environment) IN (SELECT * FROM unnest($1::text[], $2::text[]))
                    AND phase <> 'finished'
                ORDER BY opened_at DESC, id FOR UPDATE
                """,
                applications,
                environments
            ),
        ])
        for row in results[0].rows {
            let (cluster, namespace): (String, String) = (try row.decode(2), try row.decode(3))
            let release = ReleaseIdentity(
                application: try row.decode(0),
                environment: try row.decode(1),
                cluster: cluster.isEmpty ? nil : cluster,
                namespace: namespace.isEmpty ? nil : namespace
            )
            let bytes = try row.decode(4, as: PostgresBytes.self).bytes
            own[release] = try DomainJSON.decode(ReleaseTimeline.self, from: Data(bytes))
        }
        for row in results[1].rows {
            let key = ReleaseKey(application: try row.decode(0), environment: try row.decode(1))
            let bytes = try row.decode(2, as: PostgresBytes.self).bytes
            shared[key] = try DomainJSON.decode(SharedTimeline.self, from: Data(bytes))
        }
        for row in results[2].rows {
            // One that cannot be read must not keep all events waiting.
            guard let stored = try? StoredSession(row) else { continue }
            unfinished[stored.session.event.release.key, default: []].append(stored)
        }
    }

    mutating func answerAll(_ answer: (InboxEvent, ReleaseRecord) -> StoreChange) {
        for event in events {
            let change = answer(event, record(of: event.event.release))
            answered.append(AnsweredEvent(event: event, change: change))
            take(change, about: event.event.release)
        }
    }

    private func record(of release: ReleaseIdentity) -> ReleaseRecord {
        ReleaseRecord(
            history: ReleaseHistory(
                own: own[release] ?? ReleaseTimeline(),
                shared: shared[release.key] ?? SharedTimeline()
            ),
            unfinished: unfinished[release.key] ?? []
        )
    }

    /// From here on everything is as it is after the change.
    private mutating func take(_ change: StoreChange, about release: ReleaseIdentity) {
        if let answer = change.answer {
            own[release] = answer.history.own
            shared[release.key] = answer.history.shared
        }
        var sessions = unfinished[release.key] ?? []
        for written in change.written {
            guard let index = sessions.firstIndex(where: { $0.session.id == written.session.id }) else { continue }
            sessions[index] = StoredSession(session: written.session, version: written.version + 1)
        }
        sessions.removeAll { $0.session.phase == .finished }
        let opened = change.opened.filter { $0.phase != .finished }
        sessions.insert(contentsOf: opened.map { StoredSession(session: $0, version: 1) }, at: 0)
        unfinished[release.key] = sessions
    }

    /// Everything that the answers change, in order; messages last, because they are numbered under a lock.
    func statements() throws -> [PostgresStatement] {
        var writer = ChangeWriter()
        var notes = unreadable
        var histories: [ReleaseIdentity: ReleaseHistory] = [:]
        for event in answered {
            try writer.add(event.change)
            guard let answer = event.change.answer else { continue }
            notes.append((event.event.sequence, answer.outcome, answer.at.milliseconds))
            histories[event.event.event.release] = answer.history
        }
        if !histories.isEmpty {
            let keys = Set(histories.keys.map(\.key))
            try writer.add(histories, shared: shared.filter { keys.contains($0.key) })
        }
        if !notes.isEmpty { writer.add(notes) }
        return writer.statements
    }
}

extension InboxEvent {
    /// From the columns `sequence`, `event`, `received_at` and `plan`. A plan that cannot be read any more is read again
    /// from the event.
    init(_ row: PostgresRow) throws {
        let event = try row.decode(1, as: PostgresBytes.self).bytes
        let plan = try row.decode(3, as: PostgresBytes?.self)?.bytes
        self.init(
            sequence: try row.decode(0),
            event: try DomainJSON.decode(DeployEvent.self, from: Data(event)),
            receivedAt: Timestamp(milliseconds: try row.decode(2)),
            plan: plan.flatMap { try? DomainJSON.decode(AnalysisPlan.self, from: Data($0)) }
        )
    }
}

extension StoredSession {
    /// From the columns `state` and `version`.
    init(_ row: PostgresRow) throws {
        let state = try row.decode("state", as: PostgresBytes.self).bytes
        self.init(
            session: try DomainJSON.decode(AnalysisSession.self, from: Data(state)),
            version: try row.decode("version")
        )
    }
}
