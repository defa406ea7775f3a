import Analysis
import EventFormats
import Foundation
import JSON
import Judging
import StoredFixtures
import StoredFormats
import Testing

/// What version 0.1.0 stored is read, and what is written now has all that 0.1.0 reads: members are only added, so that
/// both versions can work on the same store.
@Suite struct FirstFormTests {
    private func keep<Form: StoredForm>(_ name: String, _ form: Form.Type) throws where Form.Value: Equatable {
        let stored = try StoredFixtures.values(name)
        #expect(stored.count > 5)
        for old in stored {
            let value = try Form.read(old)
            let new = try Form.write(value)
            #expect(try KeptMembers.difference(from: old, to: new) == nil)
            // NaN is not equal to itself, so the bytes are compared.
            #expect(try Form.write(Form.read(new)) == new)
            #expect(String(decoding: new, as: UTF8.self).contains(#""form":\#(Form.newest)"#))
        }
    }

    @Test func sessions() throws { try keep("sessions", SessionForm.self) }
    @Test func verdicts() throws { try keep("verdicts", VerdictForm.self) }
    @Test func transitions() throws { try keep("transitions", TransitionForm.self) }
    @Test func deployEvents() throws { try keep("inbox", DeployEventForm.self) }
    @Test func messagesToTheTopic() throws { try keep("outbox-verdicts", VerdictForm.self) }
    @Test func messagesToTheWebhook() throws { try keep("outbox-webhook", VerdictForm.self) }

    @Test func annotations() throws {
        let stored = try StoredFixtures.values("outbox-annotations")
        for old in stored {
            let form = try AnnotationForm(bytes: [UInt8](old))
            #expect(try KeptMembers.difference(from: old, to: Data(form.bytes())) == nil)
            #expect(form.tags?.last == "verdict:\(form.result ?? "running")")
        }
        #expect(try stored.contains { try AnnotationForm(bytes: [UInt8]($0)).stage == .closed })
    }

    @Test func timelinesOfAllPlaces() throws {
        try keep("timelines", SharedTimelineForm.self)
        for old in try StoredFixtures.values("timelines") {
            let timeline = try SharedTimelineForm.read(old)
            #expect(timeline.all.newest != nil && timeline.common == timeline.all)
        }
    }

    /// Those of one place have the same members.
    @Test func timelinesOfOnePlace() throws { try keep("timelines", ReleaseTimelineForm.self) }

    private struct Samples: Decodable {
        struct Block: Decodable {
            var metric: Int
            var side: String
            var first: Int64
            var step: Int64
            var values: [String]
            var sqlite: Data
        }

        var postgres: Data
        var blocks: [Block]
    }

    @Test func samplesOfBothStores() throws {
        for line in try StoredFixtures.values("samples") {
            let kept = try JSONDecoder().decode(Samples.self, from: line)
            let blocks = try SampleBlockCodec.decode([UInt8](kept.postgres), session: "s")
            #expect(blocks.count == kept.blocks.count && blocks.count > 3)
            for (block, expected) in zip(blocks, kept.blocks) {
                #expect(block.metric == expected.metric && block.side.rawValue == expected.side)
                #expect(block.first.milliseconds == expected.first && block.step.milliseconds == expected.step)
                #expect(block.values.map { "\($0)" } == expected.values)
                #expect(try StoredColumn.decode(expected.sqlite).map { "\($0)" } == expected.values)
                #expect(StoredColumn.encode(block.values) == expected.sqlite)
            }
            #expect(Data(SampleBlockCodec.encode(blocks)) == kept.postgres)
        }
    }

    // MARK: - Causes

    /// In verdicts of form 1 only the sentence says the cause.
    @Test func everyUndecidedVerdictHasItsCause() throws {
        var found: Set<UndecidedCause> = []
        for old in try StoredFixtures.values("verdicts") {
            let verdict = try VerdictForm.read(old)
            let isUndecided =
                verdict.kind == .final && (verdict.status != .completed || verdict.result == .inconclusive)
            #expect((verdict.cause != nil) == isUndecided, "\(verdict.application)")
            if let cause = verdict.cause { found.insert(cause) }
        }
        #expect(
            found == [
                .unreachable, .overloaded, .partialData, .noData, .tooFewSamples, .notJudgeable, .noPlan, .superseded,
                .cancelled, .expired,
            ]
        )
    }

    // MARK: - Published

    private struct Record: Decodable {
        struct Header: Decodable {
            var name: String
            var value: String
        }

        var headers: [Header]
        var value: String

        func event() throws -> CloudEvent {
            let headers = headers.map { EventHeader(name: $0.name, value: Array($0.value.utf8)) }
            return try CloudEventKafkaBinding.decode(value: Array(value.utf8), headers: headers)
        }
    }

    @Test func publishedVerdicts() throws {
        for line in try StoredFixtures.values("published-verdicts") {
            let event = try JSONDecoder().decode(Record.self, from: line).event()
            let verdict = try VerdictEvent.decode(event)
            let again = VerdictEvent.encode(
                verdict,
                source: event.source,
                reportURL: try VerdictEvent.reportURL(of: event)
            )
            #expect(try KeptMembers.difference(from: Data(event.data ?? []), to: Data(again.data ?? [])) == nil)
            #expect(again.id == event.id && again.subject == event.subject && again.time == event.time)
        }
    }

    @Test func publishedWebhooks() throws {
        for body in try StoredFixtures.values("published-webhooks") {
            let headers = [EventHeader(name: "content-type", value: Array("application/cloudevents+json".utf8))]
            let event = try CloudEventHTTPBinding.decode(headers: headers, body: [UInt8](body))
            #expect(try VerdictEvent.decode(event).kind == .final)
        }
    }

    @Test func publishedActions() throws {
        var kinds: Set<RolloutAction.Kind> = []
        for line in try StoredFixtures.values("published-rollouts") {
            let event = try JSONDecoder().decode(Record.self, from: line).event()
            let action = try RolloutEvent.decode(event)
            #expect(action.action.isKnown && action.outcome.isKnown)
            kinds.insert(action.action)
            let again = RolloutEvent.encode(action, source: event.source)
            #expect(try KeptMembers.difference(from: Data(event.data ?? []), to: Data(again.data ?? [])) == nil)
        }
        #expect(kinds == Set(RolloutAction.Kind.allCases))
    }

    @Test func deadLetters() throws {
        for line in try StoredFixtures.values("published-dead-letters") {
            let record = try JSONDecoder().decode(Record.self, from: line)
            #expect(record.headers.contains { $0.name == "dlq.error.class" && $0.value == "badData" })
        }
    }
}
