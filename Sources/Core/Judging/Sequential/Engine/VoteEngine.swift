/// The likelihood ratios of votes: a unit is 1 (for) or 0 (against), and both are as likely where nothing differs.
///
/// The same as `LikelihoodRatioEngine` with one event of share 1/2 a unit and both bounds at 1; the sums over the grid
/// follow from two numbers.
package struct VoteEngine: Sendable, Equatable {
    /// Votes for.
    package internal(set) var votes = 0.0
    /// All votes.
    package internal(set) var count = 0.0

    package init() {}

    /// Votes for among all votes.
    init(votes: Double, count: Double) {
        self.votes = votes
        self.count = count
    }

    /// Adds a vote.
    package mutating func add(_ vote: Bool) {
        if vote { votes += 1 }
        count += 1
    }

    /// ln of the evidence that votes for are more likely than votes against.
    package func logFor(dispersion: Double = 1) -> Double { logEvidence(votes, dispersion) }

    /// ln of the evidence that votes against are more likely.
    package func logAgainst(dispersion: Double = 1) -> Double { logEvidence(count - votes, dispersion) }

    private func logEvidence(_ votes: Double, _ dispersion: Double) -> Double {
        guard count > 0, let mixture = Self.mixture else { return 0 }
        let terms = RatioGrid.halfShareTerms
        return mixture.logEvidence(events: votes, dispersion: dispersion, boundSum: 0) { count * terms[$0] }
    }

    private static let mixture = RatioMixture(.above, 1, .votes)
}
