import Foundation
import SeededRandom
import Testing

@testable import Judging

@Suite("State of a gauge")
struct GaugeStateTests {
    struct Vector: Sendable {
        var planned: Int
        var control: [Double]
        var experiment: [Double]
        var offset = 0.0
        var floor = 0.0
        var direction = Direction.increase
        /// Votes; far steps, and votes among them; dispersion of the first run; its evidence without the gate; all.
        var votes: Double
        var far = 0.0
        var farVotes = 0.0
        var dispersion: Double
        var first: Double
        var all: Double
    }

    static let vectors = [
        Vector(
            planned: 60,
            control: Array(repeating: 100, count: 16),
            experiment: Array(repeating: 115, count: 16),
            votes: 16,
            dispersion: 1.3846153846,
            first: 167.4584235989,
            all: 117.5363686366
        ),
        Vector(
            planned: 60,
            control: Array(repeating: 100, count: 12),
            experiment: Array(repeating: 107, count: 12),
            votes: 12,
            dispersion: 1.4545454545,
            first: 28.9576966222,
            all: 1
        ),
        Vector(
            planned: 16,
            control: Array(repeating: [0, 0, 5, 0], count: 4).flatMap { $0 },
            experiment: Array(repeating: [0, 1, 9, 0], count: 4).flatMap { $0 },
            offset: 0.5,
            votes: 8,
            dispersion: 1.4174358974,
            first: 0.5487246976,
            all: 0.5924077684
        ),
        Vector(
            planned: 60,
            control: Array(repeating: 100, count: 16),
            experiment: Array(repeating: 80, count: 16),
            direction: .decrease,
            votes: 16,
            dispersion: 1.3846153846,
            first: 167.4584235989,
            all: 117.5363686366
        ),
        Vector(
            planned: 60,
            control: Array(repeating: 100, count: 14),
            experiment: Array(repeating: [101, 99], count: 5).flatMap { $0 } + [300, 100, 300, 300],
            votes: 3,
            far: 3,
            farVotes: 3,
            dispersion: 1.8720676487,
            first: 0.5331812750,
            all: 0.6732268925
        ),
        Vector(
            planned: 60,
            control: Array(repeating: 0.001, count: 12),
            experiment: Array(repeating: 0.002, count: 12),
            floor: 0.01,
            votes: 0,
            dispersion: 1.4545454545,
            first: 0.2955880529,
            all: 0.5069116370
        ),
        Vector(
            planned: 40,
            control: Array(repeating: 100, count: 40),
            experiment: Array(repeating: 100, count: 20) + Array(repeating: 130, count: 20),
            votes: 20,
            far: 4,
            farVotes: 4,
            dispersion: 4.7990675991,
            first: 0.8633970051,
            all: 117.6091938685
        ),
    ]

    @Test(arguments: vectors)
    func agreesWithTheVectors(_ vector: Vector) throws {
        var state = GaugeState(
            try GaugeRule(
                direction: vector.direction,
                offset: vector.offset,
                absoluteFloor: vector.floor,
                plannedSteps: vector.planned
            )
        )
        for (control, experiment) in zip(vector.control, vector.experiment) {
            state.fold(GaugeStep(control: control, experiment: experiment))
        }
        var run = state.sides[0].runs[0]
        #expect(run.median.votes == vector.votes)
        #expect(run.tail.count == vector.far)
        #expect(run.tail.votes == vector.farVotes)
        #expect(close(run.dispersion.dispersion(), vector.dispersion))
        run.stepsBeyondGate = run.steps
        #expect(close(exp(run.logFail(floor: 1)), vector.first))
        #expect(close(exp(state.evidence().logFail), vector.all))
    }

    /// A sequence of steps (control, experiment), and after each: ln of the evidence for failing, the dispersion, votes
    /// and far steps of the first run.
    struct Sequence: Decodable, Sendable {
        var planned: Int
        var null: Double
        var gate: Double
        var offset: Double
        var absoluteFloor: Double
        var worse: Int
        var floor: Double
        var steps: [[Double]]
        var expected: [[Double]]
    }

    @Test(arguments: try Resource.lines(of: "sequential-gauges", as: Sequence.self))
    func agreesWithTheReference(_ sequence: Sequence) throws {
        var state = GaugeState(
            try GaugeRule(
                direction: sequence.worse > 0 ? .increase : .decrease,
                nullRatio: sequence.null,
                gateRatio: sequence.gate,
                offset: sequence.offset,
                absoluteFloor: sequence.absoluteFloor,
                plannedSteps: sequence.planned
            )
        )
        for (step, expected) in zip(sequence.steps, sequence.expected) {
            state.fold(GaugeStep(control: step[0], experiment: step[1]))
            let evidence = state.evidence(floor: sequence.floor)
            #expect(close(evidence.logFail, expected[0]))
            #expect(close(evidence.dispersion, expected[1]))
            #expect(state.sides[0].runs[0].median.votes == expected[2])
            #expect(state.sides[0].runs[0].tail.count == expected[3])
            let stored = state.encoded
            #expect(stored.count < 2_100)
            state = try GaugeState(decoding: stored)
            #expect(state.encoded == stored)
            #expect(state.evidence(floor: sequence.floor) == evidence)
        }
    }

    @Test func equalSidesPassFromTwentyStepsOn() throws {
        var state = GaugeState(try GaugeRule(plannedSteps: 60))
        for step in 1...20 {
            state.fold(GaugeStep(control: 100, experiment: 100))
            #expect(state.evidence().logPass <= 0 || step == 20)
        }
        #expect(state.evidence().logPass > 3)
        #expect(state.evidence().logFail < 0)
    }

    /// What stays below the absolute floor is no harm, whatever the ratio.
    @Test func smallDifferencesPass() throws {
        var state = GaugeState(try GaugeRule(absoluteFloor: 10, plannedSteps: 60))
        for _ in 0..<20 { state.fold(GaugeStep(control: 1, experiment: 5)) }
        #expect(state.evidence().logPass > 3)
        #expect(state.evidence().logFail < 0)
    }

    @Test func eitherDirectionIsHarm() throws {
        let rule = try GaugeRule(direction: .either, plannedSteps: 60)
        var same = GaugeState(rule)
        var higher = GaugeState(rule)
        var lower = GaugeState(rule)
        for _ in 0..<24 {
            same.fold(GaugeStep(control: 100, experiment: 101))
            higher.fold(GaugeStep(control: 100, experiment: 130))
            lower.fold(GaugeStep(control: 100, experiment: 70))
        }
        #expect(higher.evidence().logFail > 3)
        #expect(close(lower.evidence().logFail, higher.evidence().logFail))
        #expect(higher.evidence().logPass < 0 && lower.evidence().logPass < 0)
        #expect(same.evidence().logFail < 0 && same.evidence().logPass > 3)
    }

    @Test func aMetricThatChangesSignIsComparedByDifference() throws {
        var state = GaugeState(try GaugeRule(comparison: .difference, absoluteFloor: 2, plannedSteps: 60))
        for _ in 0..<24 { state.fold(GaugeStep(control: -1, experiment: 4)) }
        #expect(state.folded == 24)
        #expect(state.evidence().logFail > 3)
        #expect(state.evidence().estimate == nil)
        var calm = GaugeState(try GaugeRule(comparison: .difference, absoluteFloor: 2, plannedSteps: 60))
        for _ in 0..<24 { calm.fold(GaugeStep(control: -1, experiment: 0)) }
        #expect(calm.evidence().logPass > 3)
    }

    /// A throughput that falls to 0 is harm; zeros on both sides are no difference.
    @Test func zeros() throws {
        var fallen = GaugeState(try GaugeRule(direction: .decrease, plannedSteps: 60))
        var idle = fallen
        for _ in 0..<24 {
            fallen.fold(GaugeStep(control: 50, experiment: 0))
            idle.fold(GaugeStep(control: 0, experiment: 0))
        }
        #expect(fallen.evidence().logFail > 3)
        #expect(close(try #require(fallen.evidence().estimate), 1 / 32.0))
        #expect(idle.evidence().logFail < 0 && idle.evidence().logPass > 3)
    }

    @Test(arguments: [
        (Double.nan, 1), (1, .nan), (.infinity, 1), (1, -.infinity), (-1, 5), (5, -1), (1e300, 1), (1, -1e300),
    ])
    func refusesWhatCannotBeCompared(_ control: Double, _ experiment: Double) throws {
        var state = GaugeState(try GaugeRule(plannedSteps: 8))
        let empty = state.sides
        state.fold(GaugeStep(control: control, experiment: experiment))
        #expect(state.refused == 1 && state.steps == 1 && state.folded == 0)
        #expect(state.sides == empty)
        #expect(state.evidence().interval == nil && state.evidence().estimate == nil)
    }

    @Test func gapsPassTime() throws {
        var state = GaugeState(try GaugeRule(plannedSteps: 8))
        for _ in 0..<4 { state.skip() }
        state.fold(GaugeStep(control: 1, experiment: 2))
        #expect(state.oneSided == 4)
        #expect(state.sides[0].runs.map(\.steps) == [1, 1, 1, 0])
    }

    @Test(arguments: [0.5, 0, -1, Double.nan, .infinity, 33])
    func ratiosAreChecked(_ ratio: Double) {
        #expect(throws: SequentialRuleError.self) { try GaugeRule(nullRatio: ratio, plannedSteps: 1) }
        #expect(throws: SequentialRuleError.self) { try GaugeRule(gateRatio: ratio, plannedSteps: 1) }
    }

    @Test(arguments: [-1, Double.nan, .infinity, 1e60])
    func amountsAreChecked(_ amount: Double) {
        #expect(throws: SequentialRuleError.self) { try GaugeRule(offset: amount, plannedSteps: 1) }
        #expect(throws: SequentialRuleError.self) { try GaugeRule(absoluteFloor: amount, plannedSteps: 1) }
        #expect(throws: SequentialRuleError.self) { try GaugeRule(plannedSteps: -1) }
    }
}

@Suite("Ratios of a gauge")
struct RatioHistogramTests {
    @Test func findsTheMedian() throws {
        var random = SeededGenerator(seed: 2)
        var ratios = RatioHistogram()
        #expect(ratios.median == nil)
        for _ in 0..<2_001 { ratios.add(log(1.25) + Double.random(in: -0.2...0.2, using: &random)) }
        let median = try #require(ratios.median)
        #expect(median > 1.22 && median < 1.28)
        let interval = try #require(ratios.interval(level: 0.05, dispersion: 1))
        #expect(interval.contains(1.25) && interval.upperBound / interval.lowerBound < 1.15)
        let wide = try #require(ratios.interval(level: 0.05, dispersion: 8))
        #expect(wide.lowerBound < interval.lowerBound && wide.upperBound > interval.upperBound)
    }

    /// Looked at after every step, intervals of 95 % miss the true median in fewer than 5 % of all series.
    @Test func theIntervalHoldsAtAllTimes() throws {
        var random = SeededGenerator(seed: 8)
        var missed = 0
        for _ in 0..<200 {
            var ratios = RatioHistogram()
            var isMissed = false
            for _ in 0..<60 {
                ratios.add(Double.random(in: -1...1, using: &random))
                let interval = try #require(ratios.interval(level: 0.05, dispersion: 1))
                if !interval.contains(1) { isMissed = true }
            }
            if isMissed { missed += 1 }
        }
        #expect(missed <= 10)
    }

    @Test func fewRatiosExcludeNothing() throws {
        var ratios = RatioHistogram()
        for _ in 0..<3 { ratios.add(0.3) }
        let interval = try #require(ratios.interval(level: 0.05, dispersion: 1))
        #expect(close(interval.lowerBound, 1 / 32.0) && close(interval.upperBound, 32))
    }

    @Test(arguments: [(-100.0, 1 / 32.0), (100.0, 32.0)])
    func theEndsAreOrLessAndOrMore(_ logRatio: Double, _ expected: Double) throws {
        var ratios = RatioHistogram()
        for _ in 0..<50 { ratios.add(logRatio) }
        #expect(close(try #require(ratios.median), expected))
        let interval = try #require(ratios.interval(level: 0.05, dispersion: 1))
        #expect(close(interval.lowerBound, expected < 1 ? 1 / 32.0 : 32))
    }
}
