import Analysis

/// Times before a release that nothing is learned from, made from what the store has told of other releases.
struct UnlearnedTimesAsListed: Hashable {
    /// Of the control.
    var control: [TimeWindow] = []
    /// Of the experiment, as half of a pair.
    var experiment: [TimeWindow] = []

    /// Nothing is left out.
    init() {}

    /// - Parameters:
    ///   - releases: each with the time of it that the control teaches nothing in, and whether it has failed.
    ///   - history: what is asked for.
    init(
        _ releases: [(time: TimeWindow, hasFailed: Bool)],
        before session: AnalysisSession,
        in history: TimeWindow
    ) {
        func overlapping(_ windows: [TimeWindow]) -> [TimeWindow] {
            windows.filter { $0.end > history.start && $0.start < history.end }
        }
        let begun = releases.map(\.time.start) + [session.deployedAt]
        let failed = releases.filter(\.hasFailed).map { release in
            let start = release.time.start
            return TimeWindow(start: start, end: begun.filter { $0 > start }.min() ?? session.deployedAt)
        }
        control = overlapping(releases.map(\.time))
        experiment = overlapping(failed) + control
    }
}
