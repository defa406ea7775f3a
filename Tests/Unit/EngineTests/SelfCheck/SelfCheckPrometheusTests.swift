import Analysis
import Engine
import HTTPTestServer
import HTTPTransport
import Judging
import Logging
import PlanFormats
import Prometheus
import Store
import Telemetry
import Testing

/// A plan as it is written, and Prometheus itself: each kind of metric is asked for a part of the pods.
@Suite(
    "Self-checks of Prometheus' own series",
    .timeLimit(.minutes(5)),
    .enabled(if: TestPrometheus.isPossible, "needs the Debian package prometheus")
)
struct SelfCheckPrometheusTests {
    private static let begin = Timestamp(milliseconds: 1_700_000_400_000)
    private static let length = 4 * 240 * 2
    private static let lifetime = Duration.seconds(1_200)
    /// Names that would be something else in a query.
    private static let pods = ["api-0", "a|b", "c.*\"} or vector(1) #", "(d"]
    private static let bad = pods[2]

    /// Requests by code, a histogram and a gauge of each pod; one pod fails five times as often.
    private static var samples: [String] {
        var lines: [String] = []
        func series(_ name: String, _ pod: String, _ labels: String, _ value: (Int) -> Double) {
            let quoted = pod.replacing("\"", with: "\\\"")
            for index in 0..<length {
                let seconds = begin.milliseconds / 1000 + Int64(index) * 15
                lines.append("\(name){track=\"stable\",pod=\"\(quoted)\"\(labels)} \(value(index)) \(seconds)")
            }
        }
        func counter(_ name: String, _ rate: @escaping (Int, Int) -> Double, _ labels: String) {
            for (number, pod) in pods.enumerated() {
                var total = 0.0
                series(name, pod, labels) { index in
                    let wobble = Double((index &* 7919 &+ number &* 104_729) % 101 - 50) / 50
                    total += rate(number, index) * 15 * (1 + 0.1 * wobble)
                    return total
                }
            }
        }
        lines.append("# TYPE r counter")
        counter("r_total", { _, _ in 99 }, ",code=\"200\"")
        counter("r_total", { number, _ in pods[number] == bad ? 5 : 1 }, ",code=\"500\"")
        lines.append("# TYPE d counter")
        for (bound, rate) in [("0.1", 60.0), ("0.5", 95), ("+Inf", 100)] {
            counter("d_total", { _, _ in rate }, ",le=\"\(bound)\"")
        }
        lines.append("# TYPE load gauge")
        for (number, pod) in pods.enumerated() {
            series("load", pod, "") { 40 + Double(($0 &* 31 &+ number &* 7) % 11) / 10 }
        }
        return lines
    }

    private static let plan = """
        name: p
        schedule: {step: 15s, interval: 1m, lifetime: 20m}
        scopes:
          control: {labels: {track: stable}}
          experiment: {labels: {track: canary}}
        metrics:
          - name: errors
            errors: sum(rate(r_total{code="500", ${scope}}[1m]))
            requests: sum(rate(r_total{${scope}}[1m]))
            pods: {label: pod}
          - name: latency
            buckets: sum by (le) (rate(d_total{${scope}}[1m]))
          - name: load
            query: avg(load{${scope}})
            direction: increase
        """

    /// An analysis that was withdrawn before all of it.
    private struct OneAnalysis: AnalysisRecords {
        let session: AnalysisSession

        func sessions(_ query: SessionQuery) async throws(StoreError) -> [ListedSession] { [.session(session)] }

        func noise(of keys: [NoiseKey]) async throws(StoreError) -> [StoredNoise] { [] }
    }

    @Test("The part with the bad pod fails, each other does not")
    func parts() async throws {
        let server = try await TestPrometheus(Self.samples)
        let plan = try PlanReader(judges: [SequentialJudge.name]).readInline(Self.plan).plan
        var session = AnalysisSession(
            id: "s",
            event: EngineHarness.event("1"),
            plan: plan,
            receivedAt: Self.begin + .seconds(-86_400)
        )
        _ = session.handle(.cancelled(reason: "withdrawn"), at: Self.begin + .seconds(-80_000))
        let records = OneAnalysis(session: session)
        let metrics = EngineMetrics(MetricRegistry())
        var outcomes: [[String]: SelfCheckOutcome] = [:]
        try await EngineStore.sqlite.withReplicas { store, _ in
            // The last round ends with the samples.
            for round in 0..<12 where outcomes.count < 2 {
                let end =
                    TimeGrid(step: Self.lifetime).floor(Self.begin + .seconds(Self.length * 15))
                    - Self.lifetime * round
                let drawn = try #require(PodDivision(Self.pods, share: 0.25, at: end - Self.lifetime)).experiment
                // One check with the bad pod, one without.
                guard !outcomes.keys.contains(where: { ($0 == [Self.bad]) == (drawn == [Self.bad]) }) else { continue }
                let clock = ManualClock(end + .seconds(60))
                let keeper = SelfCheckKeeper(
                    records: records,
                    source: BackgroundSource(
                        PrometheusBackEnd(PrometheusClient(baseURL: server.url, http: server.http)),
                        pause: .zero,
                        isBusy: { false },
                        isAway: { false }
                    ),
                    replicas: ReplicaRegister(
                        name: "test",
                        relays: true,
                        term: .seconds(30),
                        store: store,
                        clock: clock,
                        metrics: metrics,
                        logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                    ),
                    every: .seconds(600),
                    clock: clock,
                    metrics: metrics,
                    logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
                )
                outcomes[drawn] = try await keeper.pass().first?.outcome
            }
        }
        #expect(outcomes.count == 2)
        for (drawn, outcome) in outcomes {
            guard drawn == [Self.bad] else {
                #expect(["pass", "inconclusive"].contains(outcome.name), "\(drawn): \(outcome)")
                continue
            }
            guard case .fail(let failure) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(failure.metric == "errors" && failure.effect.map { (4...6).contains($0.estimate) } == true)
        }
        #expect(metrics.selfChecks.queries.value("failed") == 0)
        await server.http.close()
    }
}
