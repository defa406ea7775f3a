import SeededRandom
import Testing

@testable import Judging

@Suite("Damaged states of the sequential judge")
struct HostileStateTests {
    /// A state of each kind with something in it, and what it does with bytes: reading, going on, and asking.
    static let kinds: [(name: String, bytes: [UInt8], use: @Sendable ([UInt8]) throws -> Void)] = {
        var counts = CountsState(Self.rule)
        for unit in 0..<12 { counts.fold(CountsStateTests.unit([Double(unit % 5), 20, 200, 1_800])) }
        var trail = EvidenceTrail()
        for unit in 1..<9 { trail.record(.init(units: unit, requests: Double(unit), logFail: 1, logPass: -1)) }
        var gauge = GaugeState(Self.gaugeRule)
        for step in 0..<24 { gauge.fold(GaugeStep(control: 100, experiment: 90 + Double(step * 7 % 30))) }
        var split = Self.split
        for unit in 0..<8 { split.fold(experiment: 100 + Double(unit), of: 1_000, declared: 0.1) }
        var latency = LatencyState(
            Self.latencyRule,
            history: Array(repeating: Self.histogram(1), count: 12).compactMap(\.self)
        )
        var waiting = LatencyState(Self.latencyRule)
        for _ in 0..<2 {
            latency.fold(experiment: Self.histogram(0.2), control: Self.histogram(1))
            waiting.fold(experiment: Self.histogram(0.2), control: Self.histogram(1))
            waiting.fold(experiment: nil, control: nil)
        }
        let windows = (0..<8).map { EarlierWindow(reference: [1, 2, 3], values: [2, 3, Double($0)]) }
        var past = BeforeAfterState(Self.pastRule, reference: [1, 2, 3], earlier: windows)
        for value in [2.0, 1] { past.fold(value) }
        let useLatency: @Sendable ([UInt8]) throws -> Void = { bytes in
            var state = try LatencyState(decoding: bytes)
            for _ in 0..<3 {
                state.fold(experiment: histogram(0.2), control: histogram(1))
                state.fold(experiment: nil, control: nil)
            }
            let evidence = state.evidence()
            #expect(!evidence.logFail.isNaN && !evidence.logPass.isNaN)
            _ = evidence.strongest
            _ = state.encoded
        }
        return [
            (
                "counts", counts.encoded,
                { bytes in
                    var state = try CountsState(decoding: bytes)
                    for _ in 0..<3 {
                        state.fold(CountsStateTests.unit([3, 20, 200, 1_800]))
                        state.skip()
                    }
                    let evidence = state.evidence(noise: .assumed)
                    #expect(!evidence.logFail.isNaN && !evidence.logPass.isNaN)
                    _ = CombinedEvidence([.init(weight: 1, logFail: evidence.logFail, logPass: evidence.logPass)])
                    _ = state.encoded
                }
            ),
            (
                "trail", trail.encoded,
                { bytes in
                    var trail = try EvidenceTrail(decoding: bytes)
                    for unit in 0..<40 { trail.record(.init(units: unit, requests: 5, logFail: 1, logPass: 1)) }
                    _ = trail.requestsUntil(logFail: 3)
                }
            ),
            (
                "gauge", gauge.encoded,
                { bytes in
                    var state = try GaugeState(decoding: bytes)
                    for _ in 0..<3 {
                        state.fold(GaugeStep(control: 100, experiment: 130))
                        state.skip()
                    }
                    let evidence = state.evidence()
                    #expect(!evidence.logFail.isNaN && !evidence.logPass.isNaN)
                    _ = state.encoded
                }
            ),
            ("latency", latency.encoded, useLatency), ("latency without bounds", waiting.encoded, useLatency),
            (
                "past", past.encoded,
                { bytes in
                    var state = try BeforeAfterState(decoding: bytes)
                    for _ in 0..<4 { state.fold(2) }
                    _ = state.encoded
                }
            ),
            (
                "split", split.encoded,
                { bytes in
                    var state = try SplitCheckState(decoding: bytes)
                    for _ in 0..<5 { state.fold(experiment: 100, of: 1_000, declared: 0.1) }
                    #expect(state.logEvidence?.isNaN != true)
                    _ = state.encoded
                }
            ),
        ]
    }()

    private static let rule = made { () throws(SequentialRuleError) in try CountsRule(plannedUnits: 16) }
    private static let gaugeRule = made { () throws(SequentialRuleError) in
        try GaugeRule(direction: .either, plannedSteps: 32)
    }
    private static let latencyRule = made { () throws(SequentialRuleError) in
        try LatencyRule(objective: 0.3, plannedUnits: 8)
    }
    private static let pastRule = made { () throws(SequentialRuleError) in
        try BeforeAfterRule(direction: .either, plannedSteps: 3)
    }

    private static func histogram(_ factor: Double) -> HistogramCounts? {
        HistogramCounts(bounds: [0.1, 0.5, .infinity], cumulative: [50, 90, 100].map { factor * $0 })
    }

    private static let split = made { () throws(SequentialRuleError) in try SplitCheckState() }

    private static func made<Value>(_ make: () throws(SequentialRuleError) -> Value) -> Value {
        do { return try make() } catch { preconditionFailure("\(error)") }
    }

    @Test(arguments: kinds.indices)
    func aShorterOrLongerOneIsAnError(_ kind: Int) throws {
        let (_, bytes, use) = Self.kinds[kind]
        try use(bytes)
        for length in 0..<min(bytes.count, 200) {
            #expect(throws: SequentialStateError.self) { try use(Array(bytes.prefix(length))) }
        }
        #expect(throws: SequentialStateError.self) { try use(Array(bytes.dropLast())) }
        #expect(throws: SequentialStateError.tooLong(extra: 1)) { try use(bytes + [0]) }
        #expect(throws: SequentialStateError.otherKind(0)) { try use([0] + bytes.dropFirst()) }
        #expect(throws: SequentialStateError.unknownForm(2)) { try use([bytes[0], 2] + bytes.dropFirst(2)) }
    }

    /// One wrong byte anywhere is an error or another state, and nothing else.
    @Test(arguments: kinds.indices)
    func oneWrongByteIsNoTrap(_ kind: Int) {
        let (_, bytes, use) = Self.kinds[kind]
        // Of large ones the first 400, and then every 29th: in a row of numbers one is like another.
        for position in bytes.indices where position < 400 || position.isMultiple(of: 29) {
            for value: UInt8 in [0x00, 0x01, 0x7f, 0x80, 0xff] where bytes[position] != value {
                var damaged = bytes
                damaged[position] = value
                do { try use(damaged) } catch { #expect(error is SequentialStateError) }
            }
        }
    }

    @Test(arguments: kinds.indices)
    func manyWrongBytesAreNoTrap(_ kind: Int) {
        var random = SeededGenerator(seed: 3)
        let (_, bytes, use) = Self.kinds[kind]
        for _ in 0..<400 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                // A whole number or a byte.
                let position = Int.random(in: 2..<damaged.count, using: &random)
                let numbers = [Double.nan, .infinity, -1, 1e300, 1e59, -1e59, Double.leastNonzeroMagnitude, 0]
                let bits = (numbers.randomElement(using: &random) ?? 0).bitPattern
                if Bool.random(using: &random), (position - 2) / 8 * 8 + 10 <= damaged.count {
                    for byte in 0..<8 {
                        damaged[(position - 2) / 8 * 8 + 2 + byte] = UInt8(truncatingIfNeeded: bits >> (8 * byte))
                    }
                } else {
                    damaged[position] = UInt8.random(in: 0...255, using: &random)
                }
            }
            do { try use(damaged) } catch { #expect(error is SequentialStateError) }
        }
    }

    @Test func aNumberThatIsNoneIsNamed() throws {
        var bytes = Self.kinds[0].bytes
        let nan = Double.nan.bitPattern
        for byte in 0..<8 { bytes[bytes.count - 8 + byte] = UInt8(truncatingIfNeeded: nan >> (8 * byte)) }
        #expect(throws: SequentialStateError.impossible("a variance")) { try CountsState(decoding: bytes) }
    }
}
