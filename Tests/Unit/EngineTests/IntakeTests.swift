import Analysis
import Concurrency
import Engine
import EventFormats
import Foundation
import Logging
import PlanFormats
import Store
import Telemetry
import Testing

/// Every door hands in envelopes, and gets the same answers.
@Suite(.timeLimit(.minutes(5))) struct IntakeTests {
    private static let plan =
        "apiVersion: assay.dev/v1\nkind: AnalysisPlan\nname: own\n"
        + "judge: NetflixACAJudge-v1.0\nschedule: {step: 15s, interval: 1m, lifetime: 5m}\nmetrics: [{name: m, query: up, direction: either}]\n"

    private func envelope(_ door: Door, _ event: DeployEvent, structured: Bool = false) -> Envelope {
        let event = DeployEventEncoder.encode(event)
        let now = EngineHarness.start
        switch door {
        case .kafka:
            let (body, headers) =
                structured ? CloudEventKafkaBinding.structured(event) : CloudEventKafkaBinding.binary(event)
            return Envelope(door: door, headers: headers, body: body, receivedAt: now)
        case .http:
            let (headers, body) =
                structured ? CloudEventHTTPBinding.structured(event) : CloudEventHTTPBinding.binary(event)
            let others = [EventHeader("authorization", "Bearer s3cret")]
            return Envelope(door: door, headers: headers + others, body: body, receivedAt: now)
        }
    }

    private func withIntake(
        backpressure: IntakeBackpressure = IntakeBackpressure(),
        _ body: (Intake, SQLiteStore, EngineMetrics) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory.appending(path: "s.db").path)
            let metrics = EngineMetrics(MetricRegistry())
            let intake = Intake(
                reader: EnvelopeReader(plans: PlanReader(), planLimits: EventPlanLimits()),
                store: store,
                backpressure: backpressure,
                work: WakeSignal(),
                metrics: metrics,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            try await body(intake, store, metrics)
            await store.close()
        }
    }

    private func refusal(_ outcome: IntakeOutcome) -> String? {
        guard case .refused(let refusal) = outcome else { return nil }
        return refusal.reason
    }

    @Test(arguments: Door.allCases, [true, false])
    func eachDoorIsAnsweredAlike(door: Door, structured: Bool) async throws {
        try await withIntake { intake, store, metrics in
            let event = EngineHarness.event("1")
            var staging = event
            staging.environment = "staging"
            var other = envelope(door, event, structured: true)
            other.body = Array(#"{"specversion":"1.0","id":"9","source":"/s","type":"other"}"#.utf8)
            var large = envelope(door, event)
            large.oversize = 1 << 20
            let session = SessionID.make(for: event.identity)
            let outcomes = try await intake.receive([
                envelope(door, event, structured: structured), envelope(door, event, structured: structured),
                envelope(door, staging, structured: structured), other, large,
                Envelope(door: door, headers: [], body: Array("rubbish".utf8), receivedAt: EngineHarness.start),
            ])
            #expect(outcomes[..<2] == [.accepted(session: session), .duplicate(session: session)])
            #expect(refusal(outcomes[2]) == "idOfAnotherEvent")
            #expect(outcomes[3] == .ignored(reason: "events of type other are not used"))
            #expect(refusal(outcomes[4]) == "tooLarge")
            #expect(refusal(outcomes[5]) == "notACloudEvent")
            let counts = ["accepted", "duplicate", "conflict", "unknown_type", "malformed"].map {
                metrics.eventsReceived.value(door.rawValue, $0)
            }
            #expect(counts == [1, 1, 1, 1, 2])
            #expect(try await store.unansweredEvents(limit: 9).map(\.event) == [event])
        }
    }

    @Test(arguments: Door.allCases, [true, false])
    func theInboxKeepsWhatBelongsToTheEvent(door: Door, structured: Bool) async throws {
        try await withIntake { intake, store, _ in
            let event = EngineHarness.event("1")
            let envelope = envelope(door, event, structured: structured)
            _ = try await intake.receive([envelope])
            let original = try #require(try await store.originalEvent(event.identity))
            #expect(original.door == door.rawValue)
            #expect(original.format == "cloudevents/\(structured ? "structured" : "binary")")
            #expect(original.body == envelope.body)
            #expect(original.headers.contains { $0.name.lowercased() == "content-type" })
            // No secret of the caller's.
            #expect(!original.headers.contains { $0.name.lowercased() == "authorization" })
            let again = Envelope(
                door: door,
                headers: original.headers.map { EventHeader(name: $0.name, value: $0.value) },
                body: original.body,
                receivedAt: envelope.receivedAt
            )
            #expect(
                EnvelopeReader(plans: PlanReader(), planLimits: EventPlanLimits()).read(again)
                    == .deploy(event, plan: nil)
            )
        }
    }

    @Test func aPlanIsReadOnceAndComesWithTheEvent() async throws {
        try await withIntake { intake, store, _ in
            var event = EngineHarness.event("1")
            event.inlinePlan = Self.plan
            _ = try await intake.receive([envelope(.http, event)])
            let waiting = try #require(try await store.unansweredEvents(limit: 1).first)
            #expect(waiting.plan?.name == "own")
            /// Must not be asked for a plan that came with the event.
            struct NoPlans: PlanSource {
                func plan(for event: DeployEvent) throws(PlanUnavailable) -> AnalysisPlan {
                    throw PlanUnavailable(reason: "was asked")
                }
            }
            let opener = SessionOpener(plans: NoPlans(), maximumAge: .seconds(60))
            let change = opener.answer(waiting, ReleaseRecord(), at: EngineHarness.start)
            #expect(change.opened.map(\.plan.name) == ["own"])
        }
    }

    @Test(arguments: Door.allCases)
    func aPlanOfAnEventIsHeldToTheOperatorsLimits(door: Door) async throws {
        try await withIntake { intake, store, _ in
            var event = EngineHarness.event("1")
            event.inlinePlan = Self.plan.replacing("lifetime: 5m", with: "lifetime: 2m")
            let outcome = try #require(try await intake.receive([envelope(door, event)]).first)
            guard case .refused(let refusal) = outcome else {
                Issue.record("\(outcome)")
                return
            }
            #expect(refusal.reason == IntakeRefusal.badInlinePlan)
            #expect(refusal.message.hasPrefix("plan: schedule.lifetime: 2m is too short"))
            #expect(refusal.message.hasSuffix("(eventPlans.minimumLifetime)"))
            #expect(try await store.unansweredEvents(limit: 1).isEmpty)
        }
    }

    @Test func nothingIsTakenInWhileTooMuchWaits() async throws {
        let backpressure = IntakeBackpressure()
        backpressure.set(waitingEvents: 1_000_000, waitingMessages: 0)
        try await withIntake(backpressure: backpressure) { intake, store, metrics in
            #expect(intake.closed != nil)
            await #expect(throws: IntakeClosed.self) {
                try await intake.receive([envelope(.kafka, EngineHarness.event("1"))])
            }
            let waiting = try await store.waitingEvents().count
            #expect(waiting == 0)
            #expect(metrics.eventsReceived.value("kafka", "accepted") == 0)
            backpressure.set(waitingEvents: 0, waitingMessages: 0)
            let outcomes = try await intake.receive([envelope(.kafka, EngineHarness.event("1"))])
            #expect(outcomes.count == 1)
        }
    }

    @Test func eventsOfAFullSourceAreSentAgainOrHeld() async throws {
        let backpressure = IntakeBackpressure()
        try await withIntake(backpressure: backpressure) { intake, _, metrics in
            let event = EngineHarness.event("1")
            var (other, end) = (EngineHarness.event("2"), EngineHarness.event("3", phase: .cancelled))
            other.identity.source = "/other"
            end.application = "of the full source"
            backpressure.hold([event.identity.source: 1])
            let overHTTP = try await intake.receive([event, other, end].map { envelope(.http, $0) })
            #expect(overHTTP.map(refusal) == [IntakeRefusal.sourceFull, nil, nil])
            #expect(metrics.eventsReceived.value("http", "source_full") == 1)
            // Over Kafka it waits in the inbox.
            #expect(try await intake.receive([envelope(.kafka, event)]).map(refusal) == [nil])
            backpressure.hold([event.identity.source: 10_000])
            let more = try await intake.receive([envelope(.kafka, EngineHarness.event("4"))])
            #expect(more.map(refusal) == [IntakeRefusal.sourceFull])
            backpressure.hold([:])
            #expect(try await intake.receive([envelope(.http, event)]).map(refusal) == [nil])
        }
    }
}
