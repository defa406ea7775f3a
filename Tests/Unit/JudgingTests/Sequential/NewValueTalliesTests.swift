import Testing

@testable import Judging

@Suite("Values of a label that only the experiment has")
struct NewValueTalliesTests {
    private static let rule = NewValuesRule(label: "code")

    private static func events(_ values: [String: [Double]]) -> LabelledEvents {
        LabelledEvents(values.map { (name: $0.key, events: $0.value) })
    }

    private static func tallies(
        history: [String: [Double]]? = [:],
        control: [String: [Double]],
        experiment: [String: [Double]],
        steps: Int = 2
    ) -> NewValueTallies {
        var tallies = NewValueTallies(history: history.map(events))
        let sides = LabelledSides(control: events(control), experiment: events(experiment))
        for step in 0..<steps { tallies.fold(step, sides) }
        return tallies
    }

    @Test("A value is named from the least number of events on, and not before")
    func least() {
        let few = Self.tallies(control: ["500": [1, 1]], experiment: ["500": [9, 9], "502": [2, 2.9]])
        #expect(few.evidence(by: Self.rule).values.isEmpty && few.evidence(by: Self.rule).sentence == nil)
        let enough = Self.tallies(
            control: ["500": [1, 1]],
            experiment: ["500": [9, 9], "502": [2, 3], "504": [0, 80]]
        )
        let evidence = enough.evidence(by: Self.rule)
        #expect(evidence.values == [.init(name: "504", events: 80), .init(name: "502", events: 5)])
        #expect(
            evidence.sentence
                == "new: code=\"504\" (80 events), code=\"502\" (5 events), which the control has not had, now or before"
                + " the release"
        )
    }

    @Test("What the control has, had before, or gets later is not new, also at 0")
    func known() {
        for (history, control) in [
            (["502": [Double.nan, 3]], [:]), (["502": [0, 0]], [:]), ([:], ["502": [0, .nan]]),
            ([:], ["502": [.nan, 1]]),
        ] as [([String: [Double]], [String: [Double]])] {
            let tallies = Self.tallies(history: history, control: control, experiment: ["502": [9, 9]])
            #expect(tallies.evidence(by: Self.rule).values.isEmpty, "\(history) \(control)")
        }
        // A series without any sample says nothing.
        let none = Self.tallies(history: ["502": [.nan]], control: ["502": [.nan, .nan]], experiment: ["502": [9, 9]])
        #expect(none.evidence(by: Self.rule).values.count == 1)
    }

    @Test("Without a history the sentence says so")
    func noHistory() {
        let evidence = Self.tallies(history: nil, control: [:], experiment: ["502": [9, 9]]).evidence(by: Self.rule)
        #expect(!evidence.hasHistory)
        #expect(evidence.sentence?.hasSuffix("; what it had before the release is not known") == true)
    }

    @Test("Events without the label have no value")
    func noLabel() {
        let evidence = Self.tallies(control: [:], experiment: ["": [9, 9]]).evidence(by: Self.rule)
        #expect(evidence.values.isEmpty && !evidence.isCut)
    }

    @Test("With too many values, too long ones, or such as cannot be shown, none is called new")
    func bounds() {
        func many(_ count: Int) -> [String: [Double]] {
            Dictionary(uniqueKeysWithValues: (0..<count).map { ("v\($0)", [9.0, 9]) })
        }
        let most = LabelledEvents.largestCount
        #expect(Self.tallies(control: [:], experiment: many(most)).evidence(by: Self.rule).values.count == 5)
        #expect(Self.tallies(control: [:], experiment: many(most)).evidence(by: Self.rule).others == most - 5)
        let cut: [NewValueTallies] = [
            Self.tallies(control: [:], experiment: many(most + 1)),
            Self.tallies(control: many(most + 1), experiment: [:]),
            Self.tallies(history: many(most + 1), control: [:], experiment: [:]),
            Self.tallies(control: [:], experiment: [String(repeating: "x", count: 129): [9, 9]]),
            Self.tallies(control: [:], experiment: ["a\u{202E}b": [9, 9]]),
        ]
        for tallies in cut {
            let evidence = tallies.evidence(by: Self.rule)
            #expect(evidence.isCut && evidence.values.isEmpty)
            #expect(evidence.sentence?.contains("none is called new") == true)
        }
        // Step by step more of them come than at any one step.
        var growing = NewValueTallies(history: nil)
        for first in stride(from: 0, through: most, by: 50) {
            let names = Dictionary(uniqueKeysWithValues: (first..<first + 50).map { ("v\($0)", [9.0]) })
            growing.fold(0, LabelledSides(control: Self.events([:]), experiment: Self.events(names)))
        }
        #expect(growing.evidence(by: Self.rule).isCut)
        var unasked = NewValueTallies(history: nil)
        unasked.fold(0, nil)
        #expect(unasked.evidence(by: Self.rule).isCut)
    }

    @Test("Strange numbers count nothing")
    func strange() {
        for value in [Double.nan, .infinity, -1, 1e300] {
            #expect(Self.tallies(control: [:], experiment: ["502": [value, value]]).seen.isEmpty)
        }
    }

    private static func state(_ rule: SequentialRule) -> SequentialState {
        let history = MetricHistory(controlValues: events(["500": [1]]))
        var state = SequentialState(rule, history: history)
        let counts = MetricIncrement.Column.counts(events: [1, 8], requests: [100, 100])
        let sides = LabelledSides(control: events(["503": [1, 1]]), experiment: events(["502": [1, 8]]))
        state.fold(MetricIncrement(control: counts, experiment: counts, newValues: sides, settled: 2), by: rule)
        return state
    }

    private static func rule(_ policy: NewValuesPolicy) -> SequentialRule {
        var rule = SharedFateTests.rule()
        rule.newValues = NewValuesRule(label: "code", policy: policy)
        return rule
    }

    @Test("A state comes back, and damaged bytes are an error or another state")
    func encoding() throws {
        let state = Self.state(Self.rule(.warn))
        let bytes = state.encoded
        #expect(try SequentialState(decoding: bytes) == state)
        for index in bytes.indices.suffix(200) {
            for change in [1, 0x80, 0xFF] as [UInt8] {
                var damaged = bytes
                damaged[index] ^= change
                guard var read = try? SequentialState(decoding: damaged) else { continue }
                read.fold(
                    MetricIncrement(control: nil, experiment: .values([]), settled: 0),
                    by: Self.rule(.warn)
                )
                _ = read.evidence(by: Self.rule(.warn))
            }
        }
    }

    @Test("A new value is said, keeps the metric from passing, or fails it", arguments: NewValuesPolicy.allCases)
    func policies(policy: NewValuesPolicy) {
        let rule = Self.rule(policy)
        var pair = MetricPair(name: "errors", control: [1], experiment: [1], settings: MetricSettings(sequential: rule))
        pair.state = Self.state(rule)
        let counts = MetricIncrement.Column.counts(
            events: Array(repeating: 100, count: 40),
            requests: Array(repeating: 10_000, count: 40)
        )
        let none = LabelledSides(control: Self.events([:]), experiment: Self.events([:]))
        pair.increment = MetricIncrement(control: counts, experiment: counts, newValues: none, settled: 40)
        SequentialJudge().fold(&pair)
        let judgement = SequentialJudge().judge([pair], by: ScoringRules())
        #expect(judgement.result == [.warn: .pass, .hold: .inconclusive, .fail: .fail][policy])
        #expect(judgement.metrics[0].reason?.text.contains("new: code=\"502\" (9 events)") == true)
        #expect(judgement.metrics[0].classification == [.warn: .pass, .hold: .undecided, .fail: .high][policy])
    }
}
