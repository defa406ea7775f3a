import Analysis
import Testing

@Suite struct ReleaseHistoryTests {
    private static let start = Timestamp(milliseconds: 1_772_359_200_000)

    private func event(
        _ version: String,
        at seconds: Int,
        in cluster: String? = nil,
        _ namespace: String? = nil,
        _ phase: DeployEvent.Phase = .deployed
    ) -> DeployEvent {
        DeployEvent(
            identity: EventIdentity(source: "/ci", id: "\(version)-\(seconds)-\(cluster ?? "")-\(phase)"),
            time: Self.start + .seconds(seconds),
            phase: phase,
            application: "shop",
            environment: "production",
            namespace: namespace,
            cluster: cluster,
            version: version
        )
    }

    /// Histories as a store keeps them: one timeline for each identity, and what they share.
    private struct Stored {
        var own: [ReleaseIdentity: ReleaseTimeline] = [:]
        var shared = SharedTimeline()

        mutating func apply(_ event: DeployEvent, analysed: [DeployEvent] = []) -> ReleaseTimeline.Meaning {
            var history = ReleaseHistory(own: self.own[event.release] ?? ReleaseTimeline(), shared: self.shared)
            let received = ReleaseHistoryTests.start + .seconds(1000)
            let meaning = history.apply(event, receivedAt: received, analysed: analysed)
            self.own[event.release] = history.own
            self.shared = history.shared
            return meaning
        }
    }

    @Test func clustersHaveNothingToDoWithEachOther() {
        var stored = Stored()
        #expect(stored.apply(event("2", at: 20, in: "eu")) == .opens)
        // Older, and not late there.
        #expect(stored.apply(event("2", at: 10, in: "us")) == .opens)
        #expect(stored.apply(event("1", at: 5)) == .opens)
        #expect(stored.apply(event("1", at: 5, in: "eu")) == .late(newer: "2"))
        // The same version elsewhere is no repeat.
        #expect(stored.apply(event("3", at: 30, in: "us"), analysed: [event("3", at: 30, in: "eu")]) == .opens)
        let running = event("3", at: 30, in: "us")
        #expect(stored.apply(event("3", at: 40, in: "us"), analysed: [running]) == .repeats)
        #expect(stored.apply(event("4", at: 40, in: "eu", "web")) == .opens)
    }

    @Test func aWithdrawalCountsWhereItSays() {
        var stored = Stored()
        _ = stored.apply(event("1", at: 20, in: "eu", .none, .cancelled))
        #expect(stored.apply(event("1", at: 10, in: "us", "web")) == .opens)
        #expect(stored.apply(event("1", at: 10, in: "eu", "web")) == .withdrawn(at: Self.start + .seconds(20)))
        #expect(stored.apply(event("1", at: 10)) == .opens)
        var everywhere = Stored()
        _ = everywhere.apply(event("1", at: 20, .cancelled))
        #expect(everywhere.apply(event("1", at: 10, in: "us")) == .withdrawn(at: Self.start + .seconds(20)))
        #expect(everywhere.apply(event("2", at: 10, in: "us")) == .opens)
    }

    private func event(_ version: String, at seconds: Int, _ phase: DeployEvent.Phase) -> DeployEvent {
        event(version, at: seconds, in: nil, nil, phase)
    }

    /// A replica of version 0.1.0 does not say where: then all of it counts everywhere.
    @Test func whatIsKnownOfNoPlaceCountsEverywhere() {
        var stored = Stored()
        #expect(stored.apply(event("1", at: 10, in: "eu")) == .opens)
        _ = stored.shared.all.apply(event("2", at: 20, in: "eu"), receivedAt: Self.start + .seconds(1000), analysed: [])
        stored.shared.common = stored.shared.all
        #expect(stored.apply(event("1", at: 15, in: "eu")) == .late(newer: "2"))
        #expect(stored.apply(event("1", at: 15, in: "us")) == .late(newer: "2"))
        #expect(stored.apply(event("3", at: 30, in: "us")) == .opens)
        #expect(stored.apply(event("2", at: 25, in: "eu")) == .opens)
    }

    @Test func everyEventIsInTheTimelineOfAllPlaces() {
        var stored = Stored()
        _ = stored.apply(event("2", at: 20, in: "eu"))
        #expect(stored.shared.all.newest?.version == "2")
    }

    @Test func timesOfOpeningRiseAcrossClusters() {
        var shared = SharedTimeline()
        let times = [5, 5, 3].map { milliseconds in
            var history = ReleaseHistory(shared: shared)
            defer { shared = history.shared }
            return history.opening(receivedAt: Self.start + .milliseconds(milliseconds))
        }
        #expect(times.map { $0.since(Self.start) } == [5, 6, 7].map { .milliseconds($0) })
    }

    @Test("A withdrawal counts until later ones may have taken its place, and then it cannot be ruled out")
    func withdrawals() {
        var stored = Stored()
        let release = event("1.0", at: 0).release
        func history() -> ReleaseHistory {
            ReleaseHistory(own: stored.own[release] ?? ReleaseTimeline(), shared: stored.shared)
        }
        _ = stored.apply(event("1.0", at: 0))
        let deployed = Self.start
        #expect(!history().mayHaveWithdrawn("1.0", of: release, since: deployed))
        _ = stored.apply(event("1.0", at: 10, in: nil, nil, .cancelled))
        #expect(history().mayHaveWithdrawn("1.0", of: release, since: deployed))
        #expect(!history().mayHaveWithdrawn("1.0", of: release, since: deployed + .seconds(11)))
        for number in 0..<40 { _ = stored.apply(event("x\(number)", at: 20 + number, in: nil, nil, .cancelled)) }
        #expect(history().mayHaveWithdrawn("1.0", of: release, since: deployed))
        #expect(!history().mayHaveWithdrawn("1.0", of: release, since: deployed + .seconds(100)))
    }
}
