import Judging
import SeededRandom
import Testing

@testable import Analysis

@Suite("How well a change fits the faults by its time") struct BlameScoreTests {
    private static let start = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!

    private static func minutes(_ minutes: Double) -> Timestamp { start + .milliseconds(Int64(minutes * 60_000)) }

    private static func faults(_ steps: [Int], step: Duration = .seconds(60)) -> FaultTimes {
        FaultTimes(seenFrom: start, step: step, instants: steps.map { start + step * $0 })
    }

    private static func score(_ faults: FaultTimes, ofChangeAt minute: Double) -> Double {
        faults.score(of: minutes(minute), release: start) ?? .nan
    }

    @Test(
        "The published formula",
        arguments: [
            ([12, 15, 16, 18], 1, 1.956_785_459_9), ([2, 9, 12, 12], 6, -0.167_884_736_4), ([0, 0, 0, 0], 0, 0),
            ([3, 3, 3, 3], 3, 0),
        ] as [([Int], Int, Double)]
    )
    func vectors(votes: [Int], vetoes: Int, expected: Double) {
        #expect(abs(BlameScore.temporal(votes: votes, vetoes: vetoes) - expected) < 1e-9)
    }

    @Test("What came before the faults fits better than what came amid them, and worse than what came right before")
    func order() {
        let late = Self.faults(Array(11...30))
        #expect(Self.score(late, ofChangeAt: 10) > Self.score(late, ofChangeAt: 0))
        #expect(Self.score(late, ofChangeAt: 0) > Self.score(late, ofChangeAt: 20))
        let early = Self.faults(Array(1...20))
        #expect(Self.score(early, ofChangeAt: 0) > Self.score(early, ofChangeAt: 3))
        #expect(Self.score(early, ofChangeAt: 0) > Self.score(early, ofChangeAt: -30))
    }

    @Test("A change in the warm-up, of which nothing is seen, fits as well as the release, and no better")
    func warmup() {
        var faults = Self.faults(Array(6...20))
        faults.seenFrom = Self.minutes(5)
        #expect(Self.score(faults, ofChangeAt: 4) == Self.score(faults, ofChangeAt: 0))
        #expect(Self.score(faults, ofChangeAt: -1) < Self.score(faults, ofChangeAt: 0))
    }

    @Test("Without faults nothing is said") func none() {
        #expect(Self.faults([]).score(of: Self.start, release: Self.start) == nil)
        #expect(Self.faults([]).onset == nil)
    }

    @Test("Steps longer than a minute widen the windows") func longSteps() {
        let faults = Self.faults([3, 4, 5], step: .seconds(600))
        #expect(Self.score(faults, ofChangeAt: 20) > Self.score(faults, ofChangeAt: 0))
        #expect(Self.score(faults, ofChangeAt: 0) > 0)
    }

    /// Each pair: the release, and another change more than two steps before or after it; one of the two brings faults from
    /// then on, with some steps that show none. What brings them must rank first.
    @Test("Of simulated pairs the right one ranks first in at least 95 of 100") func pairs() {
        var random = SeededGenerator(seed: 7)
        var right = 0
        let rounds = 1000
        for _ in 0..<rounds {
            let changeAt = random.chance(0.5) ? -2 - random.fraction() * 20 : 2 + random.fraction() * 30
            // What came before the release is seen from its first sample on, as the release itself is.
            let isChange = changeAt > 0 && random.chance(0.5)
            let cause = isChange ? changeAt : 0
            let lag = random.fraction() * 1.5
            var steps: [Int] = []
            for step in 1...60 {
                let isFaulty = Double(step) >= cause + lag + 1
                if isFaulty, random.chance(0.9) { steps.append(step) }
            }
            let faults = Self.faults(steps)
            let (release, change) = (Self.score(faults, ofChangeAt: 0), Self.score(faults, ofChangeAt: changeAt))
            if (change > release) == isChange { right += 1 }
        }
        #expect(right >= rounds * 95 / 100, "\(right) of \(rounds)")
    }
}
