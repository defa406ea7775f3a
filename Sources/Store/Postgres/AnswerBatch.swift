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
    /// What keeps events of a release from being answered now.
    private var blockages: [ReleaseKey: [Blockage]] = [:]
    /// What keeps which event.
    private var obstacles: [(sequence: Int64, obstacle: EventObstacle)] = []
    private var unworkable: [UnworkableRow] = []
    /// Sequences of events whose source has as many unfinished sessions as it may.
    private var held: [Int64] = []
    private(set) var answered: [AnsweredEvent] = []

    var sources: [String] { events.map(\.event.identity.source) }

    private struct Blockage {
        var obstacle: EventObstacle
        var isMet: (ReleaseIdentity) -> Bool
    }

    private mutating func block(
        _ key: ReleaseKey,
        _ obstacle: EventObstacle,
        where isMet: @escaping (ReleaseIdentity) -> Bool = { _ in true }
    ) {
        blockages[key, default: []].append(Blockage(obstacle: obstacle, isMet: isMet))
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
            obstacles.append((sequence, EventObstacle(reading: error)))
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
            do throws(FormError) { own[release] = try ReleaseTimelineForm.read(Data(bytes)) } catch {
                block(release.key, EventObstacle(readingTimelineOf: "\(release)", error)) { $0 == release }
            }
        }
        for row in results[1].rows {
            let key = ReleaseKey(application: try row.decode(0), environment: try row.decode(1))
            let bytes = try row.decode(2, as: PostgresBytes.self).bytes
            do throws(FormError) { shared[key] = try SharedTimelineForm.read(Data(bytes)) } catch {
                block(key, EventObstacle(readingTimelineOf: "\(key.application) in \(key.environment)", error))
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
                block(key, .session(try row.decode("id")), where: place.mayHold)
            }
        }
    }

    mutating func answerAll(
        _ places: inout SourcePlaces,
        _ answer: (InboxEvent, ReleaseRecord) throws(StoreError) -> StoreChange
    ) throws(StoreError) {
        for event in events {
            if let blockage = blockages[event.event.release.key]?.first(where: { $0.isMet(event.event.release) }) {
                obstacles.append((event.sequence, blockage.obstacle))
                continue
            }
            let change = try answer(event, record(of: event.event.release))
            guard places.admit(change, of: event.event.identity.source) else {
                held.append(event.sequence)
                continue
            }
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
        if !obstacles.isEmpty { writer.add(obstacles) }
        if !held.isEmpty { writer.hold(held) }
        writer.add(unworkable)
        return try writer.statements()
    }
}
