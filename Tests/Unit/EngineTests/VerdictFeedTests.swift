import Analysis
import Engine
import EventFormats
import Foundation
import Kafka
import Store
import StoredFormats
import Testing

/// Readers over HTTP get what is published on Kafka.
@Suite struct VerdictFeedTests {
    private let now = EngineHarness.start
    private let decided = VerdictMessageEncoding(source: "/assay/then") { "https://then.test/\($0.session)" }
    /// Of a process that gives verdicts out, with other settings than the one that decided them.
    private let given = VerdictMessageEncoding(source: "/assay/now") { "https://now.test/\($0.session)" }

    private var verdict: Verdict {
        AnalysisSession.rejected(
            id: "s",
            event: EngineHarness.event("1"),
            ending: .noPlan("none matches"),
            receivedAt: now,
            at: now
        ).verdict
    }

    private var composer: OutboxComposer { OutboxComposer(sinks: [.verdicts, .webhook], encoding: decided) }

    /// The only message of a store, as the feed gives it.
    private func feed(_ message: OutboxMessage?) async throws -> Result<[UInt8], VerdictFeed.Unreadable> {
        let message = try #require(message)
        var found: [VerdictFeed.Item] = []
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory.appending(path: "store.db").path)
            var change = StoreChange()
            change.messages = [message]
            try await store.commit(change)
            found = try await VerdictFeed(store: store, encoding: given).items(after: OutboxCursor(), limit: 10)
            await store.close()
        }
        #expect(found.count == 1)
        return try #require(found.first).content
    }

    private func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        String(decoding: text, as: UTF8.self).contains(String(decoding: part, as: UTF8.self))
    }

    private func event(_ structured: [UInt8]) throws -> CloudEvent {
        let type = EventHeader(name: "content-type", value: Array("application/cloudevents+json".utf8))
        return try CloudEventHTTPBinding.decode(headers: [type], body: structured)
    }

    @Test func theDataIsThatOfTheRecordToTheByte() async throws {
        var message = try #require(try composer.decided(verdict).first { $0.sink == .verdicts })
        // Of another version: the payload cannot be read, and the text is written in another way.
        message.payload = Array("not read".utf8)
        let body = Array(#"{ "verdictId" : "s\/final", "new":1.50e0 }"#.utf8)
        message.content?.body = body
        let structured = try await feed(message).get()
        #expect(contains(structured, Array(#""data":"#.utf8) + body))
        #expect(try event(structured).source == "/assay/then")
    }

    @Test func theWholeEventIsTheOneThatWasDecided() async throws {
        let messages = try composer.decided(verdict)
        let structured = try await feed(messages.first { $0.sink == .verdicts }).get()
        #expect(structured == messages.first { $0.sink == .webhook }?.content?.body)
        #expect(try VerdictEvent.decode(try event(structured)) == verdict)
        #expect(try VerdictEvent.reportURL(of: try event(structured)) == "https://then.test/s")
    }

    /// A pipeline learns from it whether its own event decided the plan and the sides.
    @Test func aVerdictSaysWhatWasAskedOfItsAnalysis() throws {
        var event = EngineHarness.event("1")
        event.planName = "strict"
        event.experiment = ["track": "canary"]
        let (session, verdict) = AnalysisSession.rejected(
            id: "s",
            event: event,
            ending: .noPlan("none matches"),
            receivedAt: now,
            at: now
        )
        var change = StoreChange()
        change.opened = [session]
        change.verdicts = [verdict]
        try composer.addMessages(to: &change, from: [], at: now)
        let digest = AnalysisRequest(of: event).digest
        #expect(change.verdicts.map(\.requestDigest) == [digest])
        #expect(change.opened.map(\.finalVerdict) == change.verdicts)
        for message in change.messages {
            #expect(try VerdictForm.read(Data(message.payload)).requestDigest == digest)
        }
        let record = try #require(change.messages.first { $0.sink == .verdicts }?.content)
        #expect(try VerdictEvent.decode(try VerdictMessageEncoding.event(in: record)).requestDigest == digest)
    }

    @Test func oneVerdictIsFoundByItsId() async throws {
        let messages = try composer.decided(verdict)
        try await withDirectory { directory in
            let store = try SQLiteStore(path: directory.appending(path: "store.db").path)
            var change = StoreChange()
            change.messages = messages + [try #require(try composer.retry(of: verdict, failedAt: now, at: now))]
            try await store.commit(change)
            let feed = VerdictFeed(store: store, encoding: given)
            let structured = try await feed.event(ofVerdict: verdict.id)?.get()
            #expect(structured == messages.first { $0.sink == .webhook }?.content?.body)
            #expect(try await feed.event(ofVerdict: "s/other") == nil)
            await store.close()
        }
    }

    /// Version 0.1.0 stored the verdict alone.
    @Test func aMessageWithoutContentIsMadeFromItsVerdict() async throws {
        var message = try #require(try composer.decided(verdict).first { $0.sink == .verdicts })
        message.content = nil
        let event = try event(try await feed(message).get())
        #expect(event.source == "/assay/now")
        #expect(try VerdictEvent.decode(event) == verdict)

        message.payload = Array("not read".utf8)
        guard case .failure(let problem) = try await feed(message) else {
            Issue.record("it was read")
            return
        }
        #expect(problem.message == message.id && problem.reason.hasPrefix("the stored verdict cannot be read"))
    }

    /// Signed when decided; what version 0.1.0 stored, when it is published.
    @Test func aSignedVerdictVerifiesAsRecordAndAsAnswer() async throws {
        func pem(_ label: String, _ text: String) -> String {
            "-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----"
        }
        let key = try SigningKey(
            pem: pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIBlSsL5qzITyjkgaDwKb7fa+vUCczXTlJhUcu7Ti81QP")
        )
        let keys = try VerificationKeys(
            pem: pem("PUBLIC KEY", "MCowBQYDK2VwAyEApyzHtnEvUhbvUcsw65lNserrnk503lPnYufHV9M+iDM=")
        )
        let encoding = VerdictMessageEncoding(source: "/assay/then", signingKey: { key })
        let composer = OutboxComposer(sinks: [.verdicts, .webhook], encoding: encoding)
        let messages = try composer.decided(verdict)
        let message = try #require(messages.first { $0.sink == .verdicts })
        let retry = try #require(try composer.retry(of: verdict, failedAt: now, at: now))
        for message in [message, retry] {
            let record = try VerdictMessageEncoding.event(in: try #require(message.content))
            #expect(keys.problem(of: record) == nil)
            let answer = try event(try await feed(message).get())
            #expect(keys.problem(of: answer) == nil)
            #expect(answer.data == record.data)
        }
        let webhook = try #require(messages.first { $0.sink == .webhook }?.content)
        #expect(keys.problem(of: try event(webhook.body)) == nil)
        // The process that gives verdicts out has no key.
        #expect(
            keys.problem(of: try event(try await feed(try self.composer.decided(verdict).first).get())) == .unsigned
        )

        var old = message
        old.content = nil
        let record = try VerdictRecords(topic: "t", encoding: encoding).record(of: old)
        let headers = record.headers.map { EventHeader(name: $0.key, value: $0.value) }
        let event = try CloudEventKafkaBinding.decode(value: record.value, headers: headers)
        #expect(keys.problem(of: event) == nil)
    }

    /// A retry is composed when it is asked for, like any other message.
    @Test func aRetryIsFinishedWhenItIsAskedFor() async throws {
        let failed = now + .seconds(5)
        let retry = try #require(try composer.retry(of: verdict, failedAt: failed, at: now + .seconds(9)))
        #expect(retry.sink == .verdicts && retry.createdAt == now + .seconds(9))
        #expect(try composer.retry(of: verdict, failedAt: failed, at: now + .seconds(20))?.id == retry.id)
        #expect(try composer.retry(of: verdict, failedAt: now, at: now)?.id != retry.id)
        let record = try VerdictRecords(topic: "t", encoding: given).record(of: retry)
        #expect(record.headers.contains { $0.key == "ce_id" && $0.value == Array(verdict.id.utf8) })
        #expect(record.headers.contains { $0.key == "ce_source" && $0.value == Array("/assay/then".utf8) })
        let event = try event(try await feed(retry).get())
        #expect(RetryRequest.failure(namedBy: event) == failed)
        #expect(try VerdictEvent.decode(event) == verdict)
        // A process of version 0.1.0 reads the payload.
        #expect(try VerdictForm.read(Data(retry.payload)) == verdict)
        let silent = OutboxComposer(sinks: [.webhook], encoding: decided)
        #expect(try silent.retry(of: verdict, failedAt: now, at: now) == nil)
    }
}
