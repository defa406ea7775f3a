import Analysis

/// How much neighbouring samples of a query share, as its range selectors show.
struct OverlappingSamples {
    /// Measured with Kayenta's defaults on autocorrelated series of equal releases: of 100, how many fail at a correlation
    /// of neighbours. A range of r steps gives one of (r - 1) / r.
    private static let measured: [(steps: Double, falseAlarms: Int)] = [
        (100, 84), (20, 64), (10, 48), (5, 30), (3.3, 19), (2, 7),
    ]

    /// The longest range, such as `5m` of `[5m]` or `[5m:1m]`.
    let range: Duration?
    private let steps: Double

    init(query: String, schedule: AnalysisSchedule) {
        range = query.split(separator: "[").dropFirst().compactMap { rest in
            Self.duration(rest.prefix { $0 != "]" && $0 != ":" }, schedule)
        }.max()
        steps = (range?.seconds ?? 0) / max(schedule.step.seconds, 0.001)
    }

    /// Of 100 equal releases, about how many fail; nil up to a range of two steps.
    var falseAlarms: Int? {
        guard steps > 2 else { return nil }
        return Self.measured.first { steps >= $0.steps }?.falseAlarms
    }

    private static func duration(_ text: Substring, _ schedule: AnalysisSchedule) -> Duration? {
        switch text {
        case "${step}": schedule.step
        case "${interval}": schedule.interval
        case "${window}": schedule.step * schedule.samplesAtLastLook
        default: Duration(compactText: String(text))
        }
    }
}
