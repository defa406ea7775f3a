/// Runs judges over analyses, on all processors.
package struct Evaluator: Sendable {
    package var judges: [String]
    package var seed: UInt64

    /// Analyses that one task takes at a time.
    private static let batch = 16

    package init(judges: [String], seed: UInt64) {
        self.judges = judges
        self.seed = seed
    }

    private struct Batch: Sendable {
        var source: Int
        var numbers: Range<Int>
    }

    /// One row a source, judge and degradation; sources without analyses and judges that cannot judge them have none. The
    /// rows depend on the seed alone, and not on the number of threads.
    ///
    /// - Parameter progress: is told the analyses that are done and those that there are, after each batch.
    package func rows(
        of sources: [any EvaluationSource],
        threads: Int,
        progress: (Int, Int) -> Void = { _, _ in }
    ) async -> [EvaluationRow] {
        let batches = sources.enumerated().flatMap { index, source in
            stride(from: 0, to: source.count, by: Self.batch).map { start in
                Batch(source: index, numbers: start..<min(start + Self.batch, source.count))
            }
        }
        let total = sources.reduce(0) { $0 + $1.count }
        var tallies = sources.map { source in
            source.degradations.map { _ in judges.map { _ in OutcomeTally(looks: source.steps) } }
        }
        await withTaskGroup(of: (Batch, [[OutcomeTally]]).self) { group in
            var waiting = batches[...]
            for _ in 0..<max(1, threads) {
                guard let batch = waiting.popFirst() else { break }
                group.addTask { (batch, tally(batch, of: sources[batch.source])) }
            }
            var done = 0
            while let (batch, found) = await group.next() {
                if let next = waiting.popFirst() {
                    group.addTask { (next, tally(next, of: sources[next.source])) }
                }
                for (degradation, byJudge) in found.enumerated() {
                    for (judge, tally) in byJudge.enumerated() { tallies[batch.source][degradation][judge].add(tally) }
                }
                done += batch.numbers.count
                progress(done, total)
            }
        }
        return zip(sources, tallies).flatMap { source, byDegradation in rows(source, byDegradation) }
    }

    private func tally(_ batch: Batch, of source: any EvaluationSource) -> [[OutcomeTally]] {
        source.degradations.map { degradation in
            var tallies = judges.map { _ in OutcomeTally(looks: source.steps) }
            for number in batch.numbers {
                let analysis = source.analysis(number, degradation, seed: seed)
                for (index, name) in judges.enumerated() {
                    guard let judge = EvaluatedJudges.make(name, for: analysis) else { continue }
                    tallies[index].add(AnalysisOutcome.of(analysis, by: judge))
                }
            }
            return tallies
        }
    }

    private func rows(_ source: any EvaluationSource, _ tallies: [[OutcomeTally]]) -> [EvaluationRow] {
        judges.indices.flatMap { judge in
            source.degradations.indices.compactMap { degradation in
                let tally = tallies[degradation][judge]
                guard tally.analyses > 0 else { return nil }
                return EvaluationRow(
                    judge: judges[judge],
                    family: source.family,
                    group: source.group,
                    comparison: source.comparison,
                    steps: source.steps,
                    degradation: source.degradations[degradation],
                    series: source.seriesCount,
                    analyses: tally.analyses,
                    failed: tally.failed,
                    passed: tally.passed,
                    failedAfterPass: tally.failedAfterPass,
                    medianLook: tally.medianLook
                )
            }
        }
    }
}
