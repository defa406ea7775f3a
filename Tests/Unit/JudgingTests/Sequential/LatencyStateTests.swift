import Foundation
import SeededRandom
import Testing

@testable import Judging

@Suite("State of a metric of latencies")
struct LatencyStateTests {
    static let bounds = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5]

    /// Requests above each bound out of 1,000; times `factor`.
    static func histogram(_ above: [Double], factor: Double = 1) throws -> HistogramCounts {
        try #require(
            HistogramCounts(
                bounds: bounds + [.infinity],
                cumulative: above.map { factor * (1_000 - $0) } + [factor * 1_000]
            )
        )
    }

    static let usual = [900, 550, 300, 120, 20, 4, 0.5]

    static let choices: [([Double], [Int])] = [
        ([0.9, 0.55, 0.3, 0.12, 0.02, 0.004, 0.0005], [1, 3, 4]), ([0.99, 0.95], []), ([0.6, 0.002], [0]),
        ([0.05], [0]),
        ([0, 0, 0], []), ([0.8, 0.5, 0.1, 0.01], [1, 2, 3]), ([.nan, 0.1], [1]), ([], []),
    ]

    @Test(arguments: choices)
    func boundsAgreeWithTheVectors(_ shares: [Double], _ expected: [Int]) {
        #expect(LatencyBounds.chosen(sharesAbove: shares) == expected)
    }

    /// However long no histogram comes, harm is dated by the units of the whole analysis.
    @Test(arguments: [0, 10, 64, 65, 200])
    func isDatedFromTheStart(silent: Int) throws {
        var state = LatencyState(try LatencyRule(plannedUnits: 400))
        for _ in 0..<silent { state.fold(experiment: nil, control: nil) }
        let usual = try Self.histogram(Self.usual)
        let slow = try Self.histogram(Self.usual.map { min(1_000, $0 * 3) })
        for unit in silent..<400 { state.fold(experiment: unit < 300 ? usual : slow, control: usual) }
        #expect(state.evidence().strongest?.evidence.harmSince == 300)
    }

    /// The evidence is the mean of that of the bounds, each counts of its own.
    @Test func isTheMeanOverTheBounds() throws {
        var state = LatencyState(try LatencyRule(plannedUnits: 60))
        let rule = try CountsRule(failRatio: 1.25, plannedUnits: 60)
        var parts = Array(repeating: CountsState(rule), count: 3)
        var random = SeededGenerator(seed: 4)
        for unit in 1...12 {
            let slow = Self.usual.map { min(1_000, $0 * Double.random(in: 1...1.6, using: &random)) }
            state.fold(experiment: try Self.histogram(slow, factor: 0.2), control: try Self.histogram(Self.usual))
            for (part, index) in [1, 3, 4].enumerated() {
                parts[part].fold(
                    CountsUnit(
                        experimentEvents: 0.2 * 1_000 - 0.2 * (1_000 - slow[index]),
                        controlEvents: Self.usual[index],
                        experimentExposure: 200,
                        controlExposure: 1_000
                    )
                )
            }
            let evidence = state.evidence()
            #expect(state.hasChosen == (unit >= 3))
            if unit < 3 {
                #expect(evidence.bounds.isEmpty && evidence.logFail == 0 && evidence.logPass == 0)
            } else {
                #expect(evidence.bounds.map(\.bound) == [0.05, 0.25, 0.5])
                let each = parts.map { $0.evidence(noise: .assumed) }
                #expect(close(evidence.logFail, log(each.reduce(0) { $0 + exp($1.logFail) } / 3)))
                #expect(close(evidence.logPass, each.map(\.logPass).min() ?? 0))
            }
            let stored = state.encoded
            let again = try LatencyState(decoding: stored)
            #expect(again.encoded == stored)
            #expect(again == state)
            state = again
        }
        #expect(state.encoded.count < 13_000)
        #expect(state.folded == 12)
    }

    @Test func anObjectiveHasHalfOfTheWeight() throws {
        var state = LatencyState(try LatencyRule(objective: 0.3, plannedUnits: 60))
        for _ in 0..<4 {
            state.fold(experiment: try Self.histogram(Self.usual, factor: 0.1), control: try Self.histogram(Self.usual))
        }
        let bounds = state.evidence().bounds
        #expect(bounds.map(\.bound) == [0.05, 0.25, 0.5, 0.3])
        #expect(bounds.map(\.isObjective) == [false, false, false, true])
        #expect(close(bounds.map(\.weight).reduce(0, +), 1) && bounds[3].weight == 0.5)
        // Between the bounds of 0.25 (120 above) and 0.5 (20 above), a fifth of the way.
        #expect(close(bounds[3].totals.controlEvents, 4 * 100))
        // Where the bound itself is tested anyway it is tested once.
        var exact = LatencyState(try LatencyRule(objective: 0.25, plannedUnits: 60))
        for _ in 0..<3 {
            exact.fold(experiment: try Self.histogram(Self.usual), control: try Self.histogram(Self.usual))
        }
        #expect(exact.evidence().bounds.map(\.bound) == [0.05, 0.5, 0.25])
    }

    @Test func historyChoosesBoundsAndTeachesNoise() throws {
        let history = try (0..<24).map { unit in
            try Self.histogram(Self.usual.map { min(1_000, $0 * (unit / 4 % 2 == 0 ? 0.6 : 1.4)) })
        }
        var known = LatencyState(try LatencyRule(plannedUnits: 60), history: history)
        var unknown = LatencyState(try LatencyRule(plannedUnits: 60))
        #expect(known.hasChosen && !unknown.hasChosen)
        for _ in 0..<3 {
            let slow = try Self.histogram(Self.usual.map { min(1_000, $0 * 1.8) }, factor: 0.2)
            known.fold(experiment: slow, control: try Self.histogram(Self.usual))
            unknown.fold(experiment: slow, control: try Self.histogram(Self.usual))
        }
        #expect(known.evidence().bounds.map(\.isLearned) == [true, true, true])
        #expect(unknown.evidence().bounds.map(\.isLearned) == [false, false, false])
        #expect(known.evidence().logFail < unknown.evidence().logFail)
        #expect(known.evidence(noise: .assumed).logFail == unknown.evidence().logFail)
        #expect(try LatencyState(decoding: known.encoded) == known)
        // A short history chooses, and teaches nothing.
        let short = LatencyState(try LatencyRule(plannedUnits: 60), history: Array(history.prefix(5)))
        #expect(short.evidence().bounds.map(\.isLearned) == [false, false, false])
    }

    @Test func slowerRequestsFailSoon() throws {
        var state = LatencyState(try LatencyRule(plannedUnits: 60))
        for _ in 0..<6 {
            let slow = try Self.histogram([950, 750, 500, 300, 100, 20, 5], factor: 0.2)
            state.fold(experiment: slow, control: try Self.histogram(Self.usual, factor: 2))
        }
        let evidence = state.evidence()
        #expect(evidence.logFail > 3)
        #expect(try #require(evidence.strongest).evidence.logFail >= evidence.logFail)
    }

    /// A unit whose sides have other bounds says nothing, and bounds that cannot be found again stay untested.
    @Test func otherBoundsAreNotCompared() throws {
        var state = LatencyState(try LatencyRule(plannedUnits: 60), history: [try Self.histogram(Self.usual)])
        let other = try #require(HistogramCounts(bounds: [0.02, 0.3, .infinity], cumulative: [100, 900, 1_000]))
        state.fold(experiment: other, control: try Self.histogram(Self.usual))
        state.fold(experiment: nil, control: try Self.histogram(Self.usual))
        #expect(state.folded == 0 && state.units == 2)
        #expect(close(state.evidence().logFail, 0) && state.evidence().logPass == 0)
        // The same other bounds on both sides are compared in proportion.
        state.fold(experiment: other, control: other)
        #expect(state.folded == 1)
        // Where no bound can be taken nothing passes.
        var none = LatencyState(try LatencyRule(plannedUnits: 60))
        let fast = try Self.histogram([0, 0, 0, 0, 0, 0, 0])
        for _ in 0..<90 { none.fold(experiment: fast, control: fast) }
        #expect(none.hasChosen && none.evidence().logPass == 0)
    }

    /// Earlier states end with the sums of both sides, of which nothing is made any more.
    @Test func whatAnEarlierStateHeldBesideIsPassedOver() throws {
        let usual = try Self.histogram(Self.usual)
        var state = LatencyState(try LatencyRule(plannedUnits: 60), history: [usual])
        state.fold(experiment: usual, control: usual)
        var sums = StateWriter(room: 400)
        sums.write(true)
        for _ in 0..<2 { usual.write(to: &sums) }
        #expect(state.encoded.last == 0)
        #expect(try LatencyState(decoding: state.encoded.dropLast() + sums.bytes) == state)
    }

    @Test func unitsWithoutSamplesDoNotPileUp() throws {
        var state = LatencyState(try LatencyRule(plannedUnits: 60))
        for _ in 0..<1_000 { state.fold(experiment: nil, control: nil) }
        #expect(state.waiting.count <= 64)
        #expect(state.units == 1_000)
        #expect(try LatencyState(decoding: state.encoded) == state)
    }

    static let irregular: [([Double], [Double])] = [
        ([1, 2], [1]), ([], []), ([2, 1], [1, 2]), ([1, 1], [1, 2]), ([1, .nan], [1, 2]), ([.nan, 1], [1, 2]),
        ([1, 2], [-1, 2]), ([1, 2], [1, .nan]), ([1, 2], [1, .infinity]), ([-.infinity, 1], [1, 2]),
        ([1, 2], [1, 1e300]),
    ]

    @Test(arguments: irregular)
    func refusesWhatIsNoHistogram(_ bounds: [Double], _ cumulative: [Double]) {
        #expect(HistogramCounts(bounds: bounds, cumulative: cumulative) == nil)
    }

    @Test func histogramsAreMadeRegular() throws {
        let fallen = try #require(HistogramCounts(bounds: [1, 2, 3], cumulative: [5, 4.999, 7], total: 6))
        #expect(fallen.cumulative == [5, 5, 7] && fallen.total == 7)
        let many = try #require(
            HistogramCounts(bounds: (0..<500).map(Double.init), cumulative: (0..<500).map(Double.init))
        )
        #expect(many.bounds.count == 64 && many.bounds.first == 0 && many.bounds.last == 499)
        let infinite = try #require(HistogramCounts(bounds: [.infinity], cumulative: [5]))
        #expect(infinite.bounds.isEmpty && infinite.total == 5)
        #expect(HistogramCounts(bounds: [1], cumulative: [1], total: .nan) == nil)
    }
}
