import Analysis
import Benchmark
import Foundation
import Harness
import Judging
import Measuring
import StoredFormats
import Subjects

/// What a turn of a session pays for its state: it is read from the store as JSON and written back as JSON.
enum StateBenchmarks {
    private static let metrics = 10

    static func register() {
        for (name, looks) in [("state-begun", 1), ("state-finished", 3)] {
            Benchmark.race(name, between: ["assay"]) {
                let session = session(looks: looks)
                try check((session.phase == .finished) == (looks == 3), "the session is \(session.phase)")
                let data = try SessionForm.write(session)
                try check(
                    try SessionForm.read(data) == session,
                    "the session is not the same"
                )
                Results.record(name, "bytes", data.count)
                return [
                    .here("assay") {
                        keep(try SessionForm.read(try SessionForm.write(session)))
                    }
                ]
            }
        }
    }

    /// A session of three looks, woken for the first of them.
    private static func session(looks: Int) -> AnalysisSession {
        let start = Timestamp(milliseconds: 1_772_359_200_000)
        var session = AnalysisSession(id: "benchmark", event: event, plan: plan, receivedAt: start)
        var numbers = RandomNumbers(seed: 3)
        for _ in 0..<looks {
            guard let now = session.wakeAt else { break }
            var actions = session.handle(.woken, at: now)[...]
            while let action = actions.popFirst() {
                switch action {
                case .sample(let look):
                    let samples = samples(look, &numbers)
                    actions += session.handle(.sampled(samples), at: now)
                case .judge(let review, let rules):
                    let judgement = NetflixACAJudge().judge(review.judgeable, by: rules)
                    actions += session.handle(.judged(judgement, review), at: now)
                case .publish: break
                }
            }
        }
        return session
    }

    private static func samples(_ look: Look, _ numbers: inout RandomNumbers) -> LookSamples {
        let count = look.window.sampleCount(step: plan.schedule.step)
        let metrics = plan.metrics.map { metric in
            let control = numbers.normals(count, mean: 100, deviation: 10)
            let experiment = numbers.normals(count, mean: 100, deviation: 10)
            return MetricSamples(
                control: SideSamples(query: metric.query, values: control),
                experiment: SideSamples(query: metric.query, values: experiment)
            )
        }
        return LookSamples(look: look, metrics: metrics)
    }

    private static let event = DeployEvent(
        identity: EventIdentity(source: "/pipelines/checkout", id: "build-4711/canary-20"),
        application: "checkout",
        environment: "production",
        namespace: "shop",
        version: "2.4.0",
        revision: "6d5f8c9b7c",
        workload: "checkout",
        control: .labels(["track": "stable"]),
        experiment: ["track": "canary", "version": "2.4.0"],
        weight: 20,
        planName: "web-service"
    )

    private static let plan = AnalysisPlan(
        name: "web-service",
        schedule: AnalysisSchedule(warmup: .seconds(120), interval: .seconds(1200), lifetime: .seconds(3600)),
        groupWeights: ["errors": 60, "latency": 40],
        failFast: .never,
        metrics: (0..<metrics).map { index in
            PlannedMetric(
                name: "metric-\(index)",
                query: """
                    sum(rate(http_requests_total{${scope},route="/\(index)",code=~"5.."}[1m])) \
                    / sum(rate(http_requests_total{${scope},route="/\(index)"}[1m]))
                    """,
                groups: [index.isMultiple(of: 2) ? "errors" : "latency"],
                direction: .increase,
                effect: PlannedEffect(allowedIncrease: 1.1, criticalIncrease: 1.5)
            )
        }
    )
}
