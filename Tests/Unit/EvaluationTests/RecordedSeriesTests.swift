import Testing

@testable import Evaluation

@Suite struct RecordedSeriesTests {
    @Test func `the offset is for values that are near nothing at times`() {
        #expect(RecordedSeries.offset(for: [1, 2, 3]) == 0)
        #expect(RecordedSeries.offset(for: [0, 10, 20, .nan]) == 0.5)
        #expect(RecordedSeries.offset(for: [0.1, 10, 19.9]) == 0.5)
        for values in [[], [.nan], [-1, 2], [0, 0]] { #expect(RecordedSeries.offset(for: values) == nil) }
    }

    @Test func `windows lie evenly over a series`() {
        let series = RecordedSeries(
            name: "a",
            .twins(control: Array(repeating: 1, count: 100), experiment: Array(repeating: 1, count: 100)),
            offset: 0,
            analyses: 3
        )
        #expect(series.starts(steps: 60, count: 3) == [0, 20, 40])
        #expect(series.starts(steps: 60, count: 1) == [0])
        #expect(series.starts(steps: 98, count: 80) == [0, 1, 2])
        #expect(series.starts(steps: 101, count: 80).isEmpty)
    }

    @Test func `pairs are both sides before the release, and two lifetimes at most`() throws {
        let (control, experiment) = ((0..<100).map { Double($0 + 1) }, (0..<100).map { Double($0 + 1_001) })
        let twins = RecordedSeries(name: "a", .twins(control: control, experiment: experiment), offset: 0, analyses: 3)
        func pairs(_ series: RecordedSeries, _ start: Int) -> [(control: Double, experiment: Double)] {
            series.analysis(from: start, steps: 10, Degradation(2), RandomStream(seed: 1)).metrics[0].pairs
        }
        #expect(pairs(twins, 0).isEmpty && pairs(twins, 7).count == 7)
        let late = pairs(twins, 50)
        #expect(late.map(\.control) == (30..<50).map { Double($0 + 1) })
        #expect(late.map(\.experiment) == (30..<50).map { Double($0 + 1_001) })
        let level = RecordedSeries(name: "a", .level(SharedLevel(control, offset: 0)), offset: 0, analyses: 3)
        #expect(pairs(level, 0).isEmpty && pairs(level, 7).count == 7 && pairs(level, 50).count == 20)
        #expect(pairs(level, 50).allSatisfy { $0.control > 25 && $0.experiment > 25 && $0.experiment < 60 })
        let past = RecordedSeries(name: "a", .past(control), offset: 0, analyses: 3)
        #expect(pairs(past, 60).isEmpty)
    }

    @Test func `the past needs six whole windows, and uses nine`() throws {
        let series = RecordedSeries(name: "a", .past((0..<120).map { Double($0 + 1) }), offset: 0, analyses: 40)
        let starts = series.starts(steps: 10, count: 1_000)
        #expect(starts.first == 60 && starts.last == 110)
        let early = series.analysis(from: 60, steps: 10, .none, RandomStream(seed: 1))
        #expect(early.comparison == .before)
        #expect(early.metrics[0].earlier == (0..<60).map { Double($0 + 1) })
        let late = series.analysis(from: 110, steps: 10, Degradation(2), RandomStream(seed: 1))
        #expect(late.metrics[0].earlier == (20..<110).map { Double($0 + 1) })
        guard case .values(let control, let experiment) = late.looks[0][0] else {
            Issue.record("no value")
            return
        }
        #expect(control.isNaN && experiment == 222)
    }

    @Test func `windows that are mostly missing are not used`() {
        var values = (0..<120).map { Double($0 + 1) }
        for index in 30..<40 { values[index] = .nan }
        let series = RecordedSeries(name: "a", .past(values), offset: 0, analyses: 40)
        let starts = series.starts(steps: 10, count: 1_000)
        // Six windows before 65 have at least half of their values; before 60 and 70 one has none.
        #expect(starts.contains(65) && !starts.contains(60) && !starts.contains(70) && starts.contains(100))
    }

    @Test func `both sides share the level, and nothing else`() {
        let level = SharedLevel((0..<200).map { 100 + Double(($0 * 7919) % 13) }, offset: 0)
        var stream = RandomStream(seed: 3)
        let pair = level.pair(from: 10, steps: 60, &stream)
        #expect(pair.control != pair.experiment)
        #expect((pair.control + pair.experiment).allSatisfy { $0 > 85 && $0 < 130 })
    }

    @Test func `a degradation multiplies, grows or comes late`() {
        #expect((0..<6).map { Degradation(1.5).factor(at: $0, of: 6) } == Array(repeating: 1.5, count: 6))
        #expect((0..<6).map { Degradation(1.5, .half).factor(at: $0, of: 6) } == [1, 1, 1, 1.5, 1.5, 1.5])
        let ramp = (0..<6).map { Degradation(4, .ramp).factor(at: $0, of: 6) }
        #expect(ramp == [2, 4, 4, 4, 4, 4])
    }

    @Test func `what is near nothing grows as well`() {
        let values: [Double] = Array(repeating: [0, 40], count: 10).flatMap { $0 }
        let offset = RecordedSeries.offset(for: values) ?? 0
        let series = RecordedSeries(name: "a", .twins(control: values, experiment: values), offset: offset, analyses: 1)
        let analysis = series.analysis(from: 0, steps: 2, Degradation(2), RandomStream(seed: 1))
        #expect(analysis.looks == [[.values(control: 0, experiment: 1)], [.values(control: 40, experiment: 81)]])
    }
}
