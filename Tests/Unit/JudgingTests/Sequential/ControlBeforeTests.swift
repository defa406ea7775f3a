import Testing

@testable import Judging

@Suite("What the control had before a release")
struct ControlBeforeTests {
    @Test("Events and requests of the steps that have both are added up")
    func counts() throws {
        let column = MetricIncrement.Column.counts(
            CountColumn(events: [1, .nan, 3, 4, -1], requests: [100, 100, .nan, 100, 100])
        )
        let before = try #require(ControlBefore(column, objective: nil))
        #expect(before == ControlBefore(totals: ExposureTotals(events: 5, requests: 200), steps: 2))
        #expect(ControlBefore(.counts(CountColumn(events: [1], requests: [0])), objective: nil) == nil)
        #expect(ControlBefore(.values([1, 2]), objective: nil) == nil)
        #expect(ControlBefore(nil, objective: nil) == nil)
    }

    @Test("Slow requests are told by the objective, or by the bound with nearly a tenth above it")
    func histogram() throws {
        let buckets = BucketColumn(
            bounds: [0.1, 0.5, 1, .infinity],
            counts: [[50, 50], [85, 85], [99, 99], [100, 100]]
        )
        let tenth = try #require(ControlBefore(.histogram(buckets), objective: nil))
        #expect(tenth == ControlBefore(totals: ExposureTotals(events: 30, requests: 200), steps: 2))
        let objective = try #require(ControlBefore(.histogram(buckets), objective: 0.9))
        #expect(objective.totals == ExposureTotals(events: 2, requests: 200))
        #expect(ControlBefore(.histogram(BucketColumn(bounds: [], counts: [])), objective: nil) == nil)
    }

    @Test("It is part of the state")
    func stored() throws {
        let rule = SequentialRule(
            measure: .counts,
            direction: .increase,
            margin: 1,
            harm: 1.5,
            gate: 1,
            plannedSteps: 9
        )
        let history = MetricHistory(control: .counts(CountColumn(events: [1, 2], requests: [10, 20])))
        let state = SequentialState(rule, history: history)
        #expect(state.before?.totals.requests == 30)
        #expect(try SequentialState(decoding: state.encoded).before == state.before)
    }
}
