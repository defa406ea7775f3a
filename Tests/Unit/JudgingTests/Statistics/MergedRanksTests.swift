import SeededRandom
import Testing

@testable import Judging

@Suite struct MergedRanksTests {
    @Test(
        arguments: [
            ([1, 2, 3], [4, 5, 6], 0, 0),
            ([4, 5, 6], [1, 2, 3], 18, 0),
            ([1, 1], [1, 1], 4, 60),
            ([1, 2, 2], [2, 3], 2, 24),
            ([], [1, 1], 0, 6),
            ([1], [], 0, 0),
            // Zeros of different sign are not tied, and the negative one comes first.
            ([0.0], [-0.0], 2, 0),
            ([-0.0], [0.0], 0, 0),
            // Infinity less infinity is NaN, which is tied with infinity at the end.
            ([-.infinity], [-1e308], 0, 0),
        ] as [([Double], [Double], Int, Double)]
    )
    func countsWithTies(x: [Double], y: [Double], doubledBelow: Int, tieSum: Double) {
        let counts = MergedRanks.counts(x: NumberBuffer(x), shift: 0, y: NumberBuffer(y))
        #expect(counts == ShiftedRanks.Counts(doubledBelow: doubledBelow, tieSum: tieSum))
    }

    @Test func undefinedDifferencesRankHighest() {
        let counts = MergedRanks.counts(
            x: NumberBuffer([1, .infinity]),
            shift: .infinity,
            y: NumberBuffer([1, .infinity])
        )
        #expect(counts == ShiftedRanks.Counts(doubledBelow: 3, tieSum: 6))
    }

    @Test func bothSidesMakeUpAllPairs() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<50 {
            let x = NumberBuffer(
                (0..<Int.random(in: 1...20, using: &generator)).map { _ in
                    Double(Int.random(in: 0...5, using: &generator))
                }.sorted()
            )
            let y = NumberBuffer(
                (0..<Int.random(in: 1...20, using: &generator)).map { _ in
                    Double(Int.random(in: 0...5, using: &generator))
                }.sorted()
            )
            let there = MergedRanks.counts(x: x, shift: 0, y: y)
            let back = MergedRanks.counts(x: y, shift: 0, y: x)
            #expect(there.doubledBelow + back.doubledBelow == 2 * x.count * y.count)
            #expect(there.tieSum == back.tieSum)
        }
    }
}
