import SeededRandom
import Testing

@testable import Judging

@Suite("Noise kept from an earlier analysis")
struct KeptNoiseTests {
    private static func rule(_ measure: SequentialRule.Measure, _ direction: Direction = .increase) -> SequentialRule {
        SequentialRule(measure: measure, direction: direction, margin: 1.02, harm: 1.5, gate: 1.1, plannedSteps: 60)
    }

    private static let bounds = [0.1, 0.5, 1, .infinity]

    private static func column(_ measure: SequentialRule.Measure, _ count: Int, seed: UInt64) -> MetricIncrement.Column
    {
        var generator = SeededGenerator(seed: seed)
        func numbers(_ level: Double) -> [Double] {
            (0..<count).map { _ in level * (0.5 + Double(generator.next() % 1000) / 1000) }
        }
        guard case .latency = measure else { return .counts(CountColumn(events: numbers(5), requests: numbers(300))) }
        var sums: [[Double]] = []
        for level in [150.0, 100, 20, 3] {
            let part = numbers(level)
            sums.append(sums.last.map { zip($0, part).map(+) } ?? part)
        }
        return .histogram(BucketColumn(bounds: bounds, counts: sums))
    }

    private static func increment(_ measure: SequentialRule.Measure, _ count: Int) -> MetricIncrement {
        MetricIncrement(
            control: column(measure, count, seed: 1),
            experiment: column(measure, count, seed: 2),
            settled: count
        )
    }

    private static let measures: [SequentialRule.Measure] = [
        .counts, .latency(objective: nil), .latency(objective: 0.7),
    ]
    private static let time: Int64 = 1_700_000_000_000

    @Test("What one analysis has learned another one goes by that has no history", arguments: measures)
    func used(measure: SequentialRule.Measure) throws {
        for direction in Direction.allCases {
            let rule = Self.rule(measure, direction)
            let taught = SequentialState(rule, history: MetricHistory(control: Self.column(measure, 120, seed: 3)))
            let kept = try #require(taught.learned(at: Self.time))
            #expect(kept.units == 120 && taught.noiseSource == .learned)
            #expect(try KeptNoise(decoding: kept.encoded, learnedAt: Self.time) == kept)

            var state = SequentialState(rule, history: MetricHistory(), kept: kept)
            #expect(state.noiseSource == .kept && state.kept == kept)
            #expect(state.learned(at: Self.time) == nil, "what was kept is not kept again: it grows old")
            #expect(try SequentialState(decoding: state.encoded) == state)
            for step in 0..<20 {
                state = try SequentialState(decoding: state.encoded)
                var increment = Self.increment(measure, step + 1)
                increment.control = increment.control?.dropFirst(step)
                increment.experiment = increment.experiment.dropFirst(step)
                increment.settled = 1
                state.fold(increment, by: rule)
            }
            let noise = state.evidence(by: rule).noise
            #expect(noise.source == .kept && noise.learnedAt == Self.time && noise.historyUnits == 120)
            let limits = state.evidence(by: rule).limits
            #expect(!limits.contains { $0.contains("noise assumed") })
        }
    }

    @Test("It counts as if the analysis had learned it itself")
    func sameEvidence() throws {
        let rule = Self.rule(.counts)
        var taught = SequentialState(rule, history: MetricHistory(control: Self.column(.counts, 120, seed: 3)))
        let kept = try #require(taught.learned(at: Self.time))
        var state = SequentialState(rule, history: MetricHistory(), kept: kept)
        taught.fold(Self.increment(.counts, 30), by: rule)
        state.fold(Self.increment(.counts, 30), by: rule)
        let (one, other) = (taught.evidence(by: rule), state.evidence(by: rule))
        #expect(one.harmEvidence == other.harmEvidence && one.noise.dispersion == other.noise.dispersion)
        #expect(one.effect == other.effect)
    }

    @Test("With a history of its own an analysis does not go by it; values have none", arguments: measures)
    func notUsed(measure: SequentialRule.Measure) throws {
        let rule = Self.rule(measure)
        let history = MetricHistory(control: Self.column(measure, 120, seed: 4))
        let kept = KeptNoise(try LearnedNoise(variances: [9]), units: 12, learnedAt: Self.time)
        #expect(SequentialState(rule, history: history, kept: kept) == SequentialState(rule, history: history))
        let gauge = SequentialState(Self.rule(.gauge), history: MetricHistory(), kept: kept)
        #expect(gauge.kept == nil && gauge.noiseSource == .measured && gauge.learned(at: 0) == nil)
        #expect(SequentialState(rule, history: MetricHistory()).learned(at: 0) == nil)
    }

    // MARK: - Values

    /// An experiment that is 40 % above its control for 12 steps of 24.
    private static let pairs = MetricHistory(
        control: .values(Array(repeating: 100, count: 120)),
        experiment: .values((0..<120).map { $0 / 12 % 2 == 0 ? 100 : 140 })
    )

    @Test("What pairs of values have taught one analysis another one goes by that has none")
    func pairsKept() throws {
        let rule = Self.rule(.gauge)
        let taught = SequentialState(rule, history: Self.pairs)
        let kept = try #require(taught.learned(at: Self.time))
        #expect(kept.units == 120 && taught.noiseSource == .learned)
        #expect(try KeptNoise(decoding: kept.encoded, learnedAt: Self.time) == kept)
        #expect(try SequentialState(decoding: taught.encoded) == taught)
        let evidence = taught.evidence(by: rule).noise
        #expect(evidence.source == .learned && evidence.historyUnits == 120 && evidence.dispersion > 5)

        let state = SequentialState(rule, history: MetricHistory(), kept: kept)
        #expect(state.noiseSource == .kept && state.learned(at: Self.time) == nil)
        #expect(try SequentialState(decoding: state.encoded) == state)
        let known = state.evidence(by: rule).noise
        #expect(known.source == .kept && known.learnedAt == Self.time && known.dispersion == evidence.dispersion)
        #expect(SequentialState(rule, history: Self.pairs, kept: kept) == taught, "its own pairs come first")
        for measure in Self.measures {
            #expect(SequentialState(Self.rule(measure), history: MetricHistory(), kept: kept).kept == nil)
        }
    }

    @Test("A state without pairs has the bytes that it always had")
    func noPairs() throws {
        let rule = Self.rule(.gauge)
        let plain = SequentialState(rule, history: MetricHistory(control: .values([100, 100])))
        let known = SequentialState(rule, history: Self.pairs)
        #expect(plain.noiseSource == .measured)
        #expect(known.encoded.count == plain.encoded.count + 25)
        #expect(known.encoded.prefix(100) == plain.encoded.prefix(100))
    }

    private static func contents() throws -> [KeptNoise] {
        [
            KeptNoise(try LearnedNoise(variances: [0, 0.1, 0.2]), units: 40, learnedAt: 5),
            KeptNoise(try PairNoise(floor: 3, pairs: 120), learnedAt: 5),
        ]
    }

    @Test("Damaged bytes are an error, and never a trap", arguments: try contents())
    func damaged(kept: KeptNoise) throws {
        let bytes = kept.encoded
        for count in 0..<bytes.count {
            #expect(throws: SequentialStateError.self) {
                try KeptNoise(decoding: Array(bytes.prefix(count)), learnedAt: 5)
            }
        }
        #expect(throws: SequentialStateError.self) { try KeptNoise(decoding: bytes + [0], learnedAt: 5) }
        var newer = bytes
        newer[1] = 9
        #expect(throws: SequentialStateError.self) { try KeptNoise(decoding: newer, learnedAt: 5) }
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<500 {
            var wrong = bytes
            wrong[Int(generator.next() % UInt64(bytes.count))] ^= UInt8(truncatingIfNeeded: generator.next() | 1)
            guard let read = try? KeptNoise(decoding: wrong, learnedAt: 5) else { continue }
            for measure in [.counts, .gauge] as [SequentialRule.Measure] {
                var state = SequentialState(Self.rule(measure), history: MetricHistory(), kept: read)
                state.fold(Self.increment(.counts, 5), by: Self.rule(measure))
                _ = state.evidence(by: Self.rule(measure))
            }
        }
    }
}
