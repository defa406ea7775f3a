import Testing

@testable import Judging

@Suite("Why steps with samples are compared with nothing")
struct ObstacleTests {
    private static func judged(
        _ measure: SequentialRule.Measure,
        _ control: MetricIncrement.Column,
        _ experiment: MetricIncrement.Column,
        looks: Int = 1,
        mayLackData: Bool = false,
        minimumRequests: Double = 0
    ) -> MetricJudgement {
        let rule = SequentialRule(
            measure: measure,
            direction: .increase,
            margin: 1.05,
            harm: 1.5,
            gate: 1.1,
            plannedSteps: 60,
            mayLackData: mayLackData,
            minimumRequests: minimumRequests
        )
        var pair = MetricPair(name: "m", control: [], experiment: [])
        pair.settings.sequential = rule
        pair.state = SequentialState(rule, history: MetricHistory())
        for look in 0..<looks {
            let settled = 30 / looks
            pair.increment = MetricIncrement(
                control: control.dropFirst(look * settled),
                experiment: experiment.dropFirst(look * settled),
                settled: settled
            )
            SequentialJudge().fold(&pair)
        }
        var workspace = JudgingWorkspace()
        let metrics = [SequentialJudge().judge(pair, in: &workspace)]
        return SequentialConclusion(metrics, [pair], ScoringRules()).judgement.metrics[0]
    }

    private static func column(_ value: Double) -> [Double] { Array(repeating: value, count: 30) }

    private static func buckets(_ bounds: [Double], _ change: (Int) -> Double = { Double($0 + 1) * 10 })
        -> MetricIncrement.Column
    {
        .histogram(BucketColumn(bounds: bounds, counts: bounds.indices.map { column(change($0)) }))
    }

    private static let usual = [0.1, 0.5, 1, .infinity]

    @Test func `histograms with different bounds, and with a bucket that has no number`() {
        let other = Self.judged(
            .latency(objective: nil),
            Self.buckets(Self.usual),
            Self.buckets([0.2, 0.6, .infinity])
        )
        #expect(
            other.reason?.text
                == "m: nothing compared: the histograms of the sides have different bounds, between which"
                + " nothing is compared: only the control has 0.1, 0.5, 1, and only the experiment has 0.2, 0.6"
        )
        let missing = Self.judged(
            .latency(objective: nil),
            Self.buckets(Self.usual),
            Self.buckets(Self.usual) { $0 == 1 ? .nan : Double($0 + 1) }
        )
        #expect(missing.reason?.text.contains("the buckets of the experiment make no histogram") == true)
        #expect(missing.reason?.text.hasSuffix("in 30 of 30 steps") == true)
        let same = Self.judged(.latency(objective: nil), Self.buckets(Self.usual), Self.buckets(Self.usual))
        #expect(same.reason?.text.contains("bounds,") == false && same.reason?.text.contains("make no") == false)
    }

    @Test func `events that are not told, and numbers that count nothing`() {
        func counts(_ events: Double, _ requests: Double = 100) -> MetricIncrement.Column {
            .counts(events: Self.column(events), requests: Self.column(requests))
        }
        let untold = Self.judged(.counts, counts(.nan), counts(1))
        #expect(
            untold.reason?.text == "m: nothing compared: the control tells no events in 30 of 30 steps: without … or"
                + " vector(0) that is not known to be none"
        )
        for experiment in [counts(-1), counts(.infinity), counts(1, .infinity)] {
            let text = Self.judged(.counts, counts(1), experiment).reason?.text ?? ""
            #expect(text.contains("the experiment has numbers that count nothing"), "\(text)")
        }
        #expect(
            Self.judged(.counts, counts(1), counts(1)).sequential?.limits.contains { $0.contains("steps") } == false
        )
    }

    @Test func `values without a ratio`() {
        for value in [-5.0, .infinity] {
            let text = Self.judged(.gauge, .values(Self.column(5)), .values(Self.column(value))).reason?.text ?? ""
            #expect(text.contains("values have no ratio (infinite, or below 0) in 30 of 30 steps"), "\(text)")
        }
    }

    @Test func `a metric that cannot be compared decides nothing, and one that is compared may`() {
        func counts(_ events: Double, _ requests: Double = 1000) -> MetricIncrement.Column {
            .counts(events: Self.column(events), requests: Self.column(requests))
        }
        #expect(!Self.judged(.counts, counts(10), counts(10)).decidesNothing)
        #expect(!Self.judged(.gauge, .values(Self.column(5)), .values(Self.column(5))).decidesNothing)
        #expect(Self.judged(.counts, counts(10), counts(1_000_000)).decidesNothing)
        #expect(Self.judged(.counts, counts(1_000_000), counts(10)).decidesNothing)
        #expect(Self.judged(.counts, counts(1000), counts(1000)).decidesNothing)
        #expect(Self.judged(.counts, counts(10), counts(10), minimumRequests: 40_000).decidesNothing)
        let ended = Self.column(5).prefix(20) + Self.column(.infinity).prefix(10)
        for experiment in [Array(ended), ended.map { $0 == 5 ? 5 : -5 }] {
            let judged = Self.judged(.gauge, .values(Self.column(5)), .values(experiment), looks: 3)
            #expect(judged.sequential?.units == 20 && judged.decidesNothing)
        }
        let requests = MetricIncrement.Column.counts(events: Self.column(10), requests: Array(ended))
        #expect(Self.judged(.counts, counts(1, 5), requests, looks: 3).decidesNothing)
    }

    @Test func `what may lack samples is left out without any, and waited for where they say that there is no traffic`()
    {
        func classification(_ requests: Double, _ events: Double) -> MetricClassification {
            let experiment = MetricIncrement.Column.counts(
                events: Self.column(events),
                requests: Self.column(requests)
            )
            let control = MetricIncrement.Column.counts(events: Self.column(1), requests: Self.column(100))
            return Self.judged(.counts, control, experiment, mayLackData: true).classification
        }
        #expect(classification(.nan, .nan) == .nodata)
        #expect(classification(100, .nan) == .nodata)
        #expect(classification(0, 0) == .undecided)
        #expect(classification(0, .nan) == .undecided)
        #expect(classification(.infinity, 1) == .undecided)
    }

    @Test func `a look that brings nothing new is hindered by what came last`() {
        var increment = MetricIncrement(control: .values([]), experiment: .values([]), settled: 0)
        #expect(increment.obstacle == nil)
        increment.experimentBefore = [1, .infinity, .infinity]
        #expect(increment.obstacle == "the experiment is infinite in 2 of the newest 3 steps")
        let (one, other) = (
            BucketColumn(bounds: [1, .infinity], counts: []), BucketColumn(bounds: [2, .infinity], counts: [])
        )
        increment = MetricIncrement(control: .histogram(one), experiment: .histogram(other), settled: 0)
        #expect(increment.obstacle?.contains("have different bounds") == true)
    }

    @Test func `equal constants have a ratio of 1`() throws {
        let effect = try #require(
            Self.judged(.gauge, .values(Self.column(5)), .values(Self.column(5))).sequential?.effect
        )
        #expect(effect.estimate == 1 && effect.lower < 1 && effect.upper >= 1)
    }
}
