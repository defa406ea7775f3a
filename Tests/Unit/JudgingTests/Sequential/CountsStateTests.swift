import SeededRandom
import Testing

@testable import Judging

@Suite("State of a metric of counts")
struct CountsStateTests {
    /// A sequence of units, and after each: ln of the evidence for failing and for passing, dispersion, and the interval
    /// with the estimate once there are events.
    struct Sequence: Decodable, Sendable {
        var fail: Double
        var pass: Double
        var planned: Int
        var noise: String
        var history: [[Double]]?
        var learned: [Double]?
        var units: [[Double]]
        var expected: [[Double]]
    }

    @Test(arguments: try Resource.lines(of: "sequential-counts", as: Sequence.self))
    func agreesWithTheReference(_ sequence: Sequence) throws {
        let rule = try CountsRule(failRatio: sequence.fail, passRatio: sequence.pass, plannedUnits: sequence.planned)
        let noise = try Self.noise(sequence)
        var state = CountsState(rule)
        for (unit, expected) in zip(sequence.units, sequence.expected) {
            state.fold(Self.unit(unit))
            let evidence = state.evidence(noise: noise)
            #expect(close(evidence.logFail, expected[0]))
            #expect(close(evidence.logPass, expected[1]))
            #expect(close(evidence.dispersion, expected[2]))
            if expected.count > 3 {
                let interval = try #require(evidence.interval)
                #expect(close(interval.lowerBound, expected[3]))
                #expect(close(interval.upperBound, expected[4]))
                #expect(close(try #require(evidence.estimate), expected[5]))
            } else {
                #expect(evidence.interval == nil)
                #expect(evidence.estimate == nil)
            }
            // Going on from what was stored is going on, in every bit.
            let stored = state.encoded
            #expect(stored.count < 3_800)
            state = try CountsState(decoding: stored)
            #expect(state.encoded == stored)
            let again = state.evidence(noise: noise)
            #expect(again.logFail.bitPattern == evidence.logFail.bitPattern)
            #expect(again.logPass.bitPattern == evidence.logPass.bitPattern)
            #expect(again == evidence)
        }
    }

    static func unit(_ numbers: [Double]) -> CountsUnit {
        CountsUnit(
            experimentEvents: numbers[0],
            controlEvents: numbers[1],
            experimentExposure: numbers[2],
            controlExposure: numbers[3]
        )
    }

    private static func noise(_ sequence: Sequence) throws -> CountNoise {
        switch sequence.noise {
        case "assumed": return .assumed
        case "learned":
            let history = try #require(sequence.history)
            let learned = try #require(LearnedNoise(history: history.map { ($0[0], $0[1]) }))
            for (variance, expected) in zip(learned.variances, try #require(sequence.learned)) {
                #expect(close(variance, expected))
            }
            return CountNoise(.learned(learned))
        default: return .none
        }
    }

    /// A replica that takes over in the middle comes to the same bits as one that has seen everything.
    @Test func replayIsTheSameInEveryBit() throws {
        var random = SeededGenerator(seed: 11)
        var whole = CountsState(try CountsRule(plannedUnits: 40))
        var parts = whole
        for _ in 0..<60 {
            let unit = Self.unit([
                Double(Int.random(in: 0...9, using: &random)), Double(Int.random(in: 0...60, using: &random)),
                Double(Int.random(in: 0...300, using: &random)), Double(Int.random(in: 1...2_000, using: &random)),
            ])
            whole.fold(unit)
            parts = try CountsState(decoding: parts.encoded)
            parts.fold(unit)
            #expect(parts.encoded == whole.encoded)
        }
        #expect(parts == whole)
    }

    @Test(arguments: [
        [Double.nan, 1, 10, 10], [1, .nan, 10, 10], [1, 1, .nan, 10], [1, 1, 10, .infinity], [-1, 1, 10, 10],
        [1, 1, -10, 10], [1e300, 1, 10, 10], [1, 1, 1e16, 10],
    ])
    func whatCannotBeCountedIsOnlyCounted(_ numbers: [Double]) throws {
        var state = CountsState(try CountsRule(plannedUnits: 4))
        state.fold(Self.unit([3, 4, 100, 100]))
        let before = state
        state.fold(Self.unit(numbers))
        #expect(state.refused == 1)
        #expect(state.units == 2)
        #expect(state.folded == 1)
        #expect(state.engine == before.engine)
        #expect(state.dispersions == before.dispersions)
    }

    @Test(arguments: [[1, 9, 0, 1_000], [1, 9, 100, 0], [9, 9, 1e-300, 1e14], [9, 9, 1e14, 1e-300], [0, 0, 0, 0]])
    func aUnitWithoutExposureOnASideSaysNothing(_ numbers: [Double]) throws {
        var state = CountsState(try CountsRule(plannedUnits: 4))
        state.fold(Self.unit(numbers))
        #expect(state.oneSided == 1)
        #expect(state.evidence(noise: .assumed) == .nothing)
    }

    /// Noise that is slow is slow for a run that has just started, too: one high unit after a quiet half is no harm.
    @Test func laterRunsKnowTheNoiseOfTheWholeAnalysis() throws {
        var state = CountsState(try CountsRule(plannedUnits: 40))
        for _ in 0..<20 { state.fold(Self.unit([20, 180, 2_000, 18_000])) }
        state.fold(Self.unit([200, 180, 2_000, 18_000]))
        let slow = CountNoise(.learned(try LearnedNoise(variances: [0, 0, 0, 0, 5])))
        #expect(state.evidence(noise: slow).logFail < 1)
        #expect(state.evidence(noise: .none).logFail > 20)
    }

    /// A unit without samples moves the starts of the later runs as time does.
    @Test func gapsPassTime() throws {
        var state = CountsState(try CountsRule(plannedUnits: 8))
        for _ in 0..<4 { state.skip() }
        state.fold(Self.unit([30, 30, 100, 1_000]))
        #expect(state.oneSided == 4)
        #expect(state.engine.tallies.map(\.total) == [60, 60, 60, 0])
    }

    @Test func harmInTheMiddleIsDated() throws {
        var state = CountsState(try CountsRule(plannedUnits: 40))
        for unit in 0..<40 { state.fold(Self.unit([unit < 20 ? 2 : 9, 18, 200, 1_800])) }
        let evidence = state.evidence(noise: .none)
        #expect(evidence.harmSince == 20)
        #expect(evidence.logFail > 20)
        // A run that has not begun is never named.
        var early = CountsState(try CountsRule(plannedUnits: 40))
        for _ in 0..<5 { early.fold(Self.unit([0, 18, 200, 1_800])) }
        #expect(early.evidence(noise: .none).harmSince == 0)
    }

    @Test func aFloorHoldsBackSmallDifferences() throws {
        var state = CountsState(try CountsRule(plannedUnits: 40))
        for _ in 0..<10 { state.fold(Self.unit([40, 90, 1_000, 9_000])) }
        #expect(close(state.rateDifference, 0.03))
        #expect(state.evidence(noise: .none).logFail > 20)
        #expect(state.evidence(noise: .none, absoluteFloor: 0.02).logFail > 20)
        #expect(state.evidence(noise: .none, absoluteFloor: 0.05).logFail == 0)
    }

    /// Absurd numbers that are allowed give evidence that is a number.
    @Test func extremes() throws {
        var random = SeededGenerator(seed: 5)
        let numbers = [0, .leastNonzeroMagnitude, 1e-300, 1e-12, 0.5, 1, 1e3, 1e9, 5e14]
        for _ in 0..<300 {
            var state = CountsState(try CountsRule(plannedUnits: 4))
            for _ in 0..<6 {
                state.fold(Self.unit((0..<4).map { _ in numbers.randomElement(using: &random) ?? 0 }))
                let evidence = state.evidence(noise: CountNoise(.assumed(1e30), podVariance: 1e30))
                #expect(evidence.logFail.isFinite && evidence.logPass.isFinite && evidence.dispersion >= 1)
                #expect(try CountsState(decoding: state.encoded).encoded == state.encoded)
            }
        }
    }
}
