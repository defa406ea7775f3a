/// What is to be evaluated.
package struct EvaluationRequest: Sendable {
    /// Recorded series; nil for none.
    package var directory: SeriesDirectory?
    package var includesCounts = false
    package var includesLatency = false
    package var includesValues = false
    package var includesSeveralMetrics = false
    /// Looks of an analysis; what is usual if left out.
    package var steps: [Int]?
    package var comparisons = EvaluatedComparison.allCases
    package var shapes: [Degradation.Shape] = [.step]
    /// By what worse releases are worse, beside the healthy one; what is usual if left out.
    package var ratios: [Double]?
    /// Only families whose name contains this text.
    package var family: String?
    /// Analyses of each series, or of each simulated cell; what is usual if left out.
    package var analyses: Int?

    static let seriesSteps = [20, 60, 240]
    static let simulationSteps = [60]
    static let simulatedAnalyses = 100
    static let seriesRatios = [1.1, 1.25, 1.5, 2]
    static let countRatios = [1.5, 2, 3, 10]
    static let lateRatio = 1.5
    static let latencyRatios = [1.1, 1.25, 1.5, 2]

    package init() {}

    package var sources: [any EvaluationSource] {
        everything.filter { source in family.map { source.family.contains($0) } ?? true }
    }

    private var everything: [any EvaluationSource] {
        var sources: [any EvaluationSource] = []
        for family in directory?.families ?? [] where comparisons.contains(family.comparison) {
            for steps in steps ?? Self.seriesSteps {
                let worse = degradations(Self.seriesRatios)
                sources.append(SeriesSource(family, steps: steps, degradations: worse, analyses: analyses))
            }
        }
        guard comparisons.contains(.concurrent) else { return sources }
        let count = analyses ?? Self.simulatedAnalyses
        for steps in steps ?? Self.simulationSteps {
            if includesCounts {
                sources += CountSource.cells(steps: steps, degradations: degradations(Self.countRatios), count: count)
            }
            if includesLatency {
                sources += LatencySource.cells(
                    steps: steps,
                    degradations: degradations(Self.latencyRatios),
                    count: count
                )
            }
            if includesValues {
                sources += ValueSource.cells(steps: steps, degradations: degradations(Self.seriesRatios), count: count)
            }
            if includesSeveralMetrics {
                sources += SeveralMetricsSource.cells(steps: steps, shapes: shapes, count: count)
            }
        }
        return sources
    }

    private func degradations(_ usual: [Double]) -> [Degradation] {
        let steps = shapes.contains(.step) ? (ratios ?? usual).map { Degradation($0) } : []
        let others = shapes.filter { $0 != .step }.flatMap { shape in
            (ratios ?? [Self.lateRatio]).map { Degradation($0, shape) }
        }
        return [.none] + steps + others
    }
}
