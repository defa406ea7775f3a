/// The runs of one test: the same evidence collected from the start, and again from one, two and three quarters of the
/// planned units on.
///
/// A change in the middle of an analysis is diluted by what came before it; the later runs see it undiluted. Starts are
/// fixed in advance and each run's evidence is 1 before it starts, so the weighted mean is evidence of the same kind.
package struct RunStarts: Sendable, Equatable {
    package static let count = 4

    /// The weights of the runs for counts of events, and for votes.
    package static let countWeights = SIMD4(0.85, 0.05, 0.05, 0.05)
    package static let voteWeights = SIMD4(0.7, 0.1, 0.1, 0.1)

    /// The units of the whole analysis.
    package let planned: Int
    /// The weight of each run; their sum is 1.
    package let weights: SIMD4<Double>
    /// The first unit of each run.
    package let units: SIMD4<Int>
    private let logWeights: SIMD4<Double>

    /// Runs for an analysis of a number of units.
    ///
    /// - Throws: for a negative number of units, and weights that are no shares of 1.
    package init(planned: Int, weights: SIMD4<Double>) throws(SequentialRuleError) {
        guard planned >= 0, planned <= 1 << 50 else { throw .plannedUnits(planned) }
        let sum = weights[0] + weights[1] + weights[2] + weights[3]
        guard (0..<4).allSatisfy({ weights[$0] >= 0 }), (sum - 1).magnitude < 1e-9 else { throw .runWeights }
        self.planned = planned
        self.weights = weights
        let units = Double(planned)
        self.units = SIMD4(0, Int(units / 4), Int(units / 2), Int(units * 0.75))
        logWeights = weights == Self.countWeights ? Self.logCountWeights : Self.logarithms(of: weights)
    }

    private static let logCountWeights = logarithms(of: countWeights)

    private static func logarithms(of numbers: SIMD4<Double>) -> SIMD4<Double> {
        SIMD4(
            Elementary.log(numbers[0]),
            Elementary.log(numbers[1]),
            Elementary.log(numbers[2]),
            Elementary.log(numbers[3])
        )
    }

    /// How many runs have started when a unit comes.
    func started(at unit: Int) -> Int {
        var started = 1
        while started < Self.count, unit >= units[started] { started += 1 }
        return started
    }

    /// ln of the weighted mean of the runs' evidence, from ln of each (0 before a run starts), in their order.
    func logMean(_ logEvidence: SIMD4<Double>) -> Double {
        // The mean of nothing is nothing, to the last bit.
        guard logEvidence != .zero else { return 0 }
        let exponents = logWeights + logEvidence
        return LogSum.of(Self.count) { exponents[$0] }
    }

    /// The run with the largest part of the mean among the first `started`; the first of several.
    func strongest(_ logEvidence: SIMD4<Double>, started: Int) -> Int {
        let exponents = logWeights + logEvidence
        var strongest = 0
        for run in 1..<Self.count where run < started && exponents[run] > exponents[strongest] { strongest = run }
        return strongest
    }

    /// The first unit of the run with the largest part of the evidence, of those that have seen one of `units` units.
    func harmSince(_ logEvidence: SIMD4<Double>, units seen: Int) -> Int {
        units[strongest(logEvidence, started: started(at: seen - 1))]
    }
}
