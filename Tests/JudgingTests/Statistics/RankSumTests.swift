import Testing

@testable import Judging

@Suite struct RankSumTests {
    @Test(
        arguments: [
            ([1, 2, 3], [4, 5, 6], 6, 0),
            ([4, 5, 6], [1, 2, 3], 15, 0),
            ([1, 1], [1, 1], 5, 60),
            ([1, 2, 2], [2, 3], 1 + 3 + 3, 24),
            ([], [1, 1], 0, 6),
            ([1], [], 1, 0),
            // Zeros of different sign are not tied, and the negative one comes first.
            ([0.0], [-0.0], 2, 0),
            ([-0.0], [0.0], 1, 0),
            // NaN is tied with infinity, at the end.
            ([.nan], [.infinity, 1], 2.5, 6),
            ([-.infinity], [-1e308], 1, 0),
        ] as [([Double], [Double], Double, Double)]
    )
    func ranksWithTies(first: [Double], second: [Double], sum: Double, ties: Double) {
        let ranks = RankSum(of: first, among: second)
        #expect(ranks.first == sum)
        #expect(ranks.ties == ties)
    }

    @Test func bothSumsMakeUpTheWhole() {
        var generator = SeededGenerator(state: 1)
        for _ in 0..<50 {
            let first = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
                Double(Int.random(in: 0...5, using: &generator))
            }
            let second = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
                Double(Int.random(in: 0...5, using: &generator))
            }
            let count = Double(first.count + second.count)
            let total = RankSum(of: first, among: second).first + RankSum(of: second, among: first).first
            #expect(total == count * (count + 1) / 2)
        }
    }
}
