import Testing

@testable import Judging

@Suite("A side that reports no requests")
struct IdleStepsTests {
    private static let rule = SharedFateTests.rule()

    private static func judged(control: [Double], experiment: [Double]) -> MetricJudgement {
        var pair = MetricPair(name: "errors", control: [1], experiment: [1], settings: MetricSettings(sequential: rule))
        pair.state = SequentialState(rule, history: MetricHistory())
        pair.increment = MetricIncrement(
            control: .counts(events: control.map { _ in 0 }, requests: control),
            experiment: .counts(events: experiment.map { _ in 0 }, requests: experiment),
            settled: control.count
        )
        SequentialJudge().fold(&pair)
        return SequentialJudge().judge([pair], by: ScoringRules()).metrics[0]
    }

    private static let busy = Array(repeating: 100.0, count: 20)

    @Test("No requests from the start are no traffic, and not missing data")
    func fromTheStart() {
        let zeros = busy0
        #expect(
            Self.judged(control: Self.busy, experiment: zeros).reason?.text
                == "errors: no traffic: the experiment has had no requests for 20 steps"
        )
        #expect(
            Self.judged(control: zeros, experiment: Self.busy).reason?.text
                == "errors: no traffic: the control has had no requests for 20 steps"
        )
        #expect(
            Self.judged(control: zeros, experiment: zeros).reason?.text
                == "errors: no traffic: both sides have had no requests for 20 steps"
        )
    }

    @Test("The finding names the side")
    func findings() {
        let zeros = busy0
        #expect(Self.judged(control: Self.busy, experiment: zeros).telemetry == .experimentWithoutTraffic)
        #expect(Self.judged(control: zeros, experiment: Self.busy).telemetry == .controlWithoutTraffic)
        #expect(Self.judged(control: zeros, experiment: zeros).telemetry == .withoutTraffic)
        #expect(Self.judged(control: Self.busy, experiment: Self.busy).telemetry == nil)
    }

    @Test("A side that reports nothing is no side without traffic")
    func nothing() {
        let nothing = Self.busy.map { _ in Double.nan }
        #expect(Self.judged(control: Self.busy, experiment: nothing).telemetry == nil)
        #expect(
            Self.judged(control: Self.busy, experiment: nothing).reason?.text
                == "errors: nothing of both sides has been compared yet"
        )
    }

    @Test("Requests that end are said after three units, and forgotten when they come back")
    func ends() throws {
        func limits(_ tail: [Double]) throws -> [String] {
            let experiment = Self.busy.dropLast(tail.count) + tail
            return try #require(Self.judged(control: Self.busy, experiment: Array(experiment)).sequential).limits
        }
        let said = "no traffic: the experiment has had no requests for 6 steps"
        #expect(try limits([0, 0, 0, 0, 0, 0]).contains(said))
        #expect(try !limits([0, 0, 0, 0, 0]).contains { $0.contains("no traffic") })
        #expect(try !limits([0, 0, 0, 0, 0, 0, 1]).contains { $0.contains("no traffic") })
        // What is not reported is not known to be none.
        #expect(try limits([0, 0, 0, 0, 0, 0, .nan]).contains(said))
    }

    private var busy0: [Double] { Self.busy.map { _ in 0 } }
}
