import Analysis
import Concurrency
import Engine
import EventFormats
import Foundation
import Judging
import Logging
import PlanFormats
import Store
import Telemetry
import Testing

@Suite("What else changed around a release that does not pass") struct ChangesAroundTests {
    private let clock = ManualClock(EngineHarness.start)

    private func withEngine(
        factor: Double,
        _ body: (EngineHarness, Intake) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            let harness = try EngineHarness(
                directory: directory,
                backEnd: ScriptedBackEnd(SequentialEngineTests.answers(factor: factor)),
                clock: clock,
                plan: SequentialEngineTests.plan(),
                dependencies: Dependencies(["shop": ["payments"]])
            )
            let intake = Intake(
                reader: EnvelopeReader(plans: PlanReader()),
                store: harness.store,
                work: WakeSignal(),
                metrics: harness.metrics,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            try await body(harness, intake)
            await harness.store.close()
        }
    }

    private func receive(_ event: CloudEvent, _ intake: Intake) async throws -> IntakeOutcome {
        let (headers, body) = CloudEventHTTPBinding.structured(event)
        let envelope = Envelope(door: .http, headers: headers, body: body, receivedAt: clock.now())
        return try await intake.receive([envelope])[0]
    }

    private func change(_ id: String, _ data: String, type: String = ChangeEventFormat.type) -> CloudEvent {
        CloudEvent(id: id, source: "/ci", type: type, dataContentType: "application/json", data: Array(data.utf8))
    }

    private func release(_ application: String, _ id: String) -> CloudEvent {
        var event = EngineHarness.event(id)
        event.application = application
        return DeployEventEncoder.encode(event)
    }

    @Test("A failed analysis names what changed: a flag, a dependency, and not what has nothing to do with it")
    func aFailureNamesTheChanges() async throws {
        try await withEngine(factor: 8) { harness, intake in
            let flag = change(
                "flag",
                #"{"kind":"flag","application":"shop","environment":"production","summary":"new"}"#
            )
            #expect(try await receive(flag, intake) == .accepted(session: nil))
            #expect(try await receive(flag, intake) == .duplicate(session: nil))
            let stranger = #"{"kind":"config","application":"search","environment":"production","version":"1"}"#
            _ = try await receive(change("stranger", stranger), intake)
            _ = try await receive(release("payments", "payments"), intake)
            _ = try await receive(release("shop", "release"), intake)
            try await harness.run(for: 700)
            let sessions = try await harness.store.sessions(SessionQuery(application: "shop"))
            let verdict = try #require(sessions.first?.session?.finalVerdict)
            #expect(verdict.result == .fail && sessions.count == 1)
            let changes = try #require(verdict.changes)
            let found = Dictionary(
                uniqueKeysWithValues: changes.ranked.map { ($0.change.event.identity.id, $0.relation) }
            )
            #expect(found == ["flag": .application, "payments": .dependency])
            #expect(changes.releaseScore ?? 0 > 0 && changes.suspect == nil)
        }
    }

    @Test("A release that passes is not asked for what else changed") func aPassAsksNothing() async throws {
        try await withEngine(factor: 1) { harness, intake in
            _ = try await receive(release("shop", "release"), intake)
            try await harness.run(for: 700)
            let verdict = try await harness.store.sessions(SessionQuery()).first?.session?.finalVerdict
            #expect(verdict?.result == .pass && verdict?.changes == nil)
        }
    }

    @Test(
        "A deploy event of another kind opens no analysis and ends none",
        arguments: [
            DeployEventDecoder.type, ChangeEventFormat.type,
        ]
    )
    func otherKindsOpenNone(type: String) async throws {
        try await withEngine(factor: 1) { harness, intake in
            _ = try await receive(release("shop", "release"), intake)
            try await harness.engine.runDue()
            let data = #"{"kind":"config","application":"shop","environment":"production","version":"3.0"}"#
            #expect(try await receive(change("config", data, type: type), intake) == .accepted(session: nil))
            try await harness.engine.runDue()
            let sessions = try await harness.store.sessions(SessionQuery())
            #expect(sessions.count == 1 && sessions[0].session?.finalVerdict == nil)
            let kept = try await harness.store.changes(ChangeQuery(kind: .config))
            #expect(kept.count == 1)
        }
    }

    @Test("A deploy event that says its kind is service is a release as ever") func serviceIsARelease() async throws {
        try await withEngine(factor: 1) { harness, intake in
            let data = #"{"kind":"service","application":"shop","environment":"production","version":"3.0"}"#
            let outcome = try await receive(change("1", data, type: DeployEventDecoder.type), intake)
            guard case .accepted(.some) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            try await harness.engine.runDue()
            #expect(try await harness.store.sessions(SessionQuery()).count == 1)
        }
    }

    @Test("A kind that is not known is refused, and not taken for a release") func unknownKinds() async throws {
        try await withEngine(factor: 1) { harness, intake in
            let data = #"{"kind":"weather","application":"shop","environment":"production","version":"3.0"}"#
            for type in [DeployEventDecoder.type, ChangeEventFormat.type] {
                guard case .refused(let refusal) = try await receive(change("1", data, type: type), intake) else {
                    Issue.record("taken in as \(type)")
                    continue
                }
                #expect(refusal.message.contains("kind"))
            }
        }
    }
}
