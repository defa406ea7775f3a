import Analysis
import Foundation
import StoredFormats
import Testing

@testable import Store

@Suite struct StoreRolloutTests {
    private func action(
        _ id: String,
        _ session: String = "s1",
        at second: Int64 = 0,
        source: String = "/assay/rollout/g",
        outcome: String = "done"
    ) -> StoredAction {
        StoredAction(
            id: id,
            source: source,
            session: session,
            outcome: outcome,
            at: Fixture.now + .seconds(second),
            event: Array("{\"id\":\"\(id)\",\"at\":\(second)}".utf8)
        )
    }

    @Test(arguments: StoreKind.available) func anActionIsKeptOnceAndReadInOrder(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.commit(Fixture.change { $0.opened = [Fixture.session("s1"), Fixture.session("s2")] })
            #expect(try await store.add(action("a", "nobody")) == .unknownSession)
            #expect(try await store.add(action("a", at: 1)) == .stored)
            #expect(try await store.add(action("a", at: 1)) == .duplicate)
            // The same action, performed again.
            #expect(try await store.add(action("a", at: 2)) == .stored)
            #expect(try await store.add(action("b", "s2")) == .stored)
            let all = try await store.actions(after: 0, limit: 10, maximumBytes: .max)
            #expect(all.map(\.id) == ["a", "a", "b"])
            #expect(all[1].event == action("a", at: 2).event)
            #expect(all.map(\.sequence) == all.map(\.sequence).sorted())
            let page = try await store.actions(after: all[0].sequence, limit: 1, maximumBytes: 1)
            #expect(page == [all[1]])
            #expect(try await store.actions(after: all[2].sequence, limit: 10, maximumBytes: 1).isEmpty)
            #expect(try await store.actions(ofSession: "s1") == ActionHistory(actions: Array(all[..<2])))
            #expect(try await store.actions(ofSession: "nobody") == ActionHistory())
        }
    }

    @Test(arguments: StoreKind.available) func aPageOfActionsHasSoManyBytes(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.commit(Fixture.change { $0.opened = [Fixture.session("s1")] })
            for (second, size) in [10, 400, 100, 100, 100, 900, 50].enumerated() {
                var action = action("a", at: Int64(second))
                action.event = [UInt8](repeating: 32, count: size)
                #expect(try await store.add(action) == .stored)
            }
            var pages: [[Int]] = []
            var after: Int64 = 0
            while true {
                let page = try await store.actions(after: after, limit: 3, maximumBytes: 300)
                guard let last = page.last else { break }
                after = last.sequence
                pages.append(page.map(\.event.count))
            }
            #expect(pages == [[10], [400], [100, 100, 100], [900], [50]])
        }
    }

    /// Controllers of two groups with actuators of one name answer one verdict under one id.
    @Test(arguments: StoreKind.available) func actionsOfTwoGroupsInOneMillisecondAreTwo(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await store.commit(Fixture.change { $0.opened = [Fixture.session("s1")] })
            for source in ["/assay/rollout/one", "/assay/rollout/two"] {
                #expect(try await store.add(action("a", source: source)) == .stored)
                #expect(try await store.add(action("a", source: source)) == .duplicate)
            }
            let sources = try await store.actions(after: 0, limit: 9, maximumBytes: .max).map(\.source)
            #expect(sources == ["/assay/rollout/one", "/assay/rollout/two"])
        }
    }

    /// What a controller knows its answer by stays, however often it or another one repeats something else.
    @Test(arguments: StoreKind.available) func aSessionHasSoManyActionsAndTheNewestOfEachKindStay(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            try await store.commit(Fixture.change { $0.opened = [Fixture.session("s1"), Fixture.session("s2")] })
            #expect(try await store.add(action("a")) == .stored)
            #expect(try await store.add(action("a", "s2", at: 1)) == .stored)
            #expect(try await store.add(action("a", at: 2, source: "/other")) == .stored)
            let count = StoredAction.maximumOfSession + 20
            for second in 10..<10 + count {
                #expect(try await store.add(action("a", at: Int64(second), outcome: "dryRun")) == .stored)
            }
            var history = try await store.actions(ofSession: "s1")
            #expect(history.actions.count == StoredAction.maximumOfSession && history.dropped == 22)
            #expect(history.actions.prefix(2).map(\.at) == [Fixture.now, Fixture.now + .seconds(2)])
            #expect(history.actions.last?.at == Fixture.now + .seconds(Int64(9 + count)))
            #expect(try await store.actions(ofSession: "s2").dropped == 0)
            // Further kinds find no room, and push nothing out.
            for number in 0..<StoredAction.maximumKindsOfSession {
                let made = try await store.add(action("forged\(number)", at: 1000))
                #expect(made == (number < StoredAction.maximumKindsOfSession - 3 ? .stored : .notKept))
            }
            #expect(try await store.add(action("a", at: 2000)) == .stored)
            history = try await store.actions(ofSession: "s1")
            #expect(history.actions.count == StoredAction.maximumOfSession)
            #expect(history.dropped == 22 + StoredAction.maximumKindsOfSession + 1)
            #expect(history.actions.last?.at == Fixture.now + .seconds(2000))
            #expect(history.actions.contains { $0.source == "/other" })
        }
    }

    @Test(arguments: StoreKind.available) func messagesAreReadFromAPlaceWhateverBecameOfThem(
        kind: StoreKind
    ) async throws {
        try await kind.withStore { store in
            #expect(try await store.end(of: .verdicts) == OutboxCursor())
            let messages = (0..<40).map { Fixture.message("m\($0)", key: "key\($0 % 11)") }
            for message in messages[..<30] { try await store.commit(Fixture.change { $0.messages = [message] }) }
            let end = try await store.end(of: .verdicts)
            try await settleAll(store)
            try await store.commit(Fixture.change { $0.messages = Array(messages[30...]) })
            var place = OutboxCursor()
            var read: [String] = []
            while true {
                let page = try await store.messages(of: .verdicts, after: place, limit: 7, maximumBytes: .max)
                guard !page.isEmpty else { break }
                #expect(page.count <= 7)
                for message in page { place.pass(message) }
                read += page.map(\.id)
            }
            #expect(read.count == 40 && Set(read) == Set(messages.map(\.id)))
            let own = messages.filter { $0.key == "key3" }.map(\.id)
            #expect(read.filter { own.contains($0) } == own)
            #expect(try await store.messages(of: .webhook, after: OutboxCursor(), limit: 9, maximumBytes: 1).isEmpty)
            let rest = try await store.messages(of: .verdicts, after: end, limit: 100, maximumBytes: .max)
            #expect(Set(rest.map(\.id)) == Set(messages[30...].map(\.id)))
            #expect(rest.first?.payload == Array((rest.first?.id ?? "").utf8))
        }
    }

    /// A page ends at its bytes, and holds one message at least: a caller gets on whatever the sizes.
    @Test(arguments: StoreKind.available) func aPageOfMessagesHasSoManyBytes(kind: StoreKind) async throws {
        try await kind.withStore { store in
            let sizes = [10, 400, 100, 100, 100, 900, 50]
            let messages = sizes.enumerated().map { index, size in
                var message = Fixture.message("m\(index)", key: "key\(index)")
                // Both kinds: with a content, and as version 0.1.0 wrote them.
                if index.isMultiple(of: 2) {
                    message.content = OutboxContent(body: [UInt8](repeating: 32, count: size))
                } else {
                    message.payload = [UInt8](repeating: 32, count: size)
                }
                return message
            }
            for message in messages { try await store.commit(Fixture.change { $0.messages = [message] }) }
            var place = OutboxCursor()
            var pages: [[String]] = []
            while true {
                let page = try await store.messages(of: .verdicts, after: place, limit: 3, maximumBytes: 300)
                guard !page.isEmpty else { break }
                for message in page { place.pass(message) }
                pages.append(page.map(\.id))
            }
            #expect(pages == [["m0"], ["m1"], ["m2", "m3", "m4"], ["m5"], ["m6"]])
        }
    }

    @Test(arguments: StoreKind.available) func aMessageIsFoundByItsId(kind: StoreKind) async throws {
        try await kind.withStore { store in
            var message = Fixture.message("m1", key: "key")
            message.content = OutboxContent(headers: [MessageHeader(name: "a", value: "b")], body: Array("{}".utf8))
            try await store.commit(Fixture.change { $0.messages = [message, Fixture.message("m2", key: "key")] })
            try await settleAll(store)
            #expect(try await store.message(of: .verdicts, id: "m1")?.content == message.content)
            #expect(try await store.message(of: .verdicts, id: "m2")?.content == nil)
            #expect(try await store.message(of: .verdicts, id: "m3") == nil)
            #expect(try await store.message(of: .webhook, id: "m1") == nil)
        }
    }

    private func settleAll(_ store: any Store) async throws {
        let claim = ShardClaim(
            sink: .verdicts,
            owner: "a",
            wanted: OutboxShard.count,
            now: Fixture.now,
            until: Fixture.now + .seconds(60)
        )
        for lease in try await store.claimShards(claim) {
            let due = try await store.dueMessages(of: lease, at: Fixture.now, limit: 100)
            let settled = due.map {
                OutboxSettlement(sequence: $0.sequence, outcome: .delivered(reference: nil), at: Fixture.now)
            }
            try await store.settle(settled, under: lease)
        }
    }

    @Test(arguments: StoreKind.available) func aReaderFindsItsPlaceAgain(kind: StoreKind) async throws {
        try await kind.withStore { store in
            #expect(try await store.place(of: "g") == nil)
            let place = try #require(OutboxCursor("1.2.3.40"))
            try await store.setPlace(place, of: "g")
            try await store.setPlace(OutboxCursor(), of: "other")
            #expect(try await store.place(of: "g") == place)
            try await store.setPlace(try #require(OutboxCursor("5.2.3.40")), of: "g")
            #expect(try await store.place(of: "g")?.description == "5.2.3.40")
        }
    }

    @Test(arguments: [
        "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.x", "1.2.3.-4", "1.2.3.+4", "1.2.3.", "1.2.3.99999999999999999999",
    ])
    func whatIsNoPlaceIsRefused(text: String) {
        #expect(OutboxCursor(text) == nil)
    }

    @Test(arguments: StoreKind.available) func oneProcessAtATimeHasTheNameOfAReader(kind: StoreKind) async throws {
        try await kind.withStore { store in
            func lease(_ holder: String, at second: Int, reader: String = "g") async throws -> String {
                let now = Fixture.now + .seconds(second)
                let wanted = ReaderLease(reader: reader, holder: holder, until: now + .seconds(30))
                return try await store.leaseReader(wanted, at: now).holder
            }
            #expect(try await lease("a", at: 0) == "a")
            #expect(try await lease("b", at: 10) == "a")
            #expect(try await lease("b", at: 10, reader: "other") == "b")
            // Kept for another half a minute.
            #expect(try await lease("a", at: 20) == "a")
            #expect(try await lease("b", at: 49) == "a")
            #expect(try await lease("b", at: 50) == "b")
            #expect(try await lease("a", at: 51) == "b")
            try await store.releaseReader("g", holder: "a")
            #expect(try await lease("a", at: 52) == "b")
            try await store.releaseReader("g", holder: "b")
            #expect(try await lease("a", at: 53) == "a")
        }
    }
}
