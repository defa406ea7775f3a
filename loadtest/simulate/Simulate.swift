import ArgumentParser
import Foundation
import Simulation

/// `simulate`: runs whole engines from seeds in a world that goes wrong, and says which seeds break a promise.
@main
struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Runs whole engines from seeds under simulated time and faults, and checks what is promised.",
        discussion: "Exit code 0: every seed keeps the promises. 1: one does not; it is printed, and can be replayed."
    )

    @Option(help: "How many seeds.")
    var seeds: UInt64 = 10_000

    @Option(help: "The first of them.")
    var first: UInt64 = 1

    @Option(help: "Lines kept of what happened before something was wrong.")
    var trace = 100

    @Option(help: "Seeds run side by side; all processors if left out.")
    var threads: Int?

    @Flag(help: "Look for each planted defect instead: a simulation that finds nothing is worth nothing.")
    var defects = false

    func run() async throws {
        let isFine = defects ? await findDefects() : await keepPromises()
        if !isFine { throw ExitCode(1) }
    }

    private func keepPromises() async -> Bool {
        let start = ContinuousClock.now
        let lines = trace
        let outcomes = await SeedSearch.run(Array(first..<first + seeds), threads: processors) {
            Simulation(seed: $0, traceLines: lines).run()
        }
        let days = outcomes.reduce(0) { $0 + $1.simulated / .seconds(86_400) }
        let broken = outcomes.filter { $0.violation != nil }
        for outcome in broken.prefix(5) { print(outcome.report) }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        print(
            "\(outcomes.count) seeds, \(Int(days)) simulated days, \(outcomes.reduce(0) { $0 + $1.verdicts }) verdicts,",
            "\(outcomes.reduce(0) { $0 + $1.steps }) steps in \(Int(seconds)) s: \(broken.count) seeds break a promise"
        )
        return broken.isEmpty
    }

    private func findDefects() async -> Bool {
        var isFine = true
        for defect in PlantedDefect.allCases {
            let outcomes = await SeedSearch.run(
                Array(first..<first + seeds),
                threads: processors,
                isEnough: { $0.violation != nil }
            ) { Simulation(seed: $0, defects: [defect]).run() }
            let found = outcomes.first { $0.violation != nil }
            isFine = isFine && found != nil
            print("\(defect.rawValue): " + (found.map { "seed \($0.seed): \($0.violation ?? "")" } ?? "not found"))
        }
        return isFine
    }

    private var processors: Int { threads ?? max(1, ProcessInfo.processInfo.activeProcessorCount) }
}
