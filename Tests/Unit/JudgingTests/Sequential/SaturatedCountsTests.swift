import Testing

@testable import Judging

/// A query of failures that takes all requests for failures shows two equal sides, whatever happens.
@Suite struct SaturatedCountsTests {
    private static func evidence(_ share: Double, _ direction: Direction) -> SequentialEvidence {
        let rule = SequentialRule(
            measure: .counts,
            direction: direction,
            margin: 1.02,
            harm: 1.5,
            gate: 1.1,
            plannedSteps: 60
        )
        var state = SequentialState(rule, history: MetricHistory())
        let requests = Array(repeating: 2000.0, count: 60)
        let column = MetricIncrement.Column.counts(events: requests.map { $0 * share }, requests: requests)
        state.fold(MetricIncrement(control: column, experiment: column, settled: 60), by: rule)
        return state.evidence(by: rule)
    }

    @Test func `where every request of the control is an event, nothing passes`() {
        #expect(Self.evidence(1, .increase).safetyEvidence <= 0)
        #expect(Self.evidence(1, .increase).limits.contains { $0.contains("nothing could be worse") })
        #expect(Self.evidence(0.5, .increase).safetyEvidence > 3)
        // Of successes fewer are seen.
        #expect(Self.evidence(1, .decrease).safetyEvidence > 3)
    }
}
