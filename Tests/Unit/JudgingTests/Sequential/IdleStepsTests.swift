import Testing

@testable import Judging

@Suite("A side that reports no requests")
struct IdleStepsTests {
    private static let rule = SharedFateTests.rule()

    private static func judged(control: [Double], experiment: [Double]) -> MetricJudgement {
        judgement(control: control, experiment: experiment).metrics[0]
    }

    /// - Parameter errors: of a request.
    private static func judgement(control: [Double], experiment: [Double], errors: Double = 0) -> Judgement {
        var pair = MetricPair(name: "errors", control: [1], experiment: [1], settings: MetricSettings(sequential: rule))
        pair.state = SequentialState(rule, history: MetricHistory())
        pair.increment = MetricIncrement(
            control: .counts(events: control.map { $0 * errors }, requests: control),
            experiment: .counts(events: experiment.map { $0 * errors }, requests: experiment),
            settled: control.count
        )
        SequentialJudge().fold(&pair)
        return SequentialJudge().judge([pair], by: ScoringRules())
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

    @Test("A release is not passed while it has no traffic, however well it did before")
    func noPassWhileIdle() {
        func decision(control: [Double], experiment: [Double]) -> LookDecision {
            Self.judgement(control: control, experiment: experiment, errors: 0.01).decision
        }
        func busy(idle: Int) -> [Double] { Array(repeating: 1000, count: 60) + Array(repeating: 0, count: idle) }
        let steady = Array(repeating: 1000.0, count: 66)
        #expect(decision(control: steady, experiment: steady) == .passNow)
        #expect(decision(control: Array(steady.prefix(65)), experiment: busy(idle: 5)) == .passNow)
        #expect(decision(control: steady, experiment: busy(idle: 6)) == .goOn)
        // Both sides: what takes all traffic away may be the release.
        #expect(decision(control: busy(idle: 6), experiment: busy(idle: 6)) == .goOn)
        // The last steps of a rollout send all traffic to the release.
        #expect(decision(control: busy(idle: 6), experiment: steady) == .passNow)
    }

    @Test("A release that has few requests is not idle between two")
    func fewRequests() {
        var idle = IdleSteps()
        for _ in 0..<12 { idle.add(control: 1, experiment: 0) }
        #expect(!idle.experimentIsLeft(requestsPerStep: 0.4, stepsPerUnit: 2))
        #expect(idle.experimentIsLeft(requestsPerStep: 0.5, stepsPerUnit: 2))
        #expect(!idle.experimentIsLeft(requestsPerStep: .nan, stepsPerUnit: 2))
    }

    private var busy0: [Double] { Self.busy.map { _ in 0 } }
}
