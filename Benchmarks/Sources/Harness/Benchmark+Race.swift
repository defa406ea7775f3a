package import Benchmark
package import Measuring

extension Benchmark {
    /// Rounds of a race.
    private static var rounds: Int { 11 }

    /// Declares a benchmark that lets contenders race: one custom metric for each, in picoseconds a unit, since the
    /// harness keeps whole numbers (its own processor time has the kernel's tick of 10 ms). A sample takes about
    /// `sampleTime` seconds.
    package static func race(
        _ name: String,
        between contenders: [String],
        sampleTime: Double = 0.2,
        _ makeContenders: @escaping () async throws -> [Contender]
    ) {
        _ = Benchmark(
            name,
            configuration: .init(
                metrics: contenders.map { .custom($0, useScalingFactor: false) },
                warmupIterations: 0,
                maxDuration: .seconds(600),
                maxIterations: rounds
            ),
            closure: { (benchmark: Benchmark, race: Race) async throws in
                for lap in try await race.round() {
                    benchmark.measurement(.custom(lap.name), Int(lap.seconds * 1e12))
                    Results.record(name, lap.name, lap.seconds)
                }
            },
            setup: { try await Race(try await makeContenders(), sampleTime: sampleTime) }
        )
    }
}
