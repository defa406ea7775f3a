import Simulation
import Testing

@Suite struct SimulationTests {
    @Test func oneSeed() {
        for seed in 1...20 as ClosedRange<UInt64> {
            let outcome = Simulation(seed: seed).run()
            print(seed, outcome.violation ?? "-", outcome.steps, outcome.simulated, outcome.verdicts)
            if outcome.violation != nil { print(outcome.trace); break }
        }
    }
}
