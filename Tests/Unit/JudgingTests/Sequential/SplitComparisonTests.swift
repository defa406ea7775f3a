import SeededRandom
import Testing

@testable import Judging

@Suite("The split of requests against the share that the event declares")
struct SplitComparisonTests {
    private static let bounds = [0.1, 0.5, Double.infinity]

    static func rule(_ measure: SequentialRule.Measure, passesWithWrongSplit: Bool = false) -> SequentialRule {
        SequentialRule(
            measure: measure,
            direction: .increase,
            margin: 1.05,
            harm: 1.5,
            gate: 1.1,
            stepsPerUnit: 2,
            plannedSteps: 120,
            passesWithWrongSplit: passesWithWrongSplit
        )
    }

    /// 1 % of the requests have failed, or were slow, on each side alike.
    private static func column(_ measure: SequentialRule.Measure, _ requests: [Double]) -> MetricIncrement.Column {
        switch measure {
        case .counts: .counts(events: requests.map { $0 * 0.01 }, requests: requests)
        case .latency:
            .histogram(
                BucketColumn(bounds: bounds, counts: [0.7, 0.99, 1].map { share in requests.map { $0 * share } })
            )
        case .gauge, .past: .values(requests.map { _ in 40 })
        }
    }

    /// 2,000 requests a step, of which the experiment has a share.
    static func pair(_ rule: SequentialRule, seen: Double, declared: Double?, steps: Int = 120) -> MetricPair {
        var pair = MetricPair(name: "errors", control: [1], experiment: [1], settings: MetricSettings(sequential: rule))
        let controls = (0..<120).map { 2_000 * (1 - seen) * (1 + Double($0 % 5) / 50) }
        pair.state = SequentialState(rule, history: MetricHistory(control: column(rule.measure, controls)))
        fold(into: &pair, seen: seen, declared: declared, steps: steps)
        return pair
    }

    private static func fold(into pair: inout MetricPair, seen: Double, declared: Double?, steps: Int) {
        guard let rule = pair.settings.sequential else { return }
        let wobble = (0..<steps).map { 1 + Double($0 % 7) / 50 }
        pair.increment = MetricIncrement(
            control: column(rule.measure, wobble.map { 2_000 * (1 - seen) * $0 }),
            experiment: column(rule.measure, wobble.map { 2_000 * seen * $0 }),
            settled: steps,
            declaredShare: declared
        )
        SequentialJudge().fold(&pair)
    }

    private static func judgement(_ pairs: [MetricPair]) -> Judgement {
        SequentialJudge().judge(pairs, by: ScoringRules())
    }

    @Test("Another split than declared holds a pass, and says so", arguments: [0.05, 0.148, 0.2, 0])
    func holds(seen: Double) throws {
        for measure in [SequentialRule.Measure.counts, .latency(objective: nil)] {
            let judged = Self.judgement([Self.pair(Self.rule(measure), seen: seen, declared: 0.1)])
            #expect(judged.result == .inconclusive && judged.decision == .goOn)
            guard seen > 0 else { continue }
            let evidence = try #require(judged.metrics[0].sequential)
            #expect(evidence.split?.isWrong == true)
            #expect(evidence.safetyEvidence >= evidence.safetyThreshold)
            let sentence = "the split is not what the event says: 10 % declared, \((seen * 100).readable) % seen"
            #expect(evidence.limits.contains(sentence), "\(evidence.limits)")
            #expect(judged.metrics[0].reason?.text.contains(sentence) == true)
        }
    }

    @Test("It never fails a release, and a plan may let it pass with the warning")
    func warns() throws {
        let warned = Self.judgement([
            Self.pair(Self.rule(.counts, passesWithWrongSplit: true), seen: 0.2, declared: 0.1)
        ])
        #expect(warned.result == .pass)
        #expect(warned.metrics[0].sequential?.split?.isWrong == true)
        #expect(warned.metrics[0].reason?.text.contains("the split is not what the event says") == true)
    }

    @Test("The declared split, and none declared, pass", arguments: [0.1, 0.11, nil])
    func passes(declared: Double?) throws {
        for measure in [SequentialRule.Measure.counts, .latency(objective: nil)] {
            let judged = Self.judgement([Self.pair(Self.rule(measure), seen: 0.1, declared: declared)])
            #expect(judged.result == .pass)
            let split = judged.metrics[0].sequential?.split
            #expect(split?.isWrong == (declared == nil ? nil : false))
            #expect((split?.seen).map { close($0, 0.1) } ?? (declared == nil))
        }
    }

    @Test("Nothing is split where all requests, or none, are to be the experiment's", arguments: [0.0, 1])
    func ends(declared: Double) {
        let judged = Self.judgement([Self.pair(Self.rule(.counts), seen: 0.1, declared: declared)])
        #expect(judged.result == .pass && judged.metrics[0].sequential?.split == nil)
    }

    @Test("Of several metrics each checks the requests that it sees")
    func several() {
        let pairs = [
            Self.pair(Self.rule(.counts), seen: 0.1, declared: 0.1),
            Self.pair(Self.rule(.latency(objective: nil)), seen: 0.2, declared: 0.1),
            Self.pair(Self.rule(.gauge), seen: 0.2, declared: 0.1),
        ]
        let judged = Self.judgement(pairs)
        #expect(judged.metrics.map { $0.sequential?.split?.isWrong } == [false, true, nil])
        #expect(judged.metrics[0].classification == .pass && judged.metrics[1].classification == .undecided)
        #expect(judged.result == .inconclusive)
    }

    @Test("A metric that a pass does not wait for holds none back")
    func signal() {
        var rule = Self.rule(.counts)
        rule.isSignal = true
        let pairs = [
            Self.pair(Self.rule(.counts), seen: 0.1, declared: 0.1), Self.pair(rule, seen: 0.2, declared: 0.1),
        ]
        #expect(Self.judgement(pairs).result == .pass)
    }

    @Test("A weight that comes later is declared of the units that come later")
    func later() throws {
        let rule = Self.rule(.counts)
        var pair = Self.pair(rule, seen: 0.3, declared: nil, steps: 40)
        #expect(pair.state?.evidence(by: rule).split == nil)
        Self.fold(into: &pair, seen: 0.1, declared: 0.1, steps: 40)
        let split = try #require(pair.state?.evidence(by: rule).split)
        #expect(!split.isWrong && close(split.seen, 0.1))
        Self.fold(into: &pair, seen: 0.5, declared: 0.5, steps: 40)
        let both = try #require(pair.state?.evidence(by: rule).split)
        #expect(!both.isWrong && close(both.declared, 0.3) && close(both.seen, 0.3))
    }

    @Test("Steps that a side lacks, and numbers that count nothing, are no split")
    func gaps() throws {
        let rule = Self.rule(.counts)
        var state = SequentialState(rule, history: MetricHistory())
        let nothing: [Double] = [.nan, -1, .infinity, 1e300]
        let events = nothing.map { _ in 0.0 }
        state.fold(
            MetricIncrement(
                control: .counts(events: events, requests: nothing.map { _ in 900 }),
                experiment: .counts(events: events, requests: nothing),
                settled: 4,
                declaredShare: 0.1
            ),
            by: rule
        )
        #expect(state.evidence(by: rule).split == nil)
        #expect(try SequentialState(decoding: state.encoded) == state)
    }
}
