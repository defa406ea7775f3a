/// The votes of a gauge about one direction of harm: four runs, and those that speak for a pass.
struct GaugeSide: Sendable, Equatable {
    /// 1 where an increase is harm, -1 where a decrease is.
    let sign: Double
    var runs = Array(repeating: GaugeRun(), count: RunStarts.count)
    /// Votes that a step is no harm.
    var harmless = VoteEngine()
    var harmlessDispersion = VoteDispersion()

    init(sign: Double) { self.sign = sign }

    mutating func add(_ vote: GaugeVote, runs started: Int) {
        for run in 0..<started { runs[run].add(vote) }
        harmless.add(vote.isHarmless)
        harmlessDispersion.add(vote.isHarmless)
    }

    /// ln of the evidence of each run.
    func logFails(floor: Double) -> SIMD4<Double> {
        SIMD4(
            runs[0].logFail(floor: floor),
            runs[1].logFail(floor: floor),
            runs[2].logFail(floor: floor),
            runs[3].logFail(floor: floor)
        )
    }

    func logPass(floor: Double) -> Double {
        harmless.logFor(dispersion: harmlessDispersion.dispersion(floor: floor))
    }
}
