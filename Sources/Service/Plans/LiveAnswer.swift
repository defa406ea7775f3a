import Prometheus

/// What the back end made of one side of a metric.
enum LiveAnswer: Sendable {
    case series(LiveSeries)
    /// The query cannot be asked, or the back end does not take it.
    case refused(String)
    /// No answer at all.
    case outage(String)

    var series: LiveSeries? {
        if case .series(let series) = self { series } else { nil }
    }
}

/// The series of one side in the window of the last look.
struct LiveSeries: Sendable {
    let series: [RangeQueryResult.Series]
    /// The window before has samples.
    let hasHistory: Bool
    /// Why some of it may be missing, as the back end says; nil where it says nothing.
    let incomplete: String?
    /// There are series, and each sample in them is no number: 0 divided by 0, for example.
    let isNaN: Bool

    init(_ now: RangeQueryResult, before: RangeQueryResult) {
        series = now.series
        hasHistory = Self.hasSamples(before.series)
        isNaN = !now.series.isEmpty && now.ignoredSamples == 0 && !Self.hasSamples(now.series)
        let answers = [now, before]
        let isPartial = answers.contains { $0.isPartial || !$0.warnings.isEmpty }
        incomplete = isPartial ? answers.lazy.flatMap(\.warnings).first ?? "it says so" : nil
    }

    /// Samples of the longest series.
    var sampleCount: Int { series.map { $0.values.count { !$0.isNaN } }.max() ?? 0 }

    /// Of all series, those that no judge can use.
    func unusableCount(isCounted: Bool) -> Int {
        series.reduce(0) { $0 + $1.values.count { $0.isInfinite || isCounted && $0 < 0 } }
    }

    /// Some sample is not 0.
    var hasMoreThanZeros: Bool { series.contains { $0.values.contains { !$0.isNaN && $0 != 0 } } }

    /// There is any sample, now or before.
    var hasAnything: Bool { hasHistory || Self.hasSamples(series) }

    /// The bounds of a histogram, as they are spelt.
    var bounds: Set<String> { Set(series.compactMap { $0.labels["le"] }) }

    /// How many values a label has.
    func values(of label: String) -> Int { Set(series.compactMap { $0.labels[label] }.filter { !$0.isEmpty }).count }

    private static func hasSamples(_ series: [RangeQueryResult.Series]) -> Bool {
        series.contains { $0.values.contains { !$0.isNaN } }
    }
}
