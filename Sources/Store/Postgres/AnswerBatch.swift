import Analysis
import Foundation
import Postgres
import StoredFormats

/// Waiting events that are answered in one transaction, each in the light of the answers before it.
struct AnswerBatch {
    private var events: [InboxEvent] = []
    private var own: [ReleaseIdentity: ReleaseTimeline] = [:]
    private var shared: [ReleaseKey: SharedTimeline] = [:]
    /// Newest first.
    private var unfinished: [ReleaseKey: [StoredSession]] = [:]
    private var unreadable: [(sequence: Int64, reason: String)] = []
    /// What keeps events from being answered now.
    private var blockages: [ReleaseKey: [Blockage]] = [:]
    private var waiting: [(sequence: Int64, session: String)] = []
    private var unworkable: [UnworkableRow] = []
    private(set) var answered: [AnsweredEvent] = []

    private enum Blockage {
        /// A session that is not finished, and that this version cannot work on.
        case session(String, ReleasePlace)
        case unreadable(String)

        func blocks(_ release: ReleaseIdentity) -> Bool {
            switch self {
            case .session(_, let place): place.mayHold(release)
            case .unreadable: true
            }
        }
    }

    private mutating func block(_ key: ReleaseKey, _ blockage: Blockage) {
        blockages[key, default: []].append(blockage)
    }

    /// An event that cannot be read is set aside: it must not keep those behind it waiting for ever.
    mutating func add(_ row: PostgresRow) throws {
        let sequence: Int64 = try row.decode(0)
        let receivedAt: Int64 = try row.decode(2)
        let bytes = Data(try row.decode(1, as: PostgresBytes.self).bytes)
        let plan = try row.decode(3, as: PostgresBytes?.self)?.bytes
        do throws(FormError) {
            events.append(
                InboxEvent(
                    sequence: sequence,
                    event: try DeployEventForm.read(bytes),
                    receivedAt: Timestamp(milliseconds: receivedAt),
                    // One that cannot be read any more is read again from the event.
                    plan: plan.flatMap { try? PlanForm.read(Data($0)) }
                )
            )
        } catch {
            unreadable.append((sequence, error.message))
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
                SELECT id, application, environment, cluster, namespace, state, version,
                    \(WorkableRows.condition) AS workable
                FROM sessions
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
            do { own[release] = try DomainJSON.decode(ReleaseTimeline.self, from: Data(bytes)) } catch {
                block(release.key, .unreadable("what is known about \(release) cannot be read: \(error)"))
            }
        }
        for row in results[1].rows {
            let key = ReleaseKey(application: try row.decode(0), environment: try row.decode(1))
            let bytes = try row.decode(2, as: PostgresBytes.self).bytes
            do { shared[key] = try DomainJSON.decode(SharedTimeline.self, from: Data(bytes)) } catch {
                let name = "\(key.application) in \(key.environment)"
                block(key, .unreadable("what is known about \(name) cannot be read: \(error)"))
            }
        }
        for row in results[2].rows {
            let key = ReleaseKey(application: try row.decode("application"), environment: try row.decode("environment"))
            let isWorkable: Bool = try row.decode("workable")
            switch isWorkable ? try ClaimedRow(row) : .unworkable(nil) {
            case .workable(let stored): unfinished[key, default: []].append(stored)
            case .unworkable(let found):
                if let found { unworkable.append(found) }
                // A process of version 0.1.0 does not say where; then it may be anywhere.
                let place = ReleasePlace(cluster: try row.decode("cluster"), namespace: try row.decode("namespace"))
                block(key, .session(try row.decode("id"), place))
            }
        }
    }

    mutating func answerAll(
        _ answer: (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) throws(StoreError) {
        for event in events {
            switch blockages[event.event.release.key]?.first(where: { $0.blocks(event.event.release) }) {
            case .session(let id, _):
                waiting.append((event.sequence, id))
                continue
            case .unreadable(let reason):
                unreadable.append((event.sequence, reason))
                continue
            case nil: break
            }
            let change = try answer(event, record(of: event.event.release))
            answered.append(AnsweredEvent(event: event, change: change))
            apply(change, about: event.event.release)
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
    private mutating func apply(_ change: StoreChange, about release: ReleaseIdentity) {
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
        var notes: [(sequence: Int64, outcome: String, at: Int64)] = []
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
        writer.add(waiting: waiting, unreadable: unreadable)
        writer.add(unworkable)
        return try writer.statements()
    }
}
