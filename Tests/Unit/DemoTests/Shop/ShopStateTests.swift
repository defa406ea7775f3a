import Testing

@testable import Demo

@Suite("The shop as a value")
struct ShopStateTests {
    private static let broken = ShopBehaviour(latencyMilliseconds: 70, jitterMilliseconds: 0, errorRatio: 0.1)

    private func promote(_ version: String, _ revision: String? = nil) -> RolloutOrder {
        RolloutOrder(application: "shop", version: version, revision: revision, action: .promote)
    }

    private func abort(_ version: String) -> RolloutOrder {
        RolloutOrder(application: "shop", version: version, action: .abort)
    }

    @Test("Each page is split by the weight", arguments: [0.0, 20, 25, 50, 100])
    func splits(weight: Double) throws {
        var state = ShopState(version: "1")
        if weight > 0 { _ = try state.release(ReleaseOrder(version: "2", weight: weight)) }
        for handler in ShopHandler.allCases {
            var toCanary = 0
            for _ in 0..<200 {
                let assignment = try state.assign(handler)
                if assignment.version == "2" { toCanary += 1 }
                state.finish(assignment, seconds: 0.01)
            }
            #expect(abs(Double(toCanary) - 2 * weight) <= 1)
        }
        #expect(state.inFlight == 0)
    }

    @Test("A version fails and takes as long as its behaviour says")
    func behaves() throws {
        var state = ShopState(version: "1")
        _ = try state.release(ReleaseOrder(version: "2", weight: 100, behaviour: Self.broken))
        let assignments = try (0..<100).map { _ in try state.assign(.products) }
        #expect(assignments.count { $0.fails } == 10)
        #expect(assignments.allSatisfy { $0.milliseconds == 70 })
    }

    @Test("Promote moves all traffic to the canary's version, whose metrics start at 0")
    func promotes() throws {
        var state = ShopState(version: "1")
        let revision = try state.release(ReleaseOrder(version: "2", weight: 25))
        let early = try state.assign(.cart)
        #expect(try state.apply(promote("2", revision), key: "k") == .done)
        let report = ShopReport(state)
        #expect(report.weight(of: "2") == 100)
        #expect(report.weight(of: "1") == 0)
        #expect(report.canary == nil)
        #expect(report.stable.requests == 0)
        #expect(report.releases.map(\.outcome) == ["promoted"])
        state.finish(early, seconds: 1)
        #expect(state.inFlight == 0)
        #expect(ShopReport(state).stable.requests == 0)
    }

    @Test("Abort leaves the stable version alone with all traffic")
    func aborts() throws {
        var state = ShopState(version: "1")
        _ = try state.release(ReleaseOrder(version: "2"))
        #expect(try state.apply(abort("2"), key: "k") == .done)
        let report = ShopReport(state)
        #expect(report.weight(of: "2") == 0)
        #expect(report.weight(of: "1") == 100)
        #expect(report.releases.map(\.outcome) == ["aborted"])
    }

    @Test("The same action under the same key is done once")
    func repeats() throws {
        var state = ShopState(version: "1")
        _ = try state.release(ReleaseOrder(version: "2"))
        #expect(try state.apply(promote("2"), key: "k") == .done)
        #expect(try state.apply(promote("2"), key: "k") == .repeated)
        // The release after it is not touched by a late repeat.
        _ = try state.release(ReleaseOrder(version: "3", weight: 20))
        #expect(try state.apply(promote("2"), key: "k") == .repeated)
        #expect(state.canary?.version == "3")
        #expect(state.canaryWeight == 20)
    }

    @Test("An action that isn't about the canary is a conflict and changes nothing")
    func conflicts() throws {
        var state = ShopState(version: "1")
        #expect(throws: ShopError.self) { try state.apply(promote("2"), key: "a") }
        let revision = try state.release(ReleaseOrder(version: "2", weight: 20))
        #expect(throws: ShopError.self) { try state.apply(promote("3"), key: "b") }
        #expect(throws: ShopError.self) { try state.apply(promote("2", "another"), key: "c") }
        #expect(state.canaryWeight == 20)
        #expect(try state.apply(promote("2", revision), key: "d") == .done)
        do {
            _ = try state.apply(abort("2"), key: "d")
            Issue.record("a key stood for two actions")
        } catch {
            #expect(error.code == .conflict)
        }
        #expect(state.stable.version == "2")
    }

    @Test("Hold changes nothing")
    func holds() throws {
        var state = ShopState(version: "1")
        _ = try state.release(ReleaseOrder(version: "2", weight: 20))
        let hold = RolloutOrder(application: "shop", version: "2", action: .hold)
        #expect(try state.apply(hold, key: "k") == .done)
        #expect(state.canaryWeight == 20)
    }

    @Test("A newer release replaces the canary; the stable version is refused as one")
    func replaces() throws {
        var state = ShopState(version: "1")
        _ = try state.release(ReleaseOrder(version: "2"))
        _ = try state.release(ReleaseOrder(version: "3"))
        #expect(ShopReport(state).releases.map(\.outcome) == ["replaced", "running"])
        #expect(throws: ShopError.self) { try state.release(ReleaseOrder(version: "1")) }
    }

    @Test("More requests at once than the bound are refused")
    func refuses() throws {
        var state = ShopState(version: "1")
        for _ in 0..<ShopState.maximumInFlight { _ = try state.assign(.cart) }
        #expect(throws: ShopError.busy) { try state.assign(.cart) }
    }

    @Test("Old actions are forgotten, so that memory is bounded")
    func forgets() {
        var recent = RecentActions(capacity: 2)
        for version in ["1", "2", "3"] { recent.insert(promote(version), for: version) }
        #expect(recent["1"] == nil)
        #expect(recent["2"] == promote("2"))
        #expect(recent["3"] == promote("3"))
    }
}
