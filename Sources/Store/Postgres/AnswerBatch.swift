import Analysis
import Foundation
import Postgres

/// Waiting events that are answered in one transaction, each in the light of the answers before it.
struct AnswerBatch {
    private var events: [InboxEvent] = []
    private var records: [ReleaseKey: ReleaseRecord] = [:]
    private var unreadable: [(sequence: Int64, outcome: String, at: Int64)] = []
    private(set) var answered: [AnsweredEvent] = []

    /// An event that cannot be read is answered so: it must not keep those behind it waiting for ever.
    mutating func add(_ row: PostgresRow) throws {
        let sequence: Int64 = try row.decode(0)
        let receivedAt: Int64 = try row.decode(2)
        do {
            let event = try DomainJSON.decode(
                DeployEvent.self,
                from: Data(try row.decode(1, as: PostgresBytes.self).bytes)
            )
            let received = Timestamp(milliseconds: receivedAt)
            events.append(InboxEvent(sequence: sequence, event: event, receivedAt: received))
        } catch {
            unreadable.append((sequence, "unreadable: \(error)", receivedAt))
        }
    }

    /// Reads what is known about the releases, and keeps their sessions from being written by others meanwhile.
    mutating func read(on connection: PostgresConnection) async throws {
        let keys = Array(Set(events.map(\.event.release)))
        guard !keys.isEmpty else { return }
        for key in keys { records[key] = ReleaseRecord() }
        let (applications, environments) = (keys.map(\.application), keys.map(\.environment))
        let results = try await connection.pipeline([
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
            let key = ReleaseKey(application: try row.decode(0), environment: try row.decode(1))
            let bytes = try row.decode(2, as: PostgresBytes.self).bytes
            records[key]?.timeline = try DomainJSON.decode(ReleaseTimeline.self, from: Data(bytes))
        }
        for row in results[1].rows {
            // One that cannot be read must not keep all events waiting.
            guard let stored = try? StoredSession(row) else { continue }
            records[stored.session.event.release]?.unfinished.append(stored)
        }
    }

    mutating func answerAll(_ answer: (InboxEvent, ReleaseRecord) -> StoreChange) {
        for event in events {
            let release = event.event.release
            var record = records[release] ?? ReleaseRecord()
            let change = answer(event, record)
            answered.append(AnsweredEvent(event: event, change: change))
            record.take(change)
            records[release] = record
        }
    }

    /// Everything that the answers change, in order; messages last, because they are numbered under a lock.
    func statements() throws -> [PostgresStatement] {
        var writer = ChangeWriter()
        var notes = unreadable
        var timelines: [ReleaseKey: ReleaseTimeline] = [:]
        for event in answered {
            try writer.add(event.change)
            guard let answer = event.change.answer else { continue }
            notes.append((event.event.sequence, answer.outcome, answer.at.milliseconds))
            timelines[event.event.event.release] = answer.timeline
        }
        if !timelines.isEmpty { try writer.add(timelines) }
        if !notes.isEmpty { writer.add(notes) }
        return writer.statements
    }
}

extension ReleaseRecord {
    /// The record as it is after a change to its releases.
    fileprivate mutating func take(_ change: StoreChange) {
        if let answer = change.answer { timeline = answer.timeline }
        for written in change.written {
            guard let index = unfinished.firstIndex(where: { $0.session.id == written.session.id }) else { continue }
            unfinished[index] = StoredSession(session: written.session, version: written.version + 1)
        }
        unfinished.removeAll { $0.session.phase == .finished }
        let opened = change.opened.filter { $0.phase != .finished }
        unfinished.insert(contentsOf: opened.map { StoredSession(session: $0, version: 1) }, at: 0)
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
