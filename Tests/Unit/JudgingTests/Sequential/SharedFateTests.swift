import SeededRandom
import Testing

@testable import Judging

@Suite("Trouble that both sides share")
struct SharedFateTests {
    static func rule(_ direction: Direction = .increase) -> SequentialRule {
        SequentialRule(
            measure: .counts,
            direction: direction,
            margin: 1.02,
            harm: 1.5,
            gate: 1.1,
            stepsPerUnit: 2,
            plannedSteps: 120
        )
    }

    /// A step of 900 requests with 9 events each, times a factor.
    private static func column(_ factors: [Double], share: Double = 0.9, _ generator: inout SeededGenerator)
        -> MetricIncrement.Column
    {
        let requests = factors.map { _ in 1_000 * share }
        let events = zip(factors, requests).map { factor, requests in
            // A sum of many rare events: close to Poisson.
            (0..<Int(requests)).reduce(0.0) { sum, _ in
                sum + (Double(generator.next() >> 11) * 0x1p-53 < 0.01 * factor ? 1 : 0)
            }
        }
        return .counts(events: events, requests: requests)
    }

    private struct Run {
        var pair: MetricPair
        var generator: SeededGenerator

        init(_ rule: SequentialRule = rule(), seed: UInt64 = 1, hasHistory: Bool = true) {
            generator = SeededGenerator(seed: seed)
            pair = MetricPair(name: "errors", control: [1], experiment: [1], settings: MetricSettings(sequential: rule))
            let past = SharedFateTests.column(Array(repeating: 1, count: 240), &generator)
            pair.state = SequentialState(rule, history: hasHistory ? MetricHistory(control: past) : MetricHistory())
        }

        /// Judges after each unit of 2 steps.
        mutating func fold(_ units: Int, control: Double, experiment: Double) -> [Judgement] {
            (0..<units).map { _ in
                pair.increment = MetricIncrement(
                    control: SharedFateTests.column([control, control], &generator),
                    experiment: SharedFateTests.column([experiment, experiment], share: 0.1, &generator),
                    settled: 2
                )
                SequentialJudge().fold(&pair)
                return SequentialJudge().judge([pair], by: ScoringRules())
            }
        }
    }

    @Test("Five times the errors on both sides neither fail nor pass, and are said")
    func common() throws {
        for seed in 1...6 as ClosedRange<UInt64> {
            var run = Run(seed: seed)
            let judged = run.fold(60, control: 5, experiment: 5)
            #expect(judged.allSatisfy { $0.result == .inconclusive }, "seed \(seed)")
            let last = try #require(judged.last?.metrics.first)
            let environment = try #require(last.sequential?.environment)
            #expect(environment.isDegraded && environment.ratio > 4 && environment.ratio < 6)
            #expect(last.classification == .undecided)
            let said = "environment-degraded: the control itself is at \(environment.ratio.brief) times its own past"
            #expect(last.reason?.text.contains(said) == true)
        }
    }

    @Test("When the trouble has ended, the release is judged again")
    func ends() throws {
        var run = Run()
        let trouble = run.fold(10, control: 5, experiment: 5)
        #expect(trouble.last?.metrics[0].sequential?.environment?.isDegraded == true)
        let healthy = run.fold(50, control: 1, experiment: 1)
        #expect(healthy.last?.metrics[0].sequential?.environment?.isDegraded == false)
        #expect(healthy.contains { $0.result == .pass })
        #expect(!healthy.contains { $0.result == .fail })
    }

    @Test("A regression of the experiment alone fails as without a history of the control")
    func regression() {
        var run = Run()
        let judged = run.fold(12, control: 1, experiment: 5)
        #expect(judged.contains { $0.result == .fail })
        #expect(judged.allSatisfy { $0.metrics[0].sequential?.environment?.isDegraded == false })
    }

    @Test(
        "Twice the errors of the experiment alone are found while the control drifts by a fifth",
        arguments: 1...6 as ClosedRange<UInt64>
    )
    func drift(seed: UInt64) {
        var run = Run(seed: seed)
        let judged = run.fold(60, control: 1.2, experiment: 2.4)
        #expect(judged.contains { $0.result == .fail }, "seed \(seed)")
        #expect(judged.allSatisfy { $0.metrics[0].sequential?.environment?.isDegraded == false }, "seed \(seed)")
    }

    @Test("A release that mends what ails the control passes")
    func mended() {
        var run = Run()
        let judged = run.fold(60, control: 5, experiment: 1)
        #expect(judged.last?.metrics[0].sequential?.environment?.isDegraded == false)
        #expect(judged.contains { $0.result == .pass })
        // One that is better than the control, and worse than its past, is in trouble too.
        var half = Run()
        let better = half.fold(60, control: 5, experiment: 3)
        #expect(better.last?.metrics[0].sequential?.environment?.isDegraded == true)
        #expect(better.dropFirst().allSatisfy { $0.result == .inconclusive })
    }

    @Test("Errors where there had been none are said in words")
    func fromNothing() throws {
        let rule = Self.rule()
        let past = MetricIncrement.Column.counts(
            events: Array(repeating: 0, count: 240),
            requests: Array(repeating: 900, count: 240)
        )
        var state = SequentialState(rule, history: MetricHistory(control: past))
        let now = MetricIncrement.Column.counts(
            events: Array(repeating: 3, count: 8),
            requests: Array(repeating: 900, count: 8)
        )
        state.fold(MetricIncrement(control: now, experiment: now, settled: 8), by: rule)
        let environment = try #require(state.evidence(by: rule).environment)
        #expect(environment.isDegraded)
        #expect(
            environment.limit
                == "environment-degraded: the control itself had none before the release, so nothing is decided by"
                + " comparing the two"
        )
    }

    @Test("A state of the form before this one is read")
    func firstForm() throws {
        var run = Run(hasHistory: false)
        _ = run.fold(12, control: 1, experiment: 1)
        let expected = try #require(run.pair.state)
        var parts = StateWriter(room: 400)
        expected.write(furtherPartsTo: &parts)
        // The first form ends where the parts begin.
        var bytes = Array(expected.encoded.dropLast(parts.bytes.count))
        bytes[1] = 1
        let read = try SequentialState(decoding: bytes)
        #expect(read.folded == 24 && read.control == expected.control && read.trail == expected.trail)
        #expect(read.evidence(by: Self.rule()).harmEvidence == expected.evidence(by: Self.rule()).harmEvidence)
        #expect(throws: SequentialStateError.self) { try SequentialState(decoding: Array(expected.encoded.dropLast())) }
    }

    @Test("An experiment that is far worse than a control in trouble still fails")
    func worse() {
        var run = Run()
        let judged = run.fold(20, control: 3, experiment: 15)
        #expect(judged.last?.metrics[0].sequential?.environment?.isDegraded == true)
        #expect(judged.last?.result == .fail)
    }

    @Test("Of what must not fall, a fall of the control is trouble, and a rise is none")
    func falls() {
        var falling = Run(Self.rule(.decrease))
        #expect(
            falling.fold(20, control: 0.2, experiment: 0.2).last?.metrics[0].sequential?.environment?.isDegraded == true
        )
        var rising = Run(Self.rule(.decrease))
        #expect(
            rising.fold(20, control: 5, experiment: 5).last?.metrics[0].sequential?.environment?.isDegraded == false
        )
        for factor in [0.2, 5] {
            var either = Run(Self.rule(.either))
            let last = either.fold(20, control: factor, experiment: factor).last
            #expect(last?.metrics[0].sequential?.environment?.isDegraded == true)
        }
    }

    @Test("Without a history nothing is said of the control")
    func unknown() {
        var run = Run(hasHistory: false)
        #expect(run.fold(20, control: 5, experiment: 5).last?.metrics[0].sequential?.environment == nil)
    }

    @Test("A control as it was, and one a little worse, are no trouble")
    func healthy() {
        for seed in 1...10 as ClosedRange<UInt64> {
            for factor in [1, 1.2] {
                var run = Run(seed: seed)
                let judged = run.fold(60, control: factor, experiment: factor)
                #expect(judged.allSatisfy { $0.metrics[0].sequential?.environment?.isDegraded == false })
            }
        }
    }

    @Test("A history of gaps, zeros and strange numbers does no harm")
    func strange() throws {
        for requests in [0, .nan, .infinity, -1, 1e300, 100] as [Double] {
            for events in [0, .nan, .infinity, -1, 1e300] as [Double] {
                let column = MetricIncrement.Column.counts(
                    events: Array(repeating: events, count: 40),
                    requests: Array(repeating: requests, count: 40)
                )
                let rule = Self.rule()
                var state = SequentialState(rule, history: MetricHistory(control: column))
                state.fold(MetricIncrement(control: column, experiment: column, settled: 40), by: rule)
                _ = state.evidence(by: rule)
                #expect(try SequentialState(decoding: state.encoded) == state)
            }
        }
    }
}
