import SeededRandom
import Testing

@testable import Judging

@Suite("The state of a metric")
struct SequentialStateTests {
    private static let steps = 60

    private static func rule(_ measure: SequentialRule.Measure, _ direction: Direction = .increase) -> SequentialRule {
        SequentialRule(
            measure: measure,
            direction: direction,
            margin: 1.02,
            harm: 1.5,
            gate: 1.1,
            stepsPerUnit: measure == .gauge || measure == .past ? 1 : 2,
            plannedSteps: steps
        )
    }

    private static let bounds = [0.1, 0.25, 0.5, 1, .infinity]

    private static func column(_ measure: SequentialRule.Measure, _ count: Int, seed: UInt64) -> MetricIncrement.Column
    {
        var generator = SeededGenerator(seed: seed)
        func numbers(_ level: Double) -> [Double] {
            (0..<count).map { _ in
                let number = generator.next() % 1000
                return number < 30 ? .nan : level * (0.5 + Double(number) / 1000)
            }
        }
        switch measure {
        case .gauge, .past: return .values(numbers(40))
        case .counts: return .counts(events: numbers(2), requests: numbers(200))
        case .latency:
            let parts = bounds.map { _ in numbers(40) }
            var sums: [[Double]] = []
            for part in parts { sums.append(sums.last.map { zip($0, part).map(+) } ?? part) }
            return .histogram(BucketColumn(bounds: bounds, counts: sums))
        }
    }

    private static func increment(_ measure: SequentialRule.Measure, _ range: Range<Int>) -> MetricIncrement {
        func part(_ column: MetricIncrement.Column) -> MetricIncrement.Column {
            switch column {
            case .values(let values): .values(Array(values[range]))
            case .counts(let counts):
                .counts(events: Array(counts.events[range]), requests: Array(counts.requests[range]))
            case .histogram(let buckets):
                .histogram(BucketColumn(bounds: buckets.bounds, counts: buckets.counts.map { Array($0[range]) }))
            }
        }
        return MetricIncrement(
            control: measure == .past ? nil : part(column(measure, steps, seed: 1)),
            experiment: part(column(measure, steps, seed: 2)),
            settled: range.count,
            declaredShare: 0.4
        )
    }

    private static func history(_ measure: SequentialRule.Measure) -> MetricHistory {
        guard measure == .past else {
            let experiment = measure == .gauge ? column(measure, 120, seed: 4) : nil
            return MetricHistory(control: column(measure, 120, seed: 3), experiment: experiment)
        }
        return MetricHistory(
            windows: (0...8).map { number in
                guard
                    case .values(let values) = column(.past, number == 0 ? steps : 2 * steps, seed: 10 + UInt64(number))
                else { return [] }
                return values
            }
        )
    }

    private static let measures: [SequentialRule.Measure] = [.counts, .gauge, .latency(objective: 0.3), .past]

    @Test("Folding in any portions, with the state stored in between, gives the same bits", arguments: measures)
    func portions(measure: SequentialRule.Measure) throws {
        for direction in Direction.allCases {
            let rule = Self.rule(measure, direction)
            var whole = SequentialState(rule, history: Self.history(measure))
            whole.fold(Self.increment(measure, 0..<Self.steps), by: rule)
            for portions in [[60], [1, 59], [7, 13, 40], [20, 20, 20], Array(repeating: 1, count: 60)] {
                var state = SequentialState(rule, history: Self.history(measure))
                var done = 0
                for portion in portions {
                    state = try SequentialState(decoding: state.encoded)
                    state.fold(Self.increment(measure, done..<done + portion), by: rule)
                    done += portion
                }
                #expect(state.encoded == whole.encoded, "\(direction), \(portions)")
                #expect(try SequentialState(decoding: state.encoded) == state)
            }
            #expect(whole.encoded.count < 24_000)
        }
    }

    @Test("Damaged bytes are an error with a sentence, and never a trap", arguments: measures)
    func damaged(measure: SequentialRule.Measure) throws {
        let rule = Self.rule(measure, .either)
        var state = SequentialState(rule, history: Self.history(measure))
        state.fold(Self.increment(measure, 0..<37), by: rule)
        let bytes = state.encoded
        for count in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 97)) {
            #expect(throws: SequentialStateError.self) { try SequentialState(decoding: Array(bytes.prefix(count))) }
        }
        #expect(throws: SequentialStateError.self) { try SequentialState(decoding: bytes + [0]) }
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<400 {
            var wrong = bytes
            wrong[Int(generator.next() % UInt64(bytes.count))] ^= UInt8(truncatingIfNeeded: generator.next() | 1)
            guard var read = try? SequentialState(decoding: wrong) else { continue }
            read.fold(Self.increment(measure, 37..<60), by: rule)
            _ = read.evidence(by: rule)
        }
    }

    @Test("Columns of another kind, shorter ones and numbers that are none are passed over", arguments: measures)
    func strange(measure: SequentialRule.Measure) {
        let rule = Self.rule(measure)
        let columns: [MetricIncrement.Column] = [
            .values([]), .values([.nan, .infinity, -.infinity, -1, 1e300]),
            .counts(events: [-1, .nan, 1e300], requests: [.infinity, -5, 0, 1e300, 3]),
            .histogram(BucketColumn(bounds: [], counts: [])),
            .histogram(BucketColumn(bounds: [1, 0.5], counts: [[1, .nan, 3], [2]])),
        ]
        var state = SequentialState(rule, history: MetricHistory())
        for control in columns {
            for experiment in columns {
                state.fold(MetricIncrement(control: control, experiment: experiment, settled: 9), by: rule)
            }
        }
        #expect(throws: Never.self) { try SequentialState(decoding: state.encoded) }
        for history in columns {
            _ = SequentialState(rule, history: MetricHistory(control: history, windows: [[], [.nan], [1]]))
        }
    }
}
