/// What the bounds of a histogram say, each and together.
package struct LatencyEvidence: Sendable, Equatable {
    /// One bound.
    package struct Bound: Sendable, Equatable {
        /// In the unit of the histogram.
        package let bound: Double
        /// It is the plan's objective.
        package let isObjective: Bool
        /// Its part of the mean.
        package let weight: Double
        /// About the share of requests above it.
        package let evidence: StateEvidence
        /// Requests above it, and all, of both sides.
        package let totals: CountsUnit
        /// The noise is learned from history, not assumed.
        package let isLearned: Bool
    }

    /// Chosen bounds first, ascending; the objective last. Empty until bounds are chosen, or where none can be.
    package let bounds: [Bound]
    /// ln of the weighted mean of the bounds' evidence for harm.
    package let logFail: Double
    /// ln of the least of the bounds' evidence against harm: every bound has to pass. 0 without bounds.
    package let logPass: Double

    /// The bound with the largest part of the evidence for harm.
    package var strongest: Bound? {
        bounds.max { $0.evidence.logFail + Elementary.log($0.weight) < $1.evidence.logFail + Elementary.log($1.weight) }
    }
}

extension LatencyState {
    /// What the units so far say.
    ///
    /// - Parameters:
    ///   - level: of the intervals; 0.05 means 95 % confidence, nil leaves them out.
    ///   - noise: takes the place of what was learned from history, for all bounds.
    package func evidence(level: Double? = 0.05, noise: CountNoise? = nil) -> LatencyEvidence {
        let hasObjective = tested.contains(where: \.isObjective)
        let chosen = Double(tested.count - (hasObjective ? 1 : 0))
        let bounds = tested.map { tested in
            let share = hasObjective ? (chosen > 0 ? 0.5 : 1) : 1.0
            return LatencyEvidence.Bound(
                bound: tested.bound,
                isObjective: tested.isObjective,
                weight: tested.isObjective ? share : share / chosen,
                evidence: tested.state.evidence(level: level, noise: noise ?? tested.noise),
                totals: tested.state.totals,
                isLearned: !tested.learned.isEmpty
            )
        }
        let exponents = bounds.map { Elementary.log($0.weight) + $0.evidence.logFail }
        return LatencyEvidence(
            bounds: bounds,
            logFail: exponents.isEmpty ? 0 : LogSum.of(exponents),
            logPass: bounds.map(\.evidence.logPass).min() ?? 0
        )
    }

    /// Units that count, of the bound that has most.
    package var folded: Int { tested.map(\.state.folded).max() ?? 0 }
}
