/// How much more often votes repeat each other than independent ones: 1 is independent.
///
/// Bartlett's estimate over 6 lags, with a prior of 10 votes at 2: a run of equal votes is no evidence before it is
/// longer than what ordinary autocorrelation makes. M. S. Bartlett, "Periodogram Analysis and Continuous Spectra",
/// Biometrika 37 (1950).
package struct VoteDispersion: Sendable, Equatable {
    /// How far back votes are compared.
    static let lags = 6

    /// The votes, and those for.
    var count = 0
    var votes = 0.0
    /// How often a vote for follows one for, 1 to 6 votes earlier; two lanes are not used.
    var products = SIMD8<Double>.zero
    /// The first six votes, oldest first, and the latest six, newest first.
    var first = SIMD8<Double>.zero
    var recent = SIMD8<Double>.zero

    package init() {}

    /// Adds a vote.
    package mutating func add(_ vote: Bool) {
        let vote = vote ? 1.0 : 0
        products += vote * recent
        if count < Self.lags { first[count] = vote }
        for lag in stride(from: Self.lags - 1, to: 0, by: -1) { recent[lag] = recent[lag - 1] }
        recent[0] = vote
        count += 1
        votes += vote
    }

    /// The dispersion by which log likelihoods are divided: 1 or more, and no less than the floor.
    ///
    /// - Parameter floor: from pairs before the release (`PairNoise`); 1 where there are none.
    package func dispersion(floor: Double = 1) -> Double {
        let floor = floor > 1 ? min(floor, 1e30) : 1
        guard count > 0 else { return max(2, floor) }
        let number = Double(count)
        let mean = votes / number
        let variance = number * mean * (1 - mean)
        var total = variance
        var firstVotes = 0.0
        var lastVotes = 0.0
        for lag in 1...Self.lags {
            firstVotes += first[lag - 1]
            lastVotes += recent[lag - 1]
            guard count > lag else { break }
            let products = self.products[lag - 1]
            let covariance =
                products - mean * ((votes - firstVotes) + (votes - lastVotes)) + (number - Double(lag)) * mean * mean
            total += 2 * (1 - Double(lag) / Double(Self.lags + 1)) * covariance
        }
        let observed = max(1, (1 + max(total, variance) * number / max(number - 1, 1)) / (1 + variance))
        return max(1, (20 + number * observed) / (10 + number), floor)
    }
}
