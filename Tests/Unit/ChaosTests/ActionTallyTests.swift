import Testing

@testable import chaos

@Suite struct ActionTallyTests {
    private let stories = [
        Story(kind: .plain, application: "good", isHealthy: true, events: []),
        Story(kind: .plain, application: "bad", isHealthy: false, events: []),
    ]

    private func action(_ application: String, _ action: String, key: String) -> HarnessServer.Action {
        HarnessServer.Action(application: application, version: "2", action: action, key: key)
    }

    @Test func `right actions are counted, and repeats of a key apart`() {
        let tally = ActionTally(
            [action("good", "promote", key: "1"), action("bad", "abort", key: "2"), action("bad", "abort", key: "2")],
            stories: stories,
            decided: [
                Release(application: "good", version: "2"): true, Release(application: "bad", version: "2"): false,
            ]
        )
        #expect((tally.promotions, tally.aborts, tally.repeats) == (1, 1, 1))
        #expect(tally.wrong.isEmpty && tally.missing.isEmpty)
    }

    @Test func `what was done to the wrong one, or not at all, is told`() {
        let tally = ActionTally(
            [action("good", "abort", key: "1")],
            stories: stories,
            decided: [Release(application: "bad", version: "2"): false]
        )
        #expect(tally.wrong == ["good 2 was aborted"])
        #expect(tally.missing == ["bad 2"])
    }
}
