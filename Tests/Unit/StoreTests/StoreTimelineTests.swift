import Analysis
import Foundation
import Postgres
import Testing

@testable import Store

/// An event is answered in the light of what is known about its release, or not at all.
@Suite struct StoreTimelineTests {
    private static let kinds = StoreKind.available.filter { $0 != .memory }

    private func received(_ id: String, in cluster: String, application: String = "shop") -> ReceivedEvent {
        var event = Fixture.event(id, application: application)
        event.cluster = cluster
        return ReceivedEvent(event: event, receivedAt: Fixture.now)
    }

    /// A store that has answered events of two clusters and of another application, and then gets others of each.
    private func withTimelines(_ kind: StoreKind, _ body: (any Store) async throws -> Void) async throws {
        try await kind.withStore { store in
            _ = try await store.receive([
                received("1", in: "eu"), received("2", in: "us"), received("3", in: "eu", application: "other"),
            ])
            #expect(try await store.answerEvents(limit: 10, Fixture.noted).count == 3)
            _ = try await store.receive([
                received("4", in: "eu"), received("5", in: "us"), received("6", in: "eu", application: "other"),
            ])
            try await body(store)
        }
    }

    private func answered(_ store: any Store) async throws -> [String] {
        try await store.answerEvents(limit: 10, Fixture.noted).map(\.event.event.identity.id)
    }

    private func write(_ text: String, _ table: String, _ condition: String, _ kind: StoreKind, _ store: any Store)
        async throws
    {
        let bytes = kind == .sqlite ? "CAST('\(text)' AS BLOB)" : "convert_to('\(text)', 'UTF8')"
        try await kind.run("UPDATE \(table) SET timeline = \(bytes) WHERE \(condition)", in: store)
    }

    @Test(arguments: kinds)
    func aTimelineOfOnePlaceThatCannotBeReadSetsTheEventsOfThatPlaceAside(_ kind: StoreKind) async throws {
        try await withTimelines(kind) { store in
            try await write("{}", "release_timelines", "application = 'shop' AND cluster = 'eu'", kind, store)
            #expect(try await answered(store) == ["5", "6"])
            #expect(try await answered(store) == [])
            let setAside = try await store.setAside()
            #expect(setAside.counts.filter { $0.value > 0 } == [.unreadableEvent: 1])
            #expect(setAside.rows.map(\.id) == ["/ci 4"])
            let detail = try #require(setAside.rows.first?.detail)
            #expect(
                detail == "what is known about shop in production (cluster eu) cannot be read: the stored release"
                    + " timeline cannot be read: withdrawals is missing"
            )
            #expect(try await store.waitingEvents().count == 0)
        }
    }

    @Test(arguments: kinds)
    func oneOfAllPlacesSetsAllOfThemAside(_ kind: StoreKind) async throws {
        try await withTimelines(kind) { store in
            try await write("[", "releases", "application = 'shop'", kind, store)
            #expect(try await answered(store) == ["6"])
            #expect(Set(try await store.setAside().rows.map(\.id)) == ["/ci 4", "/ci 5"])
        }
    }

    /// A replica of the newer version answers it, and is not kept from it.
    @Test(arguments: kinds, ["release_timelines", "releases"])
    func oneOfANewerFormIsLeftToOthers(_ kind: StoreKind, _ table: String) async throws {
        try await withTimelines(kind) { store in
            let condition = "application = 'shop'" + (table == "releases" ? "" : " AND cluster = 'eu'")
            try await write(#"{"form":99}"#, table, condition, kind, store)
            let left = table == "releases" ? ["/ci 4", "/ci 5"] : ["/ci 4"]
            #expect(try await answered(store) == (table == "releases" ? ["6"] : ["5", "6"]))
            #expect(try await answered(store) == [])
            let setAside = try await store.setAside()
            #expect(setAside.counts.filter { $0.value > 0 } == [.newerForm: left.count])
            #expect(setAside.rows.map(\.id).sorted() == left)
            #expect(setAside.rows.allSatisfy { $0.detail == "what is known about its release has form 99" })
            // It waits, and is not kept from a process that can answer it.
            #expect(try await store.waitingEvents().count == left.count)
            _ = try await store.receive([received("7", in: "eu", application: "other")])
            #expect(try await store.answerEvents(limit: 1, Fixture.noted).map(\.event.event.identity.id) == ["7"])
        }
    }

    @Test(arguments: kinds)
    func anEventOfANewerFormIsLeftToOthers(_ kind: StoreKind) async throws {
        try await kind.withStore { store in
            _ = try await store.receive([Fixture.received("1"), Fixture.received("2")])
            let bytes = kind == .sqlite ? #"CAST('{"form":99}' AS BLOB)"# : #"convert_to('{"form":99}', 'UTF8')"#
            try await kind.run("UPDATE inbox SET event = \(bytes) WHERE event_id = '1'", in: store)
            #expect(try await answered(store) == ["2"])
            #expect(try await answered(store) == [])
            let setAside = try await store.setAside()
            #expect(setAside.counts.filter { $0.value > 0 } == [.newerForm: 1])
            #expect(setAside.rows.map(\.detail) == ["the event has form 99"])
        }
    }

    /// What is written can be read by its number; a row that version 0.1.0 wrote has none.
    @Test(arguments: kinds)
    func aRowSaysItsForm(_ kind: StoreKind) async throws {
        try await withTimelines(kind) { store in
            let form = kind == .sqlite ? "CAST(timeline AS TEXT)" : "convert_from(timeline, 'UTF8')"
            for table in ["releases", "release_timelines"] {
                // Without a number it is form 1.
                try await kind.run(
                    "UPDATE \(table) SET timeline = "
                        + (kind == .sqlite
                            ? "CAST(replace(\(form), '\"form\":2,', '') AS BLOB)"
                            : "convert_to(replace(\(form), '\"form\":2,', ''), 'UTF8')")
                        + " WHERE \(form) LIKE '%\"form\":2,%'",
                    in: store
                )
            }
            #expect(try await answered(store) == ["4", "5", "6"])
        }
    }
}
