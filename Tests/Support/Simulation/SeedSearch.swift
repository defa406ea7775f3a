import Foundation

/// Runs simulations of many seeds, each on one of a few threads of their own.
package enum SeedSearch {
    /// One outcome per seed, in their order. After `isEnough` no further seed is begun.
    package static func run(
        _ seeds: [UInt64],
        threads: Int = max(1, ProcessInfo.processInfo.activeProcessorCount),
        isEnough: @escaping @Sendable (Simulation.Outcome) -> Bool = { _ in false },
        _ body: @escaping @Sendable (UInt64) -> Simulation.Outcome
    ) async -> [Simulation.Outcome] {
        let rest = Shared((next: 0, isOver: false))
        let nextSeed: @Sendable () -> UInt64? = {
            rest.change { rest in
                guard !rest.isOver, rest.next < seeds.count else { return nil }
                rest.next += 1
                return seeds[rest.next - 1]
            }
        }
        return await withTaskGroup(of: [Simulation.Outcome].self) { group in
            for _ in 0..<threads {
                group.addTask {
                    await onThread {
                        var outcomes: [Simulation.Outcome] = []
                        while let seed = nextSeed() {
                            var outcome = body(seed)
                            // Thousands of traces of what went well would fill the memory.
                            if outcome.violation == nil, seeds.count > 1 { outcome.trace = "" }
                            if isEnough(outcome) { rest.change { $0.isOver = true } }
                            outcomes.append(outcome)
                        }
                        return outcomes
                    }
                }
            }
            return await group.reduce(into: []) { $0 += $1 }.sorted { $0.seed < $1.seed }
        }
    }

    /// A simulation keeps its thread busy: it must not be one that others wait for.
    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let thread = Thread { continuation.resume(returning: body()) }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }
}

extension Simulation.Outcome {
    /// What was wrong, what went before, and how to see it again.
    package var report: String {
        """
        seed \(seed): \(violation ?? "nothing is wrong") (after \(simulated), \(steps) steps)
        \(trace)
        seed \(seed): \(violation ?? "nothing is wrong"); replay with SIMULATION_SEED=\(seed)
        """
    }
}
