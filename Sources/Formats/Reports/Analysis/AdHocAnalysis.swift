package import Analysis

/// What is to be known of an analysis of a past window beside what it has in common with those of releases.
package struct AdHocAnalysis: Sendable, Equatable, Codable {
    package var requestedAt: Timestamp
    /// Nil until it has ended.
    package var finishedAt: Timestamp?
    /// A process is at it.
    package var isBegun: Bool
    /// The time of the experiment.
    package var window: TimeWindow
    package var controlWindow: TimeWindow

    package init(
        requestedAt: Timestamp,
        finishedAt: Timestamp?,
        isBegun: Bool,
        window: TimeWindow,
        controlWindow: TimeWindow
    ) {
        self.requestedAt = requestedAt
        self.finishedAt = finishedAt
        self.isBegun = isBegun
        self.window = window
        self.controlWindow = controlWindow
    }

    /// What has to stand before all else.
    var note: String {
        let control = controlWindow == window ? "" : ", and the control's of \(Self.text(controlWindow))"
        return
            "Asked for at \(requestedAt): a plan judged afterwards, by the samples of \(Self.text(window))\(control). No gate,"
            + " controller or feed knows of it."
    }

    /// Before it has ended.
    var state: ReportState {
        ReportState(
            word: "Running",
            tone: .running,
            headline: isBegun ? "The past window is being judged" : "The past window waits for its turn"
        )
    }

    private static func text(_ window: TimeWindow) -> String { "\(window.start) to \(window.end)" }
}
