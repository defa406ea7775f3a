import Analysis
import Engine
import Judging
import Prometheus
import Store
import Testing

extension SequentialEngineTests {
    private static func plan(byRoute: Bool) -> AnalysisPlan {
        var plan = plan(lifetime: .seconds(600))
        plan.metrics.removeLast()
        if byRoute {
            plan.metrics[0].breakdown = Breakdown(
                .strata,
                label: "route",
                events: "sum by (route) (e{${scope}})",
                requests: "sum by (route) (r{${scope}})"
            )
        }
        return plan
    }

    /// The canary has three times as much of the route that fails five times as often; `harm` times the errors on it.
    private static func answers(harm: Double, canary: [Double] = [14, 6]) -> ScriptedBackEnd.Answer {
        { query, window, step throws(SamplingFailure) in
            let requests = query.contains("canary") ? canary : [162, 18]
            let shares = [0.01, 0.05 * (query.contains("canary") ? harm : 1)]
            let routes = zip(requests, shares).map { requests, share in
                ScriptedBackEnd.column(window, step) { second in
                    let wobble = 1 + Double((second * 7919 % 101) - 50) / 500
                    return requests * wobble * (query.contains("e{") ? share : 1)
                }.series[0]
            }
            guard query.contains("by (route)") else {
                return BackEndAnswer(series: [zip(routes[0], routes[1]).map { $0 + $1 }])
            }
            return BackEndAnswer(series: routes, labels: [["route": "/cart"], ["route": "/pay"]])
        }
    }

    private func last(_ answers: @escaping ScriptedBackEnd.Answer, _ plan: AnalysisPlan) async throws -> Verdict {
        var last: Verdict?
        try await withDirectory { directory in
            let backEnd = ScriptedBackEnd(answers)
            let clock = ManualClock(EngineHarness.start)
            let harness = try EngineHarness(directory: directory, backEnd: backEnd, clock: clock, plan: plan)
            try await harness.receive(EngineHarness.event("1"))
            try await harness.run(for: 630)
            last = harness.topic.verdicts.last
            await harness.store.close()
        }
        return try #require(last)
    }

    @Test("Another mix of routes fails a release by its totals, and by its routes it passes")
    func mixOfRoutes() async throws {
        let pooled = try await last(Self.answers(harm: 1), Self.plan(byRoute: false))
        #expect(pooled.result == .fail, "\(pooled.reason)")
        let byRoute = try await last(Self.answers(harm: 1), Self.plan(byRoute: true))
        #expect(byRoute.result == .pass, "\(byRoute.reason)")
        #expect(byRoute.metrics[0].judgement.sequential?.strata?.count == 2)
    }

    @Test("Harm on one route is found behind a mix that hides it, and the route is named")
    func hiddenHarm() async throws {
        // Hardly any of the bad route: all together the canary fails less often.
        let answers = Self.answers(harm: 3, canary: [19.6, 0.4])
        let pooled = try await last(answers, Self.plan(byRoute: false))
        #expect(pooled.result != .fail, "\(pooled.reason)")
        let byRoute = try await last(Self.answers(harm: 3, canary: [14, 6]), Self.plan(byRoute: true))
        #expect(byRoute.result == .fail)
        #expect(byRoute.reason.contains("of it on route /pay, at 3 times the control"), "\(byRoute.reason)")
    }
}
