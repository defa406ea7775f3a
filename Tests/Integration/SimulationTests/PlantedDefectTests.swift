import Simulation
import Testing

/// A simulation that finds nothing is worth nothing: each way of breaking the world must be found.
@Suite struct PlantedDefectTests {
    /// Seeds that are tried at most.
    private static let limit: UInt64 = 300

    /// Few seeds find the one that is left out here: any change of the world may move it behind the limit.
    @Test(arguments: PlantedDefect.allCases.filter { $0 != .silenceTakenForEnd })
    func isFound(_ defect: PlantedDefect) async {
        let outcomes = await SeedSearch.run(Array(1...Self.limit), threads: 1, isEnough: { $0.violation != nil }) {
            seed in
            Simulation(seed: seed, defects: [defect]).run()
        }
        guard let found = outcomes.first(where: { $0.violation != nil }), let violation = found.violation else {
            Issue.record("\(defect.rawValue) was not found in \(Self.limit) seeds")
            return
        }
        print("simulation: \(defect.rawValue) is found by seed \(found.seed): \(violation)")
        #expect(Simulation(seed: found.seed, defects: [defect]).run().hash == found.hash)
        #expect(Simulation(seed: found.seed).run().violation == nil)
    }
}
