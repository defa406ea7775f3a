import Analysis
import PlanFormats
import Testing

@testable import Demo

@Suite("The demo's plan")
struct DemoPlanTests {
    @Test("It is a plan that the reader accepts, with the pace's times", arguments: [DemoPace.fast, .real])
    func isValid(pace: DemoPace) throws {
        let documents = try PlanReader().read(DemoPlan(pace: pace).yaml, file: "demo.yaml")
        let document = try #require(documents.first)
        let plan = document.plan
        #expect(PlanWarnings.warnings(for: document).isEmpty)
        #expect(documents.count == 1)
        #expect(plan.name == DemoPlan.name)
        #expect(plan.schedule == pace.schedule)
        #expect(plan.minimumSamples == pace.minimumSamples)
        #expect(plan.scopes.control == .labels(["track": "stable"]))
        #expect(plan.scopes.experiment == ["track": "canary"])
        #expect(plan.match.matches(ReleaseKey(application: "shop", environment: "demo")))
        #expect(plan.judge == AnalysisPlan.sequentialJudge)
        #expect(plan.metrics.map(\.name) == ["error-ratio", "latency", "request-rate"])
        #expect(plan.metrics.map(\.role) == [.critical, .guardrail, .info])
        #expect(plan.metrics.first?.noData == .hold)
        #expect(plan.metrics.allSatisfy { $0.query.contains("${scope}") })
        #expect(plan.metrics.allSatisfy { $0.query.contains("[\(pace.rateWindow.compactText)]") })
    }

    @Test("A pace is found by its name")
    func paces() {
        #expect(DemoPace(named: "fast") == .fast)
        #expect(DemoPace(named: "real") == .real)
        #expect(DemoPace(named: "slow") == nil)
        #expect(DemoPace.fast.looks == 7)
        #expect(DemoPace.real.looks == 10)
        #expect(DemoPace.fast.longestAnalysis == .seconds(64))
    }

    @Test("prometheus.yml scrapes the shop at the pace and Assay itself")
    func prometheus() {
        let yaml = PrometheusFile(scrapeInterval: .seconds(1), shopPort: 11, assayPort: 22).yaml
        #expect(yaml.contains("scrape_interval: 1s\n"))
        #expect(yaml.contains(#"targets: ["127.0.0.1:11"]"#))
        #expect(yaml.contains(#"targets: ["127.0.0.1:22"]"#))
    }
}
