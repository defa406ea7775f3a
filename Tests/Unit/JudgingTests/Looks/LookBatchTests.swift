import SeededRandom
import Testing

@testable import Judging

@Suite struct LookBatchTests {
    private static func looks(_ sizes: [Int], samples: Int = 40) -> [JudgeableLook] {
        var generator = SeededGenerator(seed: 7)
        return sizes.enumerated().map { number, size in
            JudgeableLook(
                pairs: (0..<size).map { metric in
                    MetricPair(
                        name: "metric \(metric)",
                        groups: ["group \(metric % 2)"],
                        control: generator.samples(samples + metric, around: 100, spread: 5),
                        experiment: generator.samples(samples, around: 100 + Double(number % 3) * 4, spread: 5)
                    )
                },
                rules: ScoringRules(pass: 90 + Double(number))
            )
        }
    }

    @Test(arguments: [1, 2, 3, 4, 7, 64], [[], [0], [10], [0, 3, 0], [500], [1, 400, 1, 0, 30, 200]])
    func doesNotDependOnTheNumberOfThreads(threads: Int, sizes: [Int]) async {
        let looks = Self.looks(sizes)
        let alone = looks.map { NetflixACAJudge().judge($0.pairs, by: $0.rules) }
        #expect(await NetflixACAJudge().judge(looks, threads: threads) == alone)
    }

    @Test func theConditionsJudgeTakesBatchesAsWell() async throws {
        var looks = Self.looks([300, 2])
        let condition = try Condition(parsing: "canary <= 1.02 * control")
        for look in looks.indices {
            for pair in looks[look].pairs.indices { looks[look].pairs[pair].settings.passCondition = condition }
        }
        let alone = looks.map { ConditionsJudge().judge($0.pairs, by: $0.rules) }
        #expect(await ConditionsJudge().judge(looks, threads: 2) == alone)
    }

    @Test(arguments: 1...9)
    func partsHoldEveryMetricOnceAndAreAboutEqual(count: Int) {
        let looks = Self.looks([3, 0, 90, 1, 1, 60, 0])
        let slices = JudgingSlice.slices(of: looks, count: count)
        #expect(slices.count == count)
        #expect(slices.first?.start == JudgingSlice.Position(look: 0, metric: 0))
        #expect(slices.last?.end == JudgingSlice.Position(look: looks.count, metric: 0))
        #expect(zip(slices, slices.dropFirst()).allSatisfy { $0.end == $1.start })
        let positions = looks.enumerated().flatMap { look, each in each.pairs.map { (look, JudgingSlice.work(of: $0)) }
        }
        let share = positions.reduce(0) { $0 + $1.1 } / count
        for slice in slices {
            var work = 0
            for look in slice.start.look...slice.end.look where look < looks.count {
                let first = look == slice.start.look ? slice.start.metric : 0
                let end = look == slice.end.look ? slice.end.metric : looks[look].pairs.count
                for pair in looks[look].pairs[first..<end] { work += JudgingSlice.work(of: pair) }
            }
            #expect((work - share).magnitude < 400)
        }
    }
}
