import Analysis

/// Where work that is no analysis of a release gets its samples, and when it may ask: live analyses come first.
package struct BackgroundSource: Sendable {
    let backEnd: any MetricsBackEnd
    /// Before each question.
    let pause: Duration
    /// Pauses before one question, while analyses keep the back end busy, after which the work is given up.
    let mostPauses: Int
    /// How often a question is asked again that had no answer.
    let retries: Int
    /// Analyses wait for answers.
    let isBusy: @Sendable () -> Bool
    /// The back end does not answer.
    let isAway: @Sendable () -> Bool

    package init(
        _ backEnd: any MetricsBackEnd,
        pause: Duration = .seconds(1),
        mostPauses: Int = 120,
        retries: Int = 0,
        isBusy: @escaping @Sendable () -> Bool,
        isAway: @escaping @Sendable () -> Bool
    ) {
        self.backEnd = backEnd
        self.pause = pause
        self.mostPauses = mostPauses
        self.retries = retries
        self.isBusy = isBusy
        self.isAway = isAway
    }
}

/// What keeps work in the background from its samples.
enum BackgroundObstacle: Sendable, Equatable {
    /// The metrics back end does not answer, or not completely.
    case backEnd(HoldCause, String)
    /// Analyses have kept the back end busy.
    case busy
    /// The answers are larger than may be held.
    case tooLarge
}
