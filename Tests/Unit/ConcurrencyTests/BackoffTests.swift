import Concurrency
import Testing

@Suite struct BackoffTests {
    private func backoff(random: Double) -> Backoff {
        Backoff(base: .seconds(1), limit: .seconds(60), random: { random })
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (1_000_000, 60)])
    func theLongestPauseDoublesUpToTheLimit(attempts: Int, seconds: Int) {
        #expect(backoff(random: 1).pause(after: attempts) == .seconds(seconds))
    }

    @Test(arguments: [(1, 100), (2, 200), (7, 6_000), (100, 6_000)])
    func theShortestIsATenthOfIt(attempts: Int, milliseconds: Int) {
        #expect(backoff(random: 0).pause(after: attempts) == .milliseconds(milliseconds))
    }

    @Test func chanceSpreadsPausesInBetween() {
        #expect(backoff(random: 0.5).pause(after: 1) == .milliseconds(550))
    }

    @Test(arguments: [0, -1, Int.min]) func fewerThanOneFailureCountsAsOne(attempts: Int) {
        #expect(backoff(random: 1).pause(after: attempts) == .seconds(1))
    }

    @Test func aLowerLimitHoldsForTheCopyAlone() {
        let backoff = backoff(random: 1)
        #expect(backoff.limited(to: .seconds(5)).pause(after: 20) == .seconds(5))
        #expect(backoff.pause(after: 20) == .seconds(60))
    }
}
