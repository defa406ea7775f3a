import Analysis
import Concurrency
import Engine
import Foundation
import Judging
import Logging
import Prometheus
import Store
import Telemetry
import Testing

/// Pods of one track with 100 requests a second each, of which about one in a hundred fails, and more of some.
struct SelfCheckPods {
    var track = "stable"
    var names = (0..<6).map { "api-\($0)" }
    /// Of the names, those that there are; nil for all.
    var part: Set<String>?
    var factor: @Sendable (String) -> Double = { _ in 1 }
    /// Of the errors of a pod in one step, beside what all have.
    var noise: @Sendable (_ pod: Int, _ step: Int64) -> Double = { _, _ in 0 }

    /// The pods that a query is about; nil where it is about all.
    static func asked(_ query: String) -> [String]? {
        guard let range = query.firstRange(of: #"pod=~""#) else { return nil }
        return query[range.upperBound...].prefix { $0 != "\"" }.split(separator: "|").map(String.init)
    }

    var answer: ScriptedBackEnd.Answer {
        { [self] query, window, step throws(SamplingFailure) in
            guard query.contains(#"track="\#(track)""#) else { return BackEndAnswer(series: []) }
            let asked = Self.asked(query)
            let pods = names.filter { asked?.contains($0) ?? true && part?.contains($0) ?? true }
            func values(_ pod: String) -> [Double] {
                ScriptedBackEnd.column(window, step) { second in
                    let seed = (second / 5) &* 7919 &+ Int64(names.firstIndex(of: pod) ?? 0) &* 104_729
                    let wobble = Double(abs(seed) % 101 - 50) / 50
                    if query.contains("r{") { return 100 * (1 + 0.1 * wobble) }
                    if query.contains("e{") {
                        let noise = noise(names.firstIndex(of: pod) ?? 0, second / 5)
                        return factor(pod) * max(0, 1 + 0.5 * wobble + noise)
                    }
                    return 40 + wobble
                }.series[0]
            }
            let columns = pods.map(values)
            if query.contains("by (pod)") {
                return BackEndAnswer(series: columns, labels: pods.map { ["pod": $0] })
            }
            guard let first = columns.first else { return BackEndAnswer(series: []) }
            let sums = first.indices.map { step in columns.reduce(0) { $0 + $1[step] } }
            let isAverage = query.contains("avg(")
            return BackEndAnswer(series: [isAverage ? sums.map { $0 / Double(columns.count) } : sums])
        }
    }
}

/// A release that was judged so long ago that its version is stable, and what checks it.
struct SelfCheckWorld {
    let harness: EngineHarness
    let backEnd: ScriptedBackEnd
    let log: CollectedLog
    private let file: URL
    private let clock: ManualClock

    /// Errors by pod and a gauge.
    static func plan(byPod: Bool = true, policy: SequentialPolicy = SequentialPolicy()) -> AnalysisPlan {
        let breakdown = Breakdown(
            .pods(PodRule()),
            label: "pod",
            events: "sum by (pod) (e{${scope}})",
            requests: "sum by (pod) (r{${scope}})"
        )
        return AnalysisPlan(
            name: "shop",
            scopes: PlanScopes(control: .labels(["track": "stable"]), experiment: ["track": "canary"]),
            judge: SequentialJudge.name,
            schedule: AnalysisSchedule(
                step: .seconds(5),
                interval: .seconds(20),
                lifetime: .seconds(300),
                delay: .seconds(2),
                deadline: .seconds(120)
            ),
            sequential: policy,
            metrics: [
                PlannedMetric(
                    name: "errors",
                    kind: .errors,
                    query: "sum(e{${scope}}) / sum(r{${scope}})",
                    input: .counts(
                        events: CountQuery(query: "sum(e{${scope}})"),
                        requests: CountQuery(query: "sum(r{${scope}})")
                    ),
                    breakdown: byPod ? breakdown : nil,
                    direction: .increase
                ),
                PlannedMetric(name: "load", query: "avg(load{${scope}})", direction: .increase),
            ]
        )
    }

    /// The release was judged by pods that are all alike.
    static func open(
        _ clock: ManualClock,
        _ plan: AnalysisPlan = plan(),
        weight: Double? = nil,
        _ body: (SelfCheckWorld) async throws -> Void
    ) async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd { query, window, step throws(SamplingFailure) in
                let track = query.contains("canary") ? "canary" : "stable"
                return try SelfCheckPods(track: track).answer(query, window, step)
            }
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1", weight: weight))
            try await harness.run(for: 320)
            try #require(harness.topic.verdicts.last?.kind == .final)
            clock.advance(by: .seconds(4_000))
            let file = directory.appending(path: "store.db")
            try await body(
                SelfCheckWorld(harness: harness, backEnd: backEnd, log: CollectedLog(), file: file, clock: clock)
            )
            await harness.store.close()
        }
    }

    /// A process that checks; a second one is a restart, or another replica.
    func keeper(
        _ name: String = "test",
        records: (any AnalysisRecords)? = nil,
        pause: Duration = .zero,
        isBusy: @escaping @Sendable () -> Bool = { false },
        isAway: @escaping @Sendable () -> Bool = { false }
    ) async -> SelfCheckKeeper {
        let replicas = ReplicaRegister(
            name: name,
            relays: true,
            term: .seconds(30),
            store: harness.store,
            clock: clock,
            metrics: harness.metrics,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        await replicas.checkIn()
        return SelfCheckKeeper(
            records: records ?? harness.store,
            source: BackgroundSource(backEnd, pause: pause, isBusy: isBusy, isAway: isAway),
            replicas: replicas,
            every: .seconds(600),
            clock: clock,
            metrics: harness.metrics,
            logger: log.logger
        )
    }

    /// What one pass of a new process comes to.
    var outcomes: [SelfCheckOutcome] { get async throws { try await keeper().pass().map(\.outcome) } }

    /// Everything that is stored, byte for byte.
    var stored: [Data] {
        get throws { try ["", "-wal"].map { try Data(contentsOf: URL(filePath: file.path + $0)) } }
    }

    func count(_ outcome: String) -> Double { harness.metrics.selfChecks.checks.value(outcome) }

    /// The pods that stand for a new version in the check that is due now.
    func drawn(_ pods: SelfCheckPods) async throws -> Set<String> {
        let before = backEnd.questions.count
        backEnd.replace(pods.answer)
        _ = try await outcomes
        let asked = backEnd.questions.dropFirst(before).compactMap { SelfCheckPods.asked($0.query) }
        return Set(try #require(asked.min { $0.count < $1.count }))
    }
}
