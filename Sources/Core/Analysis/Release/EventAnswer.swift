/// What a deploy event leads to.
package struct EventAnswer: Sendable, Equatable {
    /// For people: "opened 01k9…".
    package var outcome = ""
    /// What is known about the release from here on.
    package var history: ReleaseHistory
    /// New analyses; one that is finished already has its final verdict among `verdicts`.
    package var opened: [AnalysisSession] = []
    /// Analyses that the event changed or ended, as they are now.
    package var changed: [AnalysisSession] = []
    /// In the order in which they were decided.
    package var verdicts: [Verdict] = []

    /// Whether it tells of a version that was deployed or withdrawn, and not only again of one that is known.
    package var isNews = false

    /// Times of the event, and of what was known before, that lay in the future and were corrected.
    package var futureTimes = 0

    init(history: ReleaseHistory) {
        self.history = history
    }
}
