import Analysis
import Foundation
import Store
import Testing

/// More sessions are due than a claim takes: no event source, and no application of one, waits behind all of another.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct StoreTurnsTests {
    private let later = Fixture.now + .seconds(3_600)

    private func session(_ id: String, of source: String, application: String? = nil, after wait: Duration = .zero)
        -> AnalysisSession
    {
        var event = Fixture.event(id, application: application ?? id)
        event.identity.source = source
        return AnalysisSession(
            id: id,
            event: event,
            plan: Fixture.session(id).plan,
            receivedAt: Fixture.now + wait
        )
    }

    private func open(_ sessions: [AnalysisSession], in store: any Store) async throws {
        for start in stride(from: 0, to: sessions.count, by: 1_000) {
            let some = Array(sessions[start..<min(start + 1_000, sessions.count)])
            try await store.commit(Fixture.change { $0.opened = some })
        }
    }

    private func claim(_ limit: Int, in store: any Store, at now: Timestamp? = nil) async throws -> [AnalysisSession] {
        let now = now ?? later
        let claim = LeaseClaim(owner: "o", now: now, until: now + .seconds(30))
        return try await store.claimDueSessions(claim, limit: limit).map(\.session)
    }

    @Test(arguments: StoreKind.available)
    func aReleaseOfAnotherSourceHasItsLookInTheNextClaim(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await open((0..<5_000).map { session("flood-\($0)", of: "/flood") }, in: store)
            try await open([session("good", of: "/ci", after: .seconds(60))], in: store)
            #expect(try await claim(64, in: store).filter { $0.id == "good" }.count == 1)
        }
    }

    @Test(arguments: StoreKind.available)
    func anotherApplicationOfTheSameSourceHasItsLookInTheNextClaim(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await open((0..<5_000).map { session("s\($0)", of: "/ci", application: "flood") }, in: store)
            try await open([session("good", of: "/ci", after: .seconds(60))], in: store)
            #expect(try await claim(64, in: store).filter { $0.id == "good" }.count == 1)
        }
    }

    @Test(arguments: StoreKind.available)
    func whatFitsIsClaimedAsBefore(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await open((0..<30).map { session("a\($0)", of: "/a", application: "one") }, in: store)
            try await open([session("b", of: "/b", after: .seconds(60))], in: store)
            #expect(try await claim(31, in: store).count == 31)
            #expect(try await claim(31, in: store).isEmpty)
        }
    }

    @Test(arguments: StoreKind.available)
    func sourcesShareAClaimAndLeaveWhatTheyDoNotNeed(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for (source, count) in [("/a", 200), ("/b", 200), ("/c", 3)] {
                let wait = Duration.seconds(source == "/a" ? 0 : 60)
                try await open(
                    (0..<count).map { session("\(source)\($0)", of: source, after: wait + .seconds($0 % 7)) },
                    in: store
                )
            }
            let claimed = try await claim(43, in: store)
            #expect(claimed.count == 43)
            let counts = Dictionary(grouping: claimed, by: \.event.identity.source).mapValues(\.count)
            #expect(counts == ["/a": 20, "/b": 20, "/c": 3])
            // Within a source those go first that have been due for longest.
            let oldest = claimed.filter { $0.event.identity.source == "/b" }.compactMap(\.wakeAt)
            #expect(oldest.allSatisfy { $0 == oldest.min() })
        }
    }

    @Test(arguments: StoreKind.available)
    func applicationsOfASourceShareItsTurns(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for (application, count) in [("a", 400), ("b", 400), ("c", 2)] {
                let wait = Duration.seconds(application == "a" ? 0 : 60)
                try await open(
                    (0..<count).map {
                        session("\(application)\($0)", of: "/ci", application: application, after: wait)
                    },
                    in: store
                )
            }
            let claimed = try await claim(30, in: store)
            #expect(claimed.count == 30)
            let counts = Dictionary(grouping: claimed, by: \.event.application).mapValues(\.count)
            #expect(counts["b"] == 10)
            #expect(counts["c"] == 2)
        }
    }

    /// One session at a time: each claim goes on behind the source and the application that had the turn before.
    @Test(arguments: StoreKind.available)
    func turnsGoRound(kind: StoreKind) async throws {
        try await kind.withStore { store in
            for source in ["/a", "/b", "/c"] {
                for application in ["x", "y"] {
                    try await open(
                        (0..<20).map {
                            session("\(source)\(application)\($0)", of: source, application: source + application)
                        },
                        in: store
                    )
                }
            }
            var sources: [String] = []
            var applications: Set<String> = []
            for _ in 0..<6 {
                for session in try await claim(1, in: store) {
                    sources.append(session.event.identity.source)
                    applications.insert(session.event.application)
                }
            }
            #expect(sources == ["/a", "/b", "/c", "/a", "/b", "/c"])
            #expect(applications.count == 6)
        }
    }

    /// More sources than a claim looks at: in the claims after it come the others.
    @Test(arguments: StoreKind.available)
    func everySourceHasATurnHoweverManyThereAre(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await open((0..<300).map { session("flood-\($0)", of: "/flood", application: "x") }, in: store)
            // These wait; a claim looks at them too.
            try await open(
                (0..<150).map { session("w\($0)", of: "/ci/\(1_000 + $0)", after: .seconds(7_200)) },
                in: store
            )
            try await open([session("good", of: "/zz", after: .seconds(60))], in: store)
            var claims = 0
            var isFound = false
            while !isFound, claims < 10 {
                isFound = try await claim(4, in: store).contains { $0.id == "good" }
                claims += 1
            }
            #expect(isFound)
            #expect(claims <= 4)
        }
    }

    @Test(arguments: StoreKind.available)
    func whatIsHeldHasNoTurn(kind: StoreKind) async throws {
        try await kind.withStore { store in
            try await open((0..<50).map { session("a\($0)", of: "/a", application: "one") }, in: store)
            try await open([session("b", of: "/b", after: .seconds(60))], in: store)
            var seen: Set<String> = []
            for _ in 0..<6 {
                let claimed = try await claim(10, in: store).map(\.id)
                #expect(seen.isDisjoint(with: claimed))
                seen.formUnion(claimed)
            }
            #expect(seen.count == 51)
        }
    }
}
