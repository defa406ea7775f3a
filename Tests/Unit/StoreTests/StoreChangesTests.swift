import Analysis
import Foundation
import GRDB
import Judging
import Testing

@testable import Store

@Suite struct StoreChangesTests {
    private func transition(_ session: String, _ cause: SessionTransition.Cause, look: Int = 0) -> SessionTransition {
        SessionTransition(
            session: session,
            at: Fixture.now,
            replica: "r1",
            cause: cause,
            from: cause == .opened ? nil : .sampling,
            to: cause == .finished ? .finished : .sampling,
            look: look,
            reason: "because",
            result: look > 0 ? .fail : nil
        )
    }

    private func action(_ id: String, _ session: String) -> StoredAction {
        StoredAction(
            id: id,
            source: "/assay/rollout/g",
            session: session,
            outcome: "done",
            at: Fixture.now,
            event: Array("{}".utf8)
        )
    }

    @Test("Transitions and actions of all sessions are read from a place on, each once", arguments: StoreKind.available)
    func inOrder(kind: StoreKind) async throws {
        try await kind.withStore { store in
            var place = try await store.endOfChanges()
            let before = try await store.changes(after: place, ofSession: nil, limit: 10)
            #expect(before.isEmpty)
            let written = [
                transition("s1", .opened), transition("s2", .opened), transition("s1", .looked, look: 1),
            ]
            try await store.commit(
                Fixture.change {
                    $0.opened = [Fixture.session("s1"), Fixture.session("s2", application: "cart")]
                    $0.transitions = written
                }
            )
            #expect(try await store.add(action("a", "s2")) == .stored)
            let first = try await store.changes(after: place, ofSession: nil, limit: 10)
            #expect(
                first.map(\.what) == written.map { .transition($0) } + [
                    .action(id: "a", source: "/assay/rollout/g", outcome: "done", at: Fixture.now)
                ]
            )
            #expect(first.map(\.session) == ["s1", "s2", "s1", "s2"])
            #expect(first.map(\.application) == ["shop", "cart", "shop", "cart"])
            #expect(first.allSatisfy { $0.version == "2.0" && $0.cluster == "" && $0.namespace == "" })
            let page = try await store.changes(after: place, ofSession: nil, limit: 2)
            #expect(page == [first[0], first[1], first[3]])
            let own = try await store.changes(after: place, ofSession: "s1", limit: 10)
            #expect(own == [first[0], first[2]])
            #expect(try await store.changes(after: place, ofSession: "nobody", limit: 10).isEmpty)
            for change in first {
                let isNew = place.pass(change)
                #expect(isNew)
            }
            place.endLook()
            #expect(try await store.changes(after: place, ofSession: nil, limit: 10).isEmpty)
            let resumed = try #require(ChangePlace(place.description))
            #expect(try await store.changes(after: resumed, ofSession: nil, limit: 10).isEmpty)
        }
    }

    @Test("A reader that begins gets nothing of what was there", arguments: StoreKind.available)
    func fromNowOn(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.commit(
                Fixture.change {
                    $0.opened = [Fixture.session("s1")]
                    $0.transitions = [transition("s1", .opened)]
                }
            )
            var place = try await store.endOfChanges()
            let known = try await store.changes(after: place, ofSession: nil, limit: 10)
            let told = known.filter { place.pass($0) }
            #expect(told.isEmpty)
            place.endLook()
            try await store.commit(Fixture.change { $0.transitions = [transition("s1", .finished)] })
            let later = try await store.changes(after: place, ofSession: nil, limit: 10)
            #expect(later.map(\.what) == [.transition(transition("s1", .finished))])
        }
    }
}

@Suite struct StoreResultTests {
    private func ended(_ id: String, _ result: JudgementResult, at time: Timestamp) -> AnalysisSession {
        let rejected = AnalysisSession.rejected(
            id: id,
            event: Fixture.event(id),
            ending: .noPlan("none"),
            receivedAt: time,
            openedAt: time,
            at: time
        )
        var verdict = rejected.1
        verdict.result = result
        return AnalysisSession(
            id: id,
            event: Fixture.event(id),
            plan: Fixture.session(id).plan,
            openedAt: time,
            deployedAt: time,
            phase: .finished,
            lastLook: 0,
            missedLooks: 0,
            hold: nil,
            holdAttempts: 0,
            lastLookTriedAt: nil,
            finalVerdict: verdict,
            wakeAt: nil
        )
    }

    @Test("Sessions are listed by their result and by when they were opened", arguments: StoreKind.available)
    func listed(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.commit(
                Fixture.change {
                    $0.opened = [
                        ended("a", .pass, at: Fixture.now), ended("b", .fail, at: Fixture.now + .seconds(10)),
                        ended("c", .pass, at: Fixture.now + .seconds(20)), Fixture.session("d"),
                    ]
                }
            )
            // One that is written over has a result from then on.
            let running = try #require(try await store.session(id: "d"))
            var written = running
            written.session = ended("d", .pass, at: Fixture.now)
            try await store.commit(Fixture.change { $0.written = [written] })
            for (query, ids) in [
                (SessionQuery(result: .pass), ["c", "a", "d"]), (SessionQuery(result: .fail), ["b"]),
                (SessionQuery(result: .marginal), []), (SessionQuery(since: Fixture.now + .seconds(10)), ["c", "b"]),
                (SessionQuery(result: .pass, since: Fixture.now + .seconds(11)), ["c"]),
                (SessionQuery(result: .pass, limit: 2), ["c", "a"]),
            ] {
                let found = try await store.sessions(query).map(\.id)
                #expect(found == ids, "\(query)")
            }
        }
    }

    @Test("What version 0.1.0 finished has its result read from the session")
    func unwritten() async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try SQLiteStore(path: directory.appending(path: "store.db").path)
        try await store.commit(
            Fixture.change {
                $0.opened = (0..<30).map { ended("\($0)", $0 % 3 == 0 ? .fail : .pass, at: Fixture.now) }
            }
        )
        try await store.write { database in try database.execute(sql: "UPDATE sessions SET result = NULL") }
        let found = try await store.sessions(SessionQuery(result: .fail, limit: 8))
        #expect(found.count == 8 && found.allSatisfy { $0.session?.finalVerdict?.result == .fail })
        await store.close()
    }
}

@Suite struct NumberPlaceTests {
    /// The numbers that come for the first time.
    private func pass(_ numbers: [Int64], _ place: inout NumberPlace) -> [Int64] {
        var new: [Int64] = []
        for number in numbers where place.pass(number) { new.append(number) }
        return new
    }

    @Test("A number that becomes visible late is asked for until it comes, and is told once")
    func late() {
        var place = NumberPlace(after: 10)
        #expect(pass([11, 14], &place) == [11, 14])
        #expect(place.missing == [12, 13] && place.settled == 11 && place.last == 14)
        place.endLook()
        #expect(pass([13, 13, 14, 3], &place) == [13])
        #expect(place.missing == [12] && place.settled == 11)
        #expect(pass([12], &place) == [12])
        #expect(place.missing == [] && place.settled == 14)
    }

    @Test func aNumberThatNeverComesIsGivenUp() {
        var place = NumberPlace(after: 0)
        _ = place.pass(2)
        for _ in 0..<NumberPlace.attempts {
            #expect(place.missing == [1])
            place.endLook()
        }
        #expect(place.missing == [] && place.settled == 2)
    }

    @Test("A reader that begins at the end is told of what was not visible then, and of nothing else")
    func end() {
        var place = NumberPlace(end: 100)
        #expect(place.missing == Array(37...100) && place.settled == 36)
        #expect(pass((37...101).filter { $0 != 98 }, &place) == [101])
        place.endLook()
        #expect(place.missing == [98] && place.settled == 97)
        #expect(pass([98], &place) == [98])
        #expect(NumberPlace(end: 0).missing == [] && NumberPlace(end: 2).missing == [1, 2])
    }

    @Test func whatIsMissingIsBounded() {
        var place = NumberPlace(after: 0)
        for step in 1...10 { _ = place.pass(Int64(step) * 1_000_000_000) }
        #expect(place.missing.count == NumberPlace.maximumMissing)
        #expect(place.missing.last == 9_999_999_999)
    }

    @Test(
        "The text of a place is read back, and nothing else is",
        arguments: [
            ("120.7", true), ("0.0", true), ("", false), ("1", false), ("1.2.3", false), ("-1.2", false), ("1.", false),
            ("1. 2", false), ("x.y", false), ("9223372036854775807.1", false), ("99999999999999999999.1", false),
        ]
    )
    func text(text: String, isPlace: Bool) {
        #expect(ChangePlace(text)?.description == (isPlace ? text : nil))
    }
}
