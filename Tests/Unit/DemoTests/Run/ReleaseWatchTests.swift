import Analysis
import EventFormats
import Judging
import Testing

@testable import Demo

@Suite("How a release should end")
struct ReleaseWatchTests {
    private func watch(
        _ release: DemoRelease,
        _ verdict: Verdict?,
        _ action: RolloutAction.Kind?,
        outcome: RolloutAction.Outcome = .done,
        shop: ShopReport?
    ) -> ReleaseWatch {
        var watch = ReleaseWatch(release: release)
        if let verdict {
            _ = watch.record(verdict)
            if let action { _ = watch.record(Fixtures.action(verdict, action, outcome: outcome)) }
        }
        watch.shop = shop
        return watch
    }

    @Test("A healthy release: pass, promoted, all traffic")
    func healthy() {
        let watch = watch(.healthy, Fixtures.verdict(), .promote, shop: Fixtures.shop(stable: "1.1.0"))
        #expect(watch.problems.isEmpty)
        #expect(watch.isOver)
    }

    @Test("A broken release: fail at the first look or the second, aborted, no traffic")
    func broken() {
        let verdict = Fixtures.verdict(version: "1.2.0", result: .fail, look: 1)
        let early = watch(.broken, verdict, .abort, shop: Fixtures.shop(stable: "1.1.0"))
        #expect(early.problems.isEmpty)
        let third = Fixtures.verdict(version: "1.2.0", result: .fail, look: 3)
        let late = watch(.broken, third, .abort, shop: Fixtures.shop(stable: "1.1.0"))
        #expect(late.problems == ["the verdict came at look 3, not at look 2 or before"])
    }

    @Test("A slower release: fail at any look, aborted, no traffic; a pass is wrong")
    func slower() {
        let last = Fixtures.verdict(version: "1.3.0", result: .fail, look: 5)
        #expect(watch(.slower, last, .abort, shop: Fixtures.shop(stable: "1.1.0")).problems.isEmpty)
        let passed = Fixtures.verdict(version: "1.3.0", result: .pass, look: 5)
        let problems = watch(.slower, passed, .promote, shop: Fixtures.shop(stable: "1.3.0")).problems
        #expect(problems.contains("the final verdict is pass, not fail"))
    }

    @Test("Nothing yet, no action yet, and traffic that has not moved yet are waited for")
    func waits() {
        #expect(!watch(.healthy, nil, nil, shop: nil).isOver)
        #expect(!watch(.healthy, Fixtures.verdict(), nil, shop: Fixtures.shop(stable: "1.1.0")).isOver)
        let moving = Fixtures.shop(stable: "1.0.0", canary: "1.1.0", weight: 25)
        let watch = watch(.healthy, Fixtures.verdict(), .promote, shop: moving)
        #expect(!watch.isOver)
        #expect(watch.problems == ["version 1.1.0 has 25 % of the traffic, not 100 %"])
    }

    @Test("A wrong action ends the wait and is named", arguments: [RolloutAction.Outcome.done, .failed])
    func wrongAction(outcome: RolloutAction.Outcome) {
        let shop = Fixtures.shop(stable: "1.0.0", canary: "1.1.0", weight: 25)
        let watch = watch(.healthy, Fixtures.verdict(result: .marginal), .hold, outcome: outcome, shop: shop)
        #expect(watch.isOver)
        #expect(watch.problems.contains("the final verdict is marginal, not pass"))
        #expect(watch.problems.contains("the controller answered hold (\(outcome.rawValue)), not promote"))
    }

    @Test("A verdict under the same id is a repeat; another final one is one too many")
    func counts() {
        var watch = watch(.healthy, Fixtures.verdict(), .promote, shop: Fixtures.shop(stable: "1.1.0"))
        let isNew = watch.record(Fixtures.verdict())
        #expect(!isNew)
        #expect(watch.repeats == 1)
        #expect(watch.finals.count == 1)
        var other = Fixtures.verdict()
        other.id = "another"
        let isAnother = watch.record(other)
        #expect(isAnother)
        #expect(watch.problems == ["there are 2 final verdicts"])
    }

    @Test("What is about another version is left alone")
    func others() {
        var watch = ReleaseWatch(release: .healthy)
        let other = Fixtures.verdict(version: "9")
        let taken = [watch.record(other), watch.record(Fixtures.action(other, .promote))]
        #expect(taken == [false, false])
        #expect(watch.verdicts.isEmpty && watch.actions.isEmpty)
    }
}
