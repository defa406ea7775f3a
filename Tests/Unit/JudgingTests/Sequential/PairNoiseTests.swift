import SeededRandom
import Testing

@testable import Judging

@Suite("Noise of pairs before a release")
struct PairNoiseTests {
    /// A control of 100, and an experiment that takes one of five levels about it for `period` steps each.
    private static func steps(_ count: Int, spread: Double, period: Int) -> [GaugeStep] {
        (0..<count).map { step in
            let level = (step / period * 7) % 5 - 2
            return GaugeStep(control: 100, experiment: 100 * (1 + spread * Double(level) / 2))
        }
    }

    /// By a reference of its own in another language.
    @Test(
        "What is learned agrees with the reference",
        arguments: [
            (120, 0.4, 6, 0.0, 1.0), (120, 0.4, 6, 25, 3.8164969268), (120, 0.4, 1, 0, 1), (120, 0.08, 6, 0, 1),
            (48, 0.3, 12, 0, 12.5625), (12, 0.4, 4, 0, 1),
        ]
    )
    func reference(count: Int, spread: Double, period: Int, absoluteFloor: Double, expected: Double) throws {
        let rule = try GaugeRule(absoluteFloor: absoluteFloor, plannedSteps: 60)
        let noise = try #require(PairNoise(Self.steps(count, spread: spread, period: period), by: rule))
        #expect(close(noise.floor, expected) && noise.pairs == count)
    }

    /// AR(1) noise of the ratio.
    private static func wandering(_ count: Int, memory: Double, spread: Double, seed: UInt64) -> [GaugeStep] {
        var generator = SeededGenerator(seed: seed)
        func normal() -> Double {
            (0..<12).reduce(-6.0) { sum, _ in sum + Double(generator.next() >> 11) * 0x1p-53 }
        }
        var ratio = spread * normal()
        return (0..<count).map { _ in
            ratio = memory * ratio + (1 - memory * memory).squareRoot() * spread * normal()
            return GaugeStep(control: 100, experiment: 100 * Elementary.exp(ratio))
        }
    }

    private static func failed(_ steps: [GaugeStep], times factor: Double = 1) throws -> Bool {
        let rule = try GaugeRule(plannedSteps: 60)
        var state = GaugeState(rule)
        let floor = PairNoise(Array(steps.prefix(120)), by: rule)?.floor ?? 1
        return steps.dropFirst(120).contains { step in
            state.fold(GaugeStep(control: step.control, experiment: step.experiment * factor))
            return state.evidence(level: nil, floor: floor).logFail >= Elementary.log(20.0)
        }
    }

    @Test("Slow noise of one side fails no healthy release once pairs have shown it")
    func healthy() throws {
        var failures = (with: 0, without: 0)
        for seed in 1...150 {
            let steps = Self.wandering(180, memory: 0.8, spread: 0.2, seed: UInt64(seed))
            if try Self.failed(steps) { failures.with += 1 }
            let unknown = Array(repeating: GaugeStep(control: 1, experiment: 1), count: 120) + steps.dropFirst(120)
            if try Self.failed(unknown) { failures.without += 1 }
        }
        #expect(failures.with <= 2 && failures.without >= 10, "\(failures)")
    }

    @Test("Noise below the gate hides no harm, however long its memory")
    func small() throws {
        for seed in 1...40 {
            let steps = Self.wandering(180, memory: 0.8, spread: 0.03, seed: UInt64(seed))
            #expect(try Self.failed(steps, times: 1.25))
        }
    }

    @Test("A lasting difference is no noise, and neither are steps without a value or with one that cannot be")
    func nothing() throws {
        let rule = try GaugeRule(plannedSteps: 60)
        let lasting = (0..<60).map { _ in GaugeStep(control: 100, experiment: 150) }
        #expect(PairNoise(lasting, by: rule)?.floor == 1)
        #expect(PairNoise(Array(lasting.prefix(11)), by: rule) == nil)
        let odd = [
            GaugeStep(control: .nan, experiment: 1), GaugeStep(control: 1, experiment: .infinity),
            GaugeStep(control: -1, experiment: 1), GaugeStep(control: 1e300, experiment: 1),
        ]
        #expect(PairNoise(Array(lasting.prefix(11)) + odd, by: rule) == nil)
        #expect(PairNoise(lasting + odd, by: rule)?.pairs == 60)
        let zeros = (0..<60).map { step in
            GaugeStep(control: step / 12 % 2 == 0 ? 0 : 1, experiment: step / 6 % 2 == 0 ? 0 : 1)
        }
        #expect(try #require(PairNoise(zeros, by: rule)).floor.isFinite)
    }

    @Test("Of a metric that changes sign differences beyond the floor count")
    func differences() throws {
        let rule = try GaugeRule(comparison: .difference, absoluteFloor: 2, plannedSteps: 60)
        func noise(_ size: Double) throws -> PairNoise {
            let steps = (0..<48).map { GaugeStep(control: -1, experiment: -1 + ($0 / 12 % 2 == 0 ? size : -size)) }
            return try #require(PairNoise(steps, by: rule))
        }
        #expect(try noise(1).floor == 1)
        #expect(try noise(3).floor > 5)
    }

    @Test(
        "What cannot have been learned is an error",
        arguments: [
            (0.5, 60), (.nan, 60), (.infinity, 60), (-1, 60), (2, 11), (2, -1),
        ]
    )
    func refused(floor: Double, pairs: Int) {
        #expect(throws: SequentialRuleError.self) { try PairNoise(floor: floor, pairs: pairs) }
    }
}
