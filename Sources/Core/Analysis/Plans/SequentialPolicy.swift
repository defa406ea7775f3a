/// How sure the sequential judge must be, and what it does when it is not.
package struct SequentialPolicy: Sendable, Equatable {
    /// What an analysis becomes that has reached its end undecided.
    package enum Undecided: String, Sendable, Codable, CaseIterable {
        case inconclusive
        /// No harm was found; that there is none was not shown either.
        case pass
        case fail
    }

    /// The probability of failing a healthy release in the whole analysis that is accepted; above 0, at most 0.5.
    package var alpha: Double
    /// The probability of passing early, or at the end, what does the harm that a pass rules out.
    package var beta: Double
    package var undecided: Undecided
    /// A metric of counts decides nothing before each side has had so many requests.
    package var minimumRequests: Double
    /// Whether a release may pass while its share of the requests is not the one that the event declares.
    package var passesWithWrongSplit: Bool
    /// A release passes no sooner than so long after its warm-up; zero lets it pass at any look.
    package var passAfter: Duration

    package init(
        alpha: Double = 0.05,
        beta: Double = 0.05,
        undecided: Undecided = .inconclusive,
        minimumRequests: Double = 0,
        passesWithWrongSplit: Bool = false,
        passAfter: Duration = .zero
    ) {
        self.alpha = alpha
        self.beta = beta
        self.undecided = undecided
        self.minimumRequests = minimumRequests
        self.passesWithWrongSplit = passesWithWrongSplit
        self.passAfter = passAfter
    }
}
