/// The state of a metric of counts that is known by strata: routes, zones, callers.
///
/// Where the mix of the traffic differs between the sides, the whole may differ though no stratum does (E. H. Simpson, "The
/// Interpretation of Interaction in Contingency Tables", Journal of the Royal Statistical Society B 13, 1951). Both are
/// counted: the whole, and the strata each compared within itself, conditional on its own events.
package struct StratifiedCountsState: Sendable, Equatable {
    /// All strata together.
    package internal(set) var pooled: CountsState
    /// Each within itself.
    package internal(set) var stratified: CountsState

    /// Strata beyond this many are a mistake in a query.
    package static let largestCount = 256

    /// Nothing seen yet.
    package init(_ rule: CountsRule) {
        pooled = CountsState(rule)
        stratified = CountsState(rule)
    }

    /// Adds the next unit, a value for each stratum; in the same order at all times for the same bits. No strata, or more
    /// than 256, are passed over.
    package mutating func fold(_ strata: [CountsUnit]) {
        guard !strata.isEmpty, strata.count <= Self.largestCount else {
            skip()
            return
        }
        pooled.fold(strata.dropFirst().reduce(strata[0], +))
        stratified.fold(strata: strata)
    }

    /// Passes over a unit of which a side has no samples.
    package mutating func skip() {
        pooled.skip()
        stratified.skip()
    }

    /// The whole differs, but not within the strata: what differs is the mix of the traffic.
    package func isMixShift(noise: CountNoise, _ levels: DecisionLevels = .standard) -> Bool {
        pooled.evidence(level: nil, noise: noise).logFail >= levels.logFailing()
            && stratified.evidence(level: nil, noise: noise).logFail < 0
    }
}
