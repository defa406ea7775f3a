import Foundation
import Simulation
import Testing

/// Runs whole engines from seeds. `SIMULATION_SEED=123` replays one and prints what happened; `SIMULATION_SEEDS` and
/// `SIMULATION_FIRST_SEED` say how many are run, and from which on; `SIMULATION_TRACE`, how many lines are printed.
@Suite struct SimulationTests {
    /// As many as take half a minute on one core. `make test` runs many more, with `simulate`.
    private static let usualCount: UInt64 = 100

    private static func number(_ name: String) -> UInt64? {
        ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
    }

    private static var seeds: [UInt64] {
        if let seed = number("SIMULATION_SEED") { return [seed] }
        let first = number("SIMULATION_FIRST_SEED") ?? 1
        return Array(first..<first + (number("SIMULATION_SEEDS") ?? usualCount))
    }

    @Test func everySeedKeepsThePromises() async {
        let start = ContinuousClock.now
        let lines = Int(Self.number("SIMULATION_TRACE") ?? 100)
        let outcomes = await SeedSearch.run(Self.seeds) { Simulation(seed: $0, traceLines: lines).run() }
        let days = outcomes.reduce(0) { $0 + $1.simulated / .seconds(86_400) }
        let verdicts = outcomes.reduce(0) { $0 + $1.verdicts }
        let time = (ContinuousClock.now - start) / .seconds(1)
        print(
            "simulation: \(outcomes.count) seeds, \(Int(days)) simulated days, \(verdicts) verdicts,",
            "\(outcomes.reduce(0) { $0 + $1.steps }) steps, \(time) s,",
            "digest \(String(outcomes.reduce(0) { $0 ^ $1.hash }, radix: 16))"
        )
        for outcome in outcomes.filter({ $0.violation != nil }).prefix(5) { Issue.record("\(outcome.report)") }
        if Self.number("SIMULATION_SEED") != nil { for outcome in outcomes { print(outcome.report) } }
    }

    @Test func theSameSeedGoesTheSameWay() {
        for seed in 1...10 as ClosedRange<UInt64> {
            let (first, second) = (Simulation(seed: seed).run(), Simulation(seed: seed).run())
            #expect(first.hash == second.hash)
            #expect(first.steps == second.steps)
            #expect(first.trace == second.trace)
        }
    }

    @Test func withoutTroubleNothingIsWrong() async {
        for outcome in await SeedSearch.run(Array(1...20), { Simulation(seed: $0, calm: true).run() }) {
            #expect(outcome.violation == nil, "\(outcome.report)")
        }
    }
}
