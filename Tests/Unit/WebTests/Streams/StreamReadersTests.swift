import Analysis
import Foundation
import Judging
import NIOCore
import Store
import Testing

@testable import Web

@Suite struct StreamReadersTests {
    private let now = Timestamp(milliseconds: 1_772_359_200_000)
    private let place = ChangePlace(transitions: NumberPlace(after: 5), actions: NumberPlace(after: 2))

    private func followed(
        session: String? = nil,
        application: String? = nil,
        phase: AnalysisSession.Phase? = nil
    ) -> FollowedChanges {
        FollowedChanges(SessionQuery(application: application, phase: phase), session: session)
    }

    private func change(
        _ session: String,
        _ application: String = "shop",
        from: SessionTransition.Phase = .sampling,
        to: SessionTransition.Phase = .sampling,
        reason: String = "a reason",
        cluster: String? = ""
    ) -> SessionChange {
        SessionChange(
            number: 1,
            what: .transition(
                SessionTransition(
                    session: session,
                    at: now,
                    replica: "r",
                    cause: .looked,
                    from: from,
                    to: to,
                    look: 1,
                    reason: reason,
                    result: .fail
                )
            ),
            session: session,
            application: application,
            environment: "production",
            cluster: cluster,
            namespace: nil,
            version: "1"
        )
    }

    private func add(
        _ changes: FollowedChanges,
        until: Timestamp,
        _ readers: inout StreamReaders
    ) throws -> (id: Int, chunks: StreamReaders.Chunks) {
        let added = readers.add(changes, until: until)
        return try #require(added)
    }

    /// All that the reader was sent.
    private func received(_ chunks: StreamReaders.Chunks) async -> String {
        var text = ""
        for await chunk in chunks { text += String(buffer: chunk) }
        return text
    }

    @Test("Each reader gets what it follows")
    func filters() async throws {
        var readers = StreamReaders(maximum: 10)
        let until = now + .seconds(60)
        let all = [
            followed(session: "a"), followed(session: "b"), followed(), followed(application: "cart"),
            followed(phase: .sampling), followed(phase: .finished), followed(phase: .warmingUp),
        ]
        var chunks: [StreamReaders.Chunks] = []
        var ids: [Int] = []
        for changes in all {
            let added = try add(changes, until: until, &readers)
            chunks.append(added.chunks)
            ids.append(added.id)
        }
        readers.note(change("a"), at: place)
        readers.note(change("c", "cart", to: .finished), at: place)
        _ = readers.endLook(at: place, now: now)
        for (id, changes) in zip(ids, all) { readers.remove(id, of: changes) }
        #expect(readers.count == 0)
        var counts: [Int] = []
        for each in chunks {
            counts.append(await received(each).components(separatedBy: "event: transition").count - 1)
        }
        #expect(counts == [1, 0, 2, 1, 2, 1, 0])
    }

    @Test("A session whose cluster is not known is of interest to those who ask for one")
    func cluster() {
        let followed = FollowedChanges(SessionQuery(cluster: "eu"))
        #expect(followed.cover(change("a", cluster: "eu")) && followed.cover(change("a", cluster: nil)))
        #expect(!followed.cover(change("a", cluster: "")) && !followed.cover(change("a", cluster: "us")))
    }

    @Test func aReaderThatTakesNothingIsDropped() async throws {
        var readers = StreamReaders(maximum: 2)
        let slow = try add(followed(), until: now + .seconds(60), &readers)
        var dropped = 0
        for _ in 0...StreamReaders.maximumChunks {
            readers.note(change("a"), at: place)
            dropped += readers.endLook(at: place, now: now)
        }
        #expect(dropped == 1 && readers.count == 0)
        #expect(await received(slow.chunks).components(separatedBy: "event:").count - 1 == StreamReaders.maximumChunks)
    }

    @Test("Where more happens than is told, a reader is told that")
    func reset() async throws {
        var readers = StreamReaders(maximum: 2)
        let reader = try add(followed(), until: now, &readers)
        for _ in 0..<100 { readers.note(change("a", reason: String(repeating: "x", count: 1000)), at: place) }
        _ = readers.endLook(at: place, now: now)
        #expect(await received(reader.chunks) == "event: reset\ndata: {}\n\nid: 5.2\n\n")
    }

    @Test("A reader whose time is up is let go, and another has room")
    func time() async throws {
        var readers = StreamReaders(maximum: 1)
        let first = try add(followed(session: "a"), until: now + .seconds(1), &readers)
        let refused = readers.add(followed(), until: now)
        #expect(refused == nil)
        _ = readers.endLook(at: place, now: now)
        #expect(readers.count == 1)
        _ = readers.endLook(at: place, now: now + .seconds(1))
        #expect(readers.count == 0)
        #expect(await received(first.chunks) == "")
        _ = try add(followed(), until: now, &readers)
    }

    @Test func readersWithoutNewsGetSignsOfLife() async throws {
        var readers = StreamReaders(maximum: 1)
        let reader = try add(followed(session: "a"), until: now + .seconds(60), &readers)
        for _ in 0..<30 { _ = readers.endLook(at: place, now: now) }
        readers.remove(reader.id, of: followed(session: "a"))
        #expect(await received(reader.chunks) == ":\n\n:\n\n")
    }

    @Test("Names and reasons cannot end the line of an event")
    func hostile() {
        let text = StreamText.event(
            change("a", "x\n\ndata: y\r\rz", reason: "1\nid: 9\r\n\u{2028}"),
            at: place,
            isSummary: false
        )
        #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 5, "\(text)")
        #expect(!text.contains("\r") && text.hasPrefix("id: 5.2\nevent: transition\ndata: {"))
    }

    @Test("Readers of the summary alone are told nothing of how releases are judged")
    func summary() {
        let text = StreamText.event(change("a"), at: nil, isSummary: true)
        #expect(!text.contains("a reason") && !text.contains("fail") && text.contains("\"look\":1"))
    }
}

@Suite struct StreamQueryTests {
    @Test(
        "What is asked for is checked",
        arguments: [
            ([("application", "shop"), ("phase", "sampling"), ("wait", "0s"), ("after", "3.4")], nil),
            ([("session", "s1")], nil),
            ([("limit", "5")], "unknown parameter limit"),
            ([("before", "x")], "unknown parameter before"),
            ([("session", "s1"), ("application", "shop")], "session goes with no filter"),
            ([("session", "")], "session must be"),
            ([("session", "a b")], "session must be"),
            ([("after", "x")], "after must be"),
            ([("wait", "11m")], "wait must lie"),
            ([("wait", "1s"), ("wait", "1s")], "wait is given twice"),
            ([("phase", "x")], "phase must be one of"),
        ] as [([(String, String)], String?)]
    )
    func parameters(given: [(String, String)], problem: String?) {
        let parameters = given.map { (name: $0.0, value: $0.1) }
        do throws(SessionParameterError) {
            _ = try StreamQuery(parameters, lastEvent: nil)
            #expect(problem == nil)
        } catch {
            #expect(problem.map { error.description.hasPrefix($0) } == true, "\(error)")
        }
    }

    @Test func theHeaderOfABrowserHasPrecedence() throws {
        let after = [(name: "after", value: "1.1")]
        #expect(try StreamQuery(after, lastEvent: "7.8").after?.description == "7.8")
        #expect(try StreamQuery(after, lastEvent: "what it is").after?.description == "1.1")
        #expect(try StreamQuery([], lastEvent: nil).after == nil)
    }
}
