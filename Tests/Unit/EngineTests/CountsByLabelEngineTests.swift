import Analysis
import Engine
import HTTPTestServer
import HTTPTransport
import Judging
import PlanFormats
import Prometheus
import Store
import Testing

@Suite("Counts that are asked for by a label")
struct CountsByLabelEngineTests {
    private let clock = ManualClock(EngineHarness.start)

    private static func plan(byPod: Bool) -> AnalysisPlan {
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
                lifetime: .seconds(200),
                delay: .seconds(2),
                deadline: .seconds(120)
            ),
            metrics: [
                PlannedMetric(
                    name: "errors",
                    kind: .errors,
                    query: "e{${scope}} / r{${scope}}",
                    input: .counts(
                        events: CountQuery(query: "e{${scope}}"),
                        requests: CountQuery(query: "r{${scope}}")
                    ),
                    breakdown: byPod ? breakdown : nil
                )
            ]
        )
    }

    /// Whole numbers a second, so that sums do not depend on their order. One pod of the canary comes later, one goes; one has
    /// no series of errors.
    private static let answers: ScriptedBackEnd.Answer = { query, window, step throws(SamplingFailure) in
        let isCanary = query.contains("canary")
        let start = EngineHarness.start.milliseconds / 1000
        func rate(_ pod: Int, _ second: Int64) -> Double {
            if isCanary, pod == 1, second < start + 60 { return .nan }
            if isCanary, pod == 2, second > start + 120 { return .nan }
            if query.contains("r{") { return Double(100 + (second * 31 + Int64(pod) * 7) % 13) }
            if pod == 3 { return .nan }
            return Double((second * 17 + Int64(pod) * 5) % 3)
        }
        let pods = (0..<4).map { pod in ScriptedBackEnd.column(window, step) { rate(pod, $0) }.series[0] }
        guard query.contains("by (pod)") else {
            let sums = pods[0].indices.map { step in
                let present = pods.map { $0[step] }.filter { !$0.isNaN }
                return present.isEmpty ? .nan : present.reduce(0, +)
            }
            return BackEndAnswer(series: [sums])
        }
        return BackEndAnswer(series: pods, labels: (0..<4).map { ["pod": "api-\($0)"] })
    }

    @Test("The verdict rests on the same totals as without the label")
    func sameTotals() async throws {
        var evidence: [[Int: SequentialEvidence]] = []
        for byPod in [false, true] {
            try await withDirectory { directory in
                let clock = ManualClock(EngineHarness.start)
                let backEnd = ScriptedBackEnd(Self.answers)
                let plan = Self.plan(byPod: byPod)
                let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
                try await harness.receive(EngineHarness.event("1"))
                try await harness.run(for: 210)
                let looks = harness.topic.verdicts.compactMap { verdict in
                    verdict.metrics.first?.judgement.sequential.map { (verdict.look, $0) }
                }
                evidence.append(Dictionary(looks) { _, latest in latest })
                let asked = Set(backEnd.questions.map { $0.query.contains("by (pod)") })
                #expect(asked == [byPod])
                await harness.store.close()
            }
        }
        // Pods need more evidence, and so more looks.
        #expect(evidence[1].count >= evidence[0].count && evidence[0].count >= 2)
        for (look, whole) in evidence[0] {
            let byPod = evidence[1][look]
            #expect(byPod?.control == whole.control && byPod?.experiment == whole.experiment)
            #expect(byPod?.units == whole.units && byPod?.effect?.estimate == whole.effect?.estimate)
        }
    }

    @Test("One bad pod is named, and held where the plan says so")
    func oneBadPod() async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd { query, window, step throws(SamplingFailure) in
                let pods = (0..<5).map { pod in
                    ScriptedBackEnd.column(window, step) { second in
                        if query.contains("r{") { return 200 }
                        let isBad = pod == 2 && query.contains("canary")
                        return Double((second / 5 * 7 + Int64(pod) * 3) % 5) * (isBad ? 10 : 1)
                    }.series[0]
                }
                return BackEndAnswer(series: pods, labels: (0..<5).map { ["pod": "api-\($0)"] })
            }
            var plan = Self.plan(byPod: true)
            plan.metrics[0].breakdown?.purpose = .pods(PodRule(onePod: .hold))
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 210)
            let verdict = try #require(harness.topic.verdicts.last)
            #expect(verdict.kind == .final && verdict.result == .inconclusive, "\(verdict.reason)")
            let pods = try #require(verdict.metrics[0].judgement.sequential?.pods)
            #expect(pods.outliers.map(\.pod) == ["api-2"] && pods.treatment == .held)
            #expect(pods.control == 5 && pods.experiment == 5 && !pods.isAssumed)
            #expect(verdict.reason.contains("1 of 5 pods, api-2: 10 times the control"), "\(verdict.reason)")
            await harness.store.close()
        }
    }

    @Test("Where pods are too many to be told apart, the totals decide", arguments: [true, false])
    func tooMany(onlyBefore: Bool) async throws {
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd { query, window, step throws(SamplingFailure) in
                let isBefore = window.end <= EngineHarness.start
                if query.contains("by (pod)"), query.contains("r{"), isBefore || !onlyBefore {
                    throw SamplingFailure(kind: .tooLarge, message: "too much")
                }
                return try Self.answers(query, window, step)
            }
            let plan = Self.plan(byPod: true)
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 210)
            let verdict = try #require(harness.topic.verdicts.last)
            #expect(verdict.status == .completed, "\(verdict.reason)")
            let evidence = try #require(verdict.metrics[0].judgement.sequential)
            #expect(evidence.noise.source == .learned && (evidence.experiment?.requests ?? 0) > 10_000)
            #expect(evidence.pods?.control == (onlyBefore ? 4 : 0))
            #expect(evidence.limits.contains { $0.hasPrefix("no pods are told apart") } == !onlyBefore)
            await harness.store.close()
        }
    }

    // MARK: - Prometheus itself

    private static let begin: Int64 = 1_700_000_100

    /// Counters of three pods by code. The third has no errors, the second begins late.
    private static var samples: [String] {
        var lines = ["# TYPE a counter"]
        for (pod, rates) in [("x", [7, 2]), ("y", [11, 3]), ("z", [5])] {
            for (code, rate) in zip(["200", "500"], rates) {
                for index in (pod == "y" ? 20 : 0)..<40 {
                    let labels = "pod=\"\(pod)\",code=\"\(code)\",track=\"canary\""
                    lines.append("a_total{\(labels)} \(rate * index * index) \(begin + Int64(index) * 15)")
                }
            }
        }
        return lines
    }

    private static let good = "(sum(rate(a_total{code=\"200\", ${scope}}[1m])) or vector(0))"
    private static let bad = "(sum(rate(a_total{code=\"500\", ${scope}}[1m])) or vector(0))"
    private static let gone = "(sum(rate(a_total{code=\"404\", ${scope}}[1m])) or vector(0))"
    private static let all = "sum(rate(a_total{${scope}}[1m]))"

    @Test(
        "Prometheus gives the same sums, at each step",
        .timeLimit(.minutes(5)),
        .enabled(if: TestPrometheus.isPossible, "needs the Debian package prometheus")
    )
    func sums() async throws {
        let server = try await TestPrometheus(Self.samples)
        let backEnd = PrometheusBackEnd(PrometheusClient(baseURL: server.url, http: server.http))
        let counts = [
            Self.bad, "sum(rate(a_total{code=\"500\", ${scope}}[1m]))", "\(Self.good) + \(Self.bad)",
            "\(Self.all) - \(Self.good)", "\(Self.gone) + \(Self.bad) + \(Self.gone)", Self.gone,
            "sum(sum by (code) (rate(a_total{code=\"500\", ${scope}}[1m]))) > 0", "2 * \(Self.bad) / 2",
            "sum(rate(a_total{code=\"404\", ${scope}}[1m]))",
        ]
        for errors in counts {
            let metric = try Self.metric(errors)
            guard case .counts(let events, let requests) = metric.input, let breakdown = metric.breakdown else {
                Issue.record("\(errors) makes no counts")
                continue
            }
            for (whole, parts) in [(events.query, breakdown.events), (requests.query, breakdown.requests)] {
                let one = try await Self.answer(whole, backEnd)
                let several = try await Self.answer(parts, backEnd)
                let column = CountColumn(
                    events: [],
                    requests: several.series.indices.map {
                        (name: several.labels[$0]["pod"] ?? "", values: several.series[$0])
                    },
                    count: 40
                )
                let expected = one.series.first ?? Array(repeating: .nan, count: 40)
                for (left, right) in zip(expected, column.requests) {
                    #expect(left.isNaN == right.isNaN && (left.isNaN || abs(left - right) < 1e-9), "\(whole): \(parts)")
                }
                if errors == counts[3] { #expect(column.groups.map(\.name) == ["x", "y", "z"]) }
                #expect(!column.isCut)
            }
        }
        await server.http.close()
    }

    private static func metric(_ errors: String) throws -> PlannedMetric {
        let text = """
            name: p
            schedule: {step: 15s, interval: 1m, lifetime: 60m}
            scopes:
              control: {labels: {track: stable}}
              experiment: {labels: {track: canary}}
            metrics:
              - name: m
                errors: '\(errors)'
                requests: '\(all)'
                pods: {label: pod}
            """
        return try PlanReader(judges: [SequentialJudge.name]).readInline(text).plan.metrics[0]
    }

    private static func answer(_ query: String, _ backEnd: PrometheusBackEnd) async throws -> BackEndAnswer {
        let variables = QueryVariables(
            scope: [("track", "canary")],
            values: [:],
            step: "15s",
            interval: "1m",
            window: "1m"
        )
        let text = try QueryTemplate(parsing: query).expand(variables)
        let start = Timestamp(milliseconds: begin * 1000 - 15_000)
        let window = TimeWindow(start: start, end: start + .seconds(600))
        return try await backEnd.series(of: text, in: window, step: .seconds(15))
    }
}
