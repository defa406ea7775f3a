import Judging
import Testing

@testable import Evaluation

@Suite struct EvaluatedJudgesTests {
    private func gauges(_ pairs: [(Double, Double)], falls: Bool = false) -> EvaluatedAnalysis {
        EvaluatedAnalysis(
            comparison: .concurrent,
            metrics: [EvaluatedMetric(kind: .gauge(history: []), fallsWhenWorse: falls)],
            looks: pairs.map { [.values(control: $0.0, experiment: $0.1)] }
        )
    }

    private func outcome(_ name: String, _ analysis: EvaluatedAnalysis) throws -> AnalysisOutcome {
        AnalysisOutcome.of(analysis, by: try #require(EvaluatedJudges.make(name, for: analysis)))
    }

    @Test(arguments: EvaluatedJudges.names)
    func `every judge fails what is plainly worse, and not what is the same`(name: String) throws {
        let noise = (0..<60).map { 100 + Double(($0 * 37) % 11) }
        let other = (0..<60).map { 100 + Double(($0 * 53 + 5) % 11) }
        let same = try outcome(name, gauges(Array(zip(noise, other))))
        #expect(same.failedAt == nil && same.passed)
        let worse = try outcome(name, gauges(zip(noise, other).map { ($0, $1 * 2) }))
        #expect(worse.failedAt != nil && !worse.passed)
        let better = try outcome(name, gauges(zip(noise, other).map { ($0, $1 / 2) }))
        #expect(better.failedAt == nil)
        let falling = try outcome(name, gauges(zip(noise, other).map { ($0, $1 / 2) }, falls: true))
        #expect(falling.failedAt != nil)
    }

    @Test func `slow noise that pairs have shown fails no healthy release`() throws {
        let swing = (0..<180).map { $0 / 30 % 2 == 0 ? 140.0 : 100 }
        var analysis = gauges(swing.suffix(60).map { (100, $0) })
        analysis.metrics[0].pairs = swing.prefix(120).map { (100, $0) }
        let known = try outcome(SequentialLooks.name, analysis)
        #expect(known.failedAt == nil)
        #expect(try outcome(SequentialLooks.nameWithoutHistory, analysis).failedAt != nil)
        analysis.metrics[0].pairs = []
        #expect(try outcome(SequentialLooks.name, analysis).failedAt != nil)
    }

    @Test(arguments: EvaluatedJudges.names)
    func `missing, infinite and absent values are no crash`(name: String) throws {
        let odd: [Double] = [.nan, 0, .infinity, -.infinity, -1, 1e308, 5e-308, -0.0]
        let pairs = odd.flatMap { left in odd.map { (left, $0) } }
        _ = try outcome(name, gauges(pairs))
        _ = try outcome(name, gauges(Array(repeating: (.nan, .nan), count: 20)))
        _ = try outcome(name, gauges([]))
    }

    @Test func `the rank sum that grows is the rank sum`() {
        var ranks = RunningRanks()
        let control = [3.0, 1, 4, 1, 5, 9, 2, 6]
        let experiment = [2.0, 7, 1, 8, 2, 8, 1, 8]
        for (left, right) in zip(control, experiment) {
            ranks.add(control: left)
            ranks.add(experiment: right)
        }
        let wins = experiment.reduce(0.0) { sum, value in
            sum + control.reduce(0) { $0 + ($1 < value ? 1 : $1 == value ? 0.5 : 0) }
        }
        let all = (control + experiment).sorted()
        let ties = Set(all).reduce(0.0) { sum, value in
            let count = Double(all.count { $0 == value })
            return sum + count * count * count - count
        }
        let variance = 64.0 / 12 * (17 - ties / (16 * 15))
        #expect((ranks.statistic - (wins - 32 - 0.5) / variance.squareRoot()).magnitude < 1e-12)
        #expect(ranks.medians == (3.5, 4.5))
    }

    @Test func `a rank sum of nothing is nothing`() {
        var ranks = RunningRanks()
        #expect(ranks.statistic == 0)
        ranks.add(control: 1)
        ranks.add(experiment: .nan)
        #expect(ranks.statistic == 0)
    }

    @Test func `the threshold rule allows ten of sixty for counts`() throws {
        func counts(_ bad: Int) -> EvaluatedAnalysis {
            EvaluatedAnalysis(
                comparison: .concurrent,
                metrics: [EvaluatedMetric(kind: .counts(history: []))],
                looks: (0..<60).map { look in
                    [
                        .counts(
                            CountsUnit(
                                experimentEvents: look < bad ? 20 : 10,
                                controlEvents: 10,
                                experimentExposure: 1_000,
                                controlExposure: 1_000
                            )
                        )
                    ]
                }
            )
        }
        #expect(try outcome("threshold", counts(10)).failedAt == nil)
        #expect(try outcome("threshold", counts(11)).failedAt == 11)
    }

    @Test func `what a pass has missed is counted apart`() {
        struct Scripted: EvaluatedJudge {
            var decisions: [EvaluatedDecision?]
            mutating func look(_ units: [EvaluatedUnit]) -> EvaluatedDecision? { decisions.removeFirst() }
            func passesAtEnd() -> Bool { false }
        }
        let analysis = gauges(Array(repeating: (1, 1), count: 3))
        func outcome(_ decisions: [EvaluatedDecision?]) -> AnalysisOutcome {
            AnalysisOutcome.of(analysis, by: Scripted(decisions: decisions))
        }
        #expect(outcome([nil, .fail, nil]) == AnalysisOutcome(failedAt: 2))
        #expect(outcome([.pass, nil, .fail]) == AnalysisOutcome(passed: true, failedAfterPass: true))
        #expect(outcome([nil, nil, .pass]) == AnalysisOutcome(passed: true))
        #expect(outcome([nil, nil, nil]) == AnalysisOutcome())
    }
}
