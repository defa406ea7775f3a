/// What is known about the noise of counts before an analysis begins.
package struct CountNoise: Sendable, Equatable {
    /// Where the floor of the dispersion comes from.
    package enum Source: Sendable, Equatable {
        /// No floor: only chance, and what the analysis itself shows.
        case none
        /// No history: a long-run variance of the relative rate of one side is taken for granted.
        case assumed(Double)
        /// The control's own units before the event.
        case learned(LearnedNoise)
        /// A floor of the dispersion from pairs of both sides before the event (`CountDispersion.floorForPairs`).
        case pairs(Double)
    }

    package let source: Source
    /// (1/experiment's pods + 1/control's pods) times the variance of the log rate between the control's pods; 0 where
    /// pods are not told apart.
    package let podVariance: Double

    /// The long-run variance that is assumed where there is no history.
    package static let assumedVariance = 0.05
    /// Nothing is known.
    package static let assumed = CountNoise(.assumed(assumedVariance))
    /// No floor.
    package static let none = CountNoise(.none)

    /// A negative number or one that is none counts as 0, and an infinite one as very much.
    package init(_ source: Source, podVariance: Double = 0) {
        self.source =
            switch source {
            case .none, .learned: source
            case .assumed(let variance): .assumed(Self.bounded(variance))
            case .pairs(let floor): .pairs(max(1, Self.bounded(floor)))
            }
        self.podVariance = Self.bounded(podVariance)
    }

    private static func bounded(_ number: Double) -> Double { number > 0 ? min(number, 1e30) : 0 }
}
