import Analysis
import Engine
import EventFormats
import Foundation
import Judging
import Kafka
import Store
import StoredFixtures
import StoredFormats
import Testing

/// The present version takes over a database in the middle of the work of version 0.1.0.
@Suite struct OldDatabaseTests {
    @Test(arguments: OldDatabase.available)
    func everyRowIsRead(_ database: OldDatabase) async throws {
        try await database.withStore { store in
            let sessions = try await store.sessions(SessionQuery(limit: 200)).compactMap(\.session)
            #expect(sessions.count == 33)
            var samples = 0
            for session in sessions {
                let verdicts = try await store.verdicts(ofSession: session.id)
                #expect(verdicts.last { $0.kind == .final } == session.finalVerdict)
                #expect(try await !store.transitions(ofSession: session.id).transitions.isEmpty)
                samples += try await store.samples(ofSession: session.id).reduce(0) { $0 + $1.values.count }
            }
            // SQLite replaces a block that begins at the same instant; Postgres keeps both.
            #expect(samples == (database == .sqlite ? 3012 : 3060))
            #expect(try await store.waitingEvents().count == 1)
            #expect(try await store.outboxDepths().map(\.count).reduce(0, +) == 14)
        }
    }

    /// Version 0.1.0 did not keep from where an event came: its analyses have turns as those of one source.
    @Test(arguments: OldDatabase.available)
    func analysesOfTheOldVersionHaveTurnsBesideOthers(_ database: OldDatabase) async throws {
        try await database.withStore { store in
            let sessions = try await store.sessions(SessionQuery(limit: 200)).compactMap(\.session)
            let unfinished = sessions.filter { $0.wakeAt != nil }
            let old = Set(unfinished.map(\.id))
            let model = try #require(unfinished.first)
            let first = try #require(unfinished.compactMap(\.wakeAt).min())
            var change = StoreChange()
            for number in 0..<300 {
                var event = model.event
                event.identity = EventIdentity(source: "/new", id: "\(number)")
                event.application = "new-\(number)"
                change.opened.append(
                    AnalysisSession(
                        id: "new-\(number)",
                        event: event,
                        plan: model.plan,
                        receivedAt: first - .seconds(86_400)
                    )
                )
            }
            try await store.commit(change)
            let now = first + .seconds(86_400)
            let claim = LeaseClaim(owner: "new", now: now, until: now + .seconds(30))
            let claimed = try await store.claimDueSessions(claim, limit: 8).map(\.session.id)
            #expect(claimed.count == 8)
            #expect(claimed.filter(old.contains).count == 4)
        }
    }

    @Test(arguments: OldDatabase.available)
    func theAnalysesGoOnAndEverythingIsDelivered(_ database: OldDatabase) async throws {
        try await database.withStore { store in
            let before = try await store.sessions(SessionQuery(limit: 200)).compactMap(\.session)
            let unfinished = before.filter { $0.phase != .finished }
            #expect(unfinished.count == 8)
            let engine = PresentEngine(store)
            try await engine.run(for: 240)

            let after = try await store.sessions(SessionQuery(limit: 200)).compactMap(\.session)
            // The event that had no answer has one now.
            #expect(after.count == before.count + 1)
            for session in after {
                let finals = try await store.verdicts(ofSession: session.id).filter { $0.kind == .final }
                #expect(finals == [try #require(session.finalVerdict)])
            }
            for session in unfinished {
                let ended = try #require(after.first { $0.id == session.id })
                #expect(ended.openedAt == session.openedAt && ended.plan == session.plan)
                #expect(ended.finalVerdict?.status == .completed)
                #expect(ended.lastLook == ended.schedule.count)
            }
            #expect(try await store.outboxDepths().isEmpty)
            for (sink, recorder) in engine.sinks {
                #expect(Set(recorder.messages.map(\.id)).count == recorder.messages.count, "\(sink)")
            }
            // Nine and two were waiting for it when the old version stopped; each analysis brought some more.
            let verdicts = try #require(engine.sinks[.verdicts]).messages
            #expect(verdicts.count(where: { $0.createdAt <= PresentEngine.start }) == 9)
            let finals = verdicts.filter { $0.id.hasSuffix("/final") }.map(\.id)
            #expect(Set(unfinished.map { "\($0.id)/final" }).isSubset(of: finals))
        }
    }

    /// Its states are in a table that version 0.1.0 did not have; the open analyses go on by the judge that they began with.
    @Test(arguments: OldDatabase.available)
    func aJudgeWithStatesWorksBesideAnalysesOfTheOldVersion(_ database: OldDatabase) async throws {
        let plan = AnalysisPlan(
            name: "new",
            scopes: PlanScopes(control: .labels(["track": "stable"]), experiment: ["track": "canary"]),
            judge: SequentialJudge.name,
            schedule: AnalysisSchedule(
                step: .seconds(5),
                interval: .seconds(20),
                lifetime: .seconds(240),
                delay: .seconds(2),
                deadline: .seconds(120)
            ),
            metrics: [PlannedMetric(name: "load", query: "load{${scope}}", direction: .increase)]
        )
        try await database.withStore { store in
            let old = try await store.sessions(SessionQuery(limit: 200)).compactMap(\.session)
            let engine = PresentEngine(store, plans: OnePlan(plan: plan))
            let event = DeployEvent(
                identity: EventIdentity(source: "/new", id: "1"),
                time: engine.clock.now(),
                phase: .deployed,
                application: "new",
                environment: "production",
                version: "2.0"
            )
            _ = try await store.receive([ReceivedEvent(event: event, receivedAt: engine.clock.now())])
            try await engine.run(for: 60)
            let query = SessionQuery(application: "new", limit: 10)
            let opened = try #require(try await store.sessions(query).first?.session)
            #expect(try await store.states(ofSession: opened.id).map(\.metric) == [0])
            try await engine.run(for: 240)
            let ended = try #require(try await store.sessions(query).first?.session)
            #expect(ended.finalVerdict?.result == .pass)
            #expect(ended.finalVerdict?.metrics.first?.judgement.sequential != nil)
            #expect(try await store.states(ofSession: opened.id).isEmpty)
            for session in old where session.phase != .finished {
                let after = try #require(try await store.session(id: session.id)?.session)
                #expect(after.plan.judge == session.plan.judge && after.plan.judge != SequentialJudge.name)
                #expect(after.finalVerdict?.status == .completed)
                #expect(after.finalVerdict?.metrics.allSatisfy { $0.judgement.sequential == nil } == true)
            }
        }
    }

    /// The region was opened by the old version: it is closed, not made a second time.
    @Test(arguments: OldDatabase.available)
    func whatWasDeliveredBeforeIsKnown(_ database: OldDatabase) async throws {
        try await database.withStore { store in
            let open = try await store.sessions(SessionQuery(limit: 200)).compactMap(\.session).filter {
                $0.phase == .sampling
            }
            #expect(!open.isEmpty)
            for session in open {
                let reference = try await store.reference(to: .annotations, id: "\(session.id)/opened")
                #expect(reference.flatMap { Int64($0) } != nil)
            }
        }
    }

    /// Messages that version 0.1.0 wrote are published as it would have published them.
    @Test(arguments: OldDatabase.available)
    func oldMessagesAreTheSameEvents(_ database: OldDatabase) async throws {
        try await database.withStore { store in
            let engine = PresentEngine(store)
            try await engine.run(for: 1)
            let messages = try #require(engine.sinks[.verdicts]).messages.filter { $0.content == nil }
            #expect(messages.count == 9)
            let records = VerdictRecords(topic: "verdicts", encoding: PresentEngine.encoding)
            let published = try StoredFixtures.values("published-verdicts").map { String(decoding: $0, as: UTF8.self) }
            for message in messages {
                let record = try records.record(of: message)
                #expect(record.headers.contains { $0.key == "ce_id" && $0.value == Array(message.id.utf8) })
                #expect(published.contains { $0.contains(message.id) && $0.contains(#""key":"\#(message.key)""#) })
                #expect(record.key == Array(message.key.utf8) && record.topic == "verdicts")
                let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
                let event = try CloudEventKafkaBinding.decode(value: record.value, headers: headers)
                #expect(try VerdictEvent.decode(event) == VerdictForm.read(Data(message.payload)))
            }
        }
    }
}
