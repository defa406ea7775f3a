import Analysis
import Store
import Testing

/// Changes that are kept beside analyses. Each case runs against each kind of store.
@Suite struct StoreKnownChangeTests {
    private func withStore(_ body: (any Store) async throws -> Void) async throws {
        for kind in StoreKind.available {
            do { try await kind.withStore(body) } catch { Issue.record(error, "\(kind)") }
        }
    }

    private func change(
        _ id: String,
        _ application: String? = "shop",
        kind: ChangeKind = .config,
        environment: String? = "production",
        place: ChangeLocation = ChangeLocation(),
        second: Int = 0
    ) -> KnownChange {
        let event = ChangeEvent(
            identity: EventIdentity(source: "/ci", id: id),
            kind: kind,
            application: application,
            environment: environment,
            place: place,
            version: "1",
            summary: "größer"
        )
        return KnownChange(event, at: Fixture.now + .seconds(second))
    }

    private func ids(_ found: [ListedChange]) -> [String] { found.map(\.change.event.identity.id) }

    @Test func changesAreKeptOnce() async throws {
        try await withStore { store in
            let first = change("1", place: ChangeLocation(cluster: "eu", zone: "a", nodes: ["n"]))
            var other = first
            other.event.summary = "another"
            let outcomes = try await store.keepChanges([first, change("2"), first])
            #expect(outcomes == [.accepted, .accepted, .duplicate])
            let again = try await store.keepChanges([first, other])
            #expect(again[0] == .duplicate)
            guard case .conflict(let conflict) = again[1] else {
                Issue.record("taken in: \(again[1])")
                return
            }
            #expect(conflict.fields == ["summary"])
            let kept = try await store.changes(ChangeQuery())
            #expect(kept.map(\.change).contains(first) && kept.count == 2)
        }
    }

    @Test func changesAreFoundByApplicationPlaceAndTime() async throws {
        try await withStore { store in
            _ = try await store.keepChanges([
                change("shop", second: 1), change("cart", "cart", kind: .flag, second: 2),
                change("zone", "agent", place: ChangeLocation(zone: "a"), second: 3),
                change(
                    "nodes",
                    nil,
                    kind: .infrastructure,
                    environment: nil,
                    place: ChangeLocation(nodes: ["n"]),
                    second: 4
                ),
                change("cluster", nil, kind: .infrastructure, environment: nil, place: .init(cluster: "eu"), second: 5),
                change("staging", environment: "staging", second: 6),
            ])
            func found(_ query: ChangeQuery) async throws -> [String] { ids(try await store.changes(query)) }
            #expect(try await found(ChangeQuery()) == ["staging", "cluster", "nodes", "zone", "cart", "shop"])
            #expect(try await found(ChangeQuery(applications: ["shop", "none"])) == ["staging", "shop"])
            let related = try await found(ChangeQuery(applications: ["cart"], withShared: true))
            #expect(related == ["cluster", "nodes", "zone", "cart"])
            #expect(try await found(ChangeQuery(environment: "staging")) == ["staging"])
            #expect(try await found(ChangeQuery(kind: .flag)) == ["cart"])
            let times = ChangeQuery(since: Fixture.now + .seconds(2), until: Fixture.now + .seconds(3))
            #expect(try await found(times) == ["zone", "cart"])
            #expect(try await found(ChangeQuery(applications: [])) == [])
        }
    }

    @Test func aListingGoesOnWhereItStopped() async throws {
        try await withStore { store in
            // Three of one millisecond.
            _ = try await store.keepChanges((0..<5).map { change("\($0)", second: $0 < 3 ? 0 : $0) })
            var found: [String] = []
            var query = ChangeQuery(limit: 2)
            while true {
                let page = try await store.changes(query)
                guard let last = page.last else { break }
                found += ids(page)
                query.after = ChangeCursor(last.cursor.description)
                #expect(query.after == last.cursor)
            }
            #expect(Set(found) == ["0", "1", "2", "3", "4"] && found.count == 5 && found.prefix(2) == ["4", "3"])
        }
    }

    @Test func releasesAreChangesToo() async throws {
        try await withStore { store in
            let release = KnownChange(ChangeEvent(Fixture.event("release")), at: Fixture.now)
            try await store.commit(Fixture.change { $0.releases = [release, release] })
            try await store.commit(Fixture.change { $0.releases = [release] })
            let kept = try await store.changes(ChangeQuery())
            #expect(kept.map(\.change) == [release])
        }
    }

    @Test func oldChangesAreDeleted() async throws {
        try await withStore { store in
            _ = try await store.keepChanges((0..<5).map { change("\($0)", second: $0) })
            let cutoffs = RetentionCutoffs([.changes: Fixture.now + .seconds(3)])
            let first = try await store.deleteExpired(cutoffs, limit: 2)
            #expect(first[.changes] == 2)
            let second = try await store.deleteExpired(cutoffs, limit: 2)
            #expect(second[.changes] == 1)
            #expect(ids(try await store.changes(ChangeQuery())) == ["4", "3"])
        }
    }
}
