import Foundation
import Testing

@testable import Judging

@Suite("State of a metric against its past")
struct BeforeAfterStateTests {
    /// Differences of earlier moments, the margin, and the threshold of ln of the ratio.
    static let thresholds: [([Double], Double, Double)] = [
        ([0.01, -0.02, 0.03, 0, -0.01, 0.02, -0.03, 0.01], 1.1, 0.0953101798),
        ([0, 0, 0, 0, 0, 0, 0, 0], 1.1, 0.0953101798),
        ([0.2, -0.3, 0.25, 0.1, -0.15, 0.3, -0.2, 0.05], 1.1, 0.8608547316),
        ([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5], 1, 0.5),
        ([0.01, -0.02, 0.03, 0, -0.01], 1.1, 0.0990142988),
        ([0.01, -0.02, 0.03, 0, -0.01, 0.02, -0.03, 1], 1.1, 1.4394042494),
    ]

    @Test(arguments: thresholds)
    func thresholdsAgreeWithTheVectors(_ differences: [Double], _ margin: Double, _ expected: Double) {
        #expect(close(BeforeAfterThreshold.logRatio(differences, margin: margin), expected))
    }

    @Test(arguments: [
        (4, 5.8409093097), (5, 4.6040948713), (6, 4.0321429836), (7, 3.7074280213), (8, 3.4994832974),
        (10, 3.2498355416), (12, 3.1058065155), (20, 2.8609346065),
    ])
    func quantilesAgreeWithTheVectors(_ windows: Int, _ expected: Double) {
        #expect(close(StudentQuantile.exceeded(with: 0.005, degrees: windows - 1), expected))
    }

    /// From tables: one and two degrees of freedom.
    @Test func quantilesOfFewDegrees() {
        #expect(close(StudentQuantile.exceeded(with: 0.005, degrees: 1), 63.6567411629))
        #expect(close(StudentQuantile.exceeded(with: 0.005, degrees: 2), 9.9248432009))
    }

    /// A history that is cut into neighbouring windows, then the values after the release; at each look the step, the
    /// ratio, the limit, and whether harm is shown by then.
    struct Sequence: Decodable, Sendable {
        var steps: Int
        var offset: Double
        var worse: Int
        var margin: Double
        var history: [Double]
        var values: [Double]
        var expected: [[Double]]
        var outcome: String
    }

    @Test(arguments: try Resource.lines(of: "sequential-past", as: Sequence.self))
    func agreesWithTheReference(_ sequence: Sequence) throws {
        let rule = try BeforeAfterRule(
            direction: sequence.worse > 0 ? .increase : .decrease,
            margin: sequence.margin,
            offset: sequence.offset,
            plannedSteps: sequence.steps
        )
        var state = BeforeAfterState(
            rule,
            reference: sequence.history.suffix(sequence.steps),
            earlier: EarlierWindow.neighbours(sequence.history, steps: sequence.steps)
        )
        #expect(state.canDecide)
        #expect(state.windows == sequence.history.count / sequence.steps - 1)
        var expected = sequence.expected[...]
        for value in sequence.values {
            state.fold(value)
            let stored = state.encoded
            let again = try BeforeAfterState(decoding: stored)
            #expect(again.encoded == stored)
            #expect(again == state)
            state = again
            guard let numbers = expected.first, Int(numbers[0]) == state.steps else { continue }
            expected.removeFirst()
            let look = try #require(state.look)
            #expect(look.step == state.steps)
            #expect(close(look.ratio, numbers[1]))
            #expect(close(try #require(sequence.worse > 0 ? look.increaseLimit : look.decreaseLimit), numbers[2]))
            #expect((state.outcome == .fail) == (numbers[3] == 1))
        }
        #expect(expected.isEmpty)
        #expect("\(state.outcome)" == sequence.outcome)
    }

    private static func state(
        _ direction: Direction = .increase,
        windows: Int = 8,
        noise: Double = 0.01,
        steps: Int = 20
    ) throws -> BeforeAfterState {
        // Each window lies a little above or below its neighbour.
        let history = (0..<(windows + 1) * steps).map { 100 * (1 + noise * Double(($0 / steps * 7) % 3 - 1)) }
        return BeforeAfterState(
            try BeforeAfterRule(direction: direction, plannedSteps: steps),
            reference: history.suffix(steps),
            earlier: EarlierWindow.neighbours(history, steps: steps)
        )
    }

    @Test func threeLooksInARowShowHarm() throws {
        var state = try Self.state()
        for step in 1...7 {
            state.fold(150)
            #expect(state.outcome == (step < 7 ? .goOn : .fail))
        }
        // What was shown stays.
        for _ in 0..<20 { state.fold(100) }
        #expect(state.outcome == .fail)
        #expect(state.steps == 20)
    }

    @Test func aCalmMetricPassesAtTheEnd() throws {
        var state = try Self.state()
        for step in 1...20 {
            state.fold(101)
            #expect(state.outcome == (step < 20 ? .goOn : .pass))
        }
        var noisy = try Self.state(noise: 0.3)
        for _ in 0..<20 { noisy.fold(101) }
        #expect(noisy.outcome == .inconclusive)
    }

    @Test func eitherDirection() throws {
        for (value, outcome) in [(150.0, BeforeAfterState.Outcome.fail), (60, .fail), (100, .pass)] {
            var state = try Self.state(.either)
            for _ in 0..<20 { state.fold(value) }
            #expect(state.outcome == outcome)
        }
        var state = try Self.state(.decrease)
        for _ in 0..<20 { state.fold(150) }
        #expect(state.outcome == .pass)
    }

    /// Too short a past, or too few values, decide nothing.
    @Test func whatIsNotKnownDecidesNothing() throws {
        var short = try Self.state(windows: 4)
        #expect(!short.canDecide)
        for _ in 0..<20 { short.fold(500) }
        #expect(short.outcome == .inconclusive)

        var empty = BeforeAfterState(try BeforeAfterRule(plannedSteps: 20), reference: [100, 100], earlier: [])
        for _ in 0..<20 { empty.fold(100) }
        #expect(empty.outcome == .inconclusive)

        var gaps = try Self.state()
        for step in 0..<20 { gaps.fold(step.isMultiple(of: 3) ? 500 : .nan) }
        #expect(gaps.outcome == .inconclusive)
        #expect(gaps.missing == 13)
        #expect(gaps.look == nil)

        var missing = BeforeAfterState(
            try BeforeAfterRule(plannedSteps: 4),
            reference: [.nan, 1, .nan, .nan],
            earlier: Array(repeating: EarlierWindow(reference: [1, 1, 1, 1], values: [1, 1]), count: 8)
        )
        for _ in 0..<4 { missing.fold(1) }
        #expect(missing.outcome == .inconclusive)
    }

    /// A ratio beyond what a double holds is shown as a number, and kept all the way.
    @Test func hugeRatiosAreKept() throws {
        let window = EarlierWindow(reference: [1e-300, 1e-300], values: [1e-300, 1e-300])
        var state = BeforeAfterState(
            try BeforeAfterRule(plannedSteps: 2),
            reference: window.reference,
            earlier: Array(repeating: window, count: 8)
        )
        for _ in 0..<2 { state.fold(1e50) }
        #expect(state.look?.ratio == 1e100)
        #expect(try #require(state.look?.logRatio) > 800)
        #expect(try BeforeAfterState(decoding: state.encoded) == state)
    }

    @Test func refusesWhatHasNoLogarithm() throws {
        var state = try Self.state()
        for value in [0, -1, -.infinity, .infinity, 1e300, Double.nan] { state.fold(value) }
        #expect(state.refused == 5 && state.missing == 1 && state.values.isEmpty)
    }

    @Test(arguments: [0, -1, 1 << 40, Int.min, Int.max])
    func stepsAreChecked(_ steps: Int) {
        #expect(throws: SequentialRuleError.self) { try BeforeAfterRule(plannedSteps: steps) }
    }

    @Test(arguments: 1...70)
    func looksAscendToTheEnd(_ steps: Int) throws {
        let looks = try BeforeAfterRule(plannedSteps: steps).looks
        #expect(looks.last == steps && looks.count <= 15 && 4 * looks[0] >= steps)
        #expect(zip(looks, looks.dropFirst()).allSatisfy { $0 < $1 })
    }
}
