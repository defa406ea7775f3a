import Text

/// Where analyses of one kind come from: a family of series at one length, or a simulation.
package protocol EvaluationSource: Sendable {
    /// What the analyses have in common, in the words of the tables.
    var family: String { get }
    /// The line of a summary that stands for many families; nil where the family stands for itself.
    var group: String? { get }
    var comparison: EvaluatedComparison { get }
    /// The looks of each analysis.
    var steps: Int { get }
    /// How the experiments are made worse, the healthy release among them.
    var degradations: [Degradation] { get }
    /// How many independent series the analyses are cut from; nil where each analysis is drawn anew.
    var seriesCount: Int? { get }
    /// How many analyses there are of each degradation.
    var count: Int { get }

    /// An analysis by its number, below `count`: the same numbers give the same analysis. Noise does not depend on the
    /// degradation.
    func analysis(_ number: Int, _ degradation: Degradation, seed: UInt64) -> EvaluatedAnalysis
}

extension EvaluationSource {
    package var group: String? { nil }

    /// Random numbers of one analysis.
    func stream(_ number: Int, seed: UInt64) -> RandomStream {
        RandomStream(seed: seed, FNV1a64.hash(family.utf8), UInt64(steps), UInt64(number))
    }
}

/// Analyses cut from a family of series.
struct SeriesSource: EvaluationSource {
    let family: String
    let comparison: EvaluatedComparison
    let steps: Int
    let degradations: [Degradation]
    private let series: [RecordedSeries]
    /// The series and the first step of each analysis.
    private let starts: [(series: Int, start: Int)]

    /// - Parameter analyses: of each series; as many as is usual for its kind if left out.
    init(_ family: SeriesFamily, steps: Int, degradations: [Degradation], analyses: Int?) {
        self.family = family.name
        comparison = family.comparison
        self.steps = steps
        self.degradations = degradations
        series = family.series
        starts = family.series.enumerated().flatMap { index, series in
            series.starts(steps: steps, count: analyses ?? series.analyses).map { (index, $0) }
        }
    }

    var count: Int { starts.count }
    var seriesCount: Int? { Set(starts.map(\.series)).count }

    func analysis(_ number: Int, _ degradation: Degradation, seed: UInt64) -> EvaluatedAnalysis {
        let (index, start) = starts[number]
        return series[index].analysis(from: start, steps: steps, degradation, stream(number, seed: seed))
    }
}
