import Analysis
import Engine
import Testing

@Suite struct PodDivisionTests {
    private static let time = Timestamp(milliseconds: 1_772_359_200_000)

    private static func pods(_ count: Int) -> [String] { (0..<count).map { "api-\($0)" } }

    @Test("Fewer than three pods are not divided; values that are no pods do not count")
    func tooFew() {
        for pods in [[], ["a"], ["a", "b"], ["a", "b", ""], ["a", "b", "a"]] {
            #expect(PodDivision(pods, share: 0.25, at: Self.time) == nil)
        }
    }

    @Test(
        "Each part has a pod at least, and the part of a new version its share",
        arguments: [
            (3, 0.25, 1), (4, 0.25, 1), (8, 0.25, 2), (10, 0.05, 1), (20, 0.1, 2), (3, 0.5, 2), (3, 1, 2), (5, 0, 1),
            (4, -1, 1), (4, .nan, 1), (4, .infinity, 1), (1_000, 0.25, 25),
        ]
    )
    func share(_ count: Int, _ share: Double, _ expected: Int) throws {
        let pods = Self.pods(count)
        let division = try #require(PodDivision(pods, share: share, at: Self.time))
        #expect(division.experiment.count == expected)
        #expect(division.control.count == min(count, PodDivision.mostPods) - expected)
        #expect(Set(division.experiment).isDisjoint(with: division.control))
        #expect(Set(pods).isSuperset(of: division.experiment + division.control))
    }

    @Test("The order in which pods are told does not matter; the time does, so that each pod has its turn")
    func turns() throws {
        let pods = Self.pods(4)
        var drawn: [String: Int] = [:]
        for window in 0..<400 {
            let time = Self.time + .seconds(21_600) * window
            let division = try #require(PodDivision(pods, share: 0.25, at: time))
            #expect(PodDivision(pods.reversed(), share: 0.25, at: time) == division)
            for pod in division.experiment { drawn[pod, default: 0] += 1 }
        }
        #expect(drawn.count == 4 && drawn.values.allSatisfy { (60...140).contains($0) }, "\(drawn)")
    }
}
