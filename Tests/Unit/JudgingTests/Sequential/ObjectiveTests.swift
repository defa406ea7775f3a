import Testing

@testable import Judging

@Suite("The objective of latencies")
struct ObjectiveTests {
    private static func state(slow: Double, tolerable: Double) -> (SequentialState, SequentialRule) {
        let rule = SequentialRule(
            measure: .latency(objective: 1),
            direction: .increase,
            margin: 1.25,
            harm: 1.5,
            gate: 1.25,
            tolerableRate: tolerable,
            plannedSteps: 60
        )
        func column(_ requests: Double, slow: Double) -> MetricIncrement.Column {
            let shares = [0.5, 0.9, 1 - slow, 1]
            return .histogram(
                BucketColumn(
                    bounds: [0.1, 0.25, 1, .infinity],
                    counts: shares.map { Array(repeating: $0 * requests, count: 60) }
                )
            )
        }
        let history = MetricHistory(control: column(1800, slow: 0))
        var state = SequentialState(rule, history: history)
        state.fold(
            MetricIncrement(
                control: column(1800, slow: 0),
                experiment: column(200, slow: slow),
                settled: 60
            ),
            by: rule
        )
        return (state, rule)
    }

    @Test("A service that keeps its objective passes, and one that breaks it does not")
    func rare() throws {
        let (kept, rule) = Self.state(slow: 0, tolerable: 0.001)
        #expect(kept.evidence(by: rule).safetyEvidence > 3)
        let (broken, other) = Self.state(slow: 0.02, tolerable: 0.001)
        #expect(broken.evidence(by: other).safetyEvidence < 0)
        #expect(broken.evidence(by: other).harmEvidence > 3)
    }

    @Test("Without a tolerable rate nothing is shown where there is nothing to compare")
    func none() {
        let (state, rule) = Self.state(slow: 0, tolerable: 0)
        #expect(state.evidence(by: rule).safetyEvidence <= 0)
    }
}
