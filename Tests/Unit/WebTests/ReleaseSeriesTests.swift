import Foundation
import Hummingbird
import HummingbirdTesting
import Judging
import Store
import Testing

@testable import Analysis
@testable import Web

/// What Prometheus gets to see of releases.
@Suite struct ReleaseSeriesTests {
    private static let start = Timestamp(milliseconds: 1_796_000_000_000)

    private static func session(
        _ number: Int,
        application: String = "shop",
        version: String = "2.0",
        result: JudgementResult? = .pass,
        metrics: [String] = ["errors"]
    ) -> AnalysisSession {
        var (session, _) = AnalysisSession.rejected(
            id: "s-\(number)",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "\(number)"),
                application: application,
                environment: "production",
                namespace: "eu",
                version: version
            ),
            ending: .noPlan("none matches"),
            receivedAt: start + .seconds(number),
            at: start + .seconds(number)
        )
        if let result {
            session.finalVerdict?.status = .completed
            session.finalVerdict?.result = result
        } else {
            session.finalVerdict = nil
        }
        session.finalVerdict?.metrics = metrics.map(metric)
        return session
    }

    private static func metric(_ name: String) -> MetricVerdict {
        let evidence = SequentialEvidence(
            comparison: .counts,
            effect: RatioEstimate(estimate: 1.5, lower: 1.1, upper: 2.25, confidence: 0.95),
            margin: 1.02,
            harmEvidence: 6,
            harmThreshold: 3,
            safetyEvidence: -1,
            safetyThreshold: 4,
            noise: NoiseEvidence(source: .measured, dispersion: 1),
            units: 1
        )
        return MetricVerdict(
            judgement: MetricJudgement(
                name: name,
                groups: ["g"],
                classification: .high,
                reason: nil,
                control: .empty,
                experiment: .empty,
                evidence: .sequential(evidence)
            ),
            controlQuery: nil,
            experimentQuery: nil,
            held: nil,
            warnings: []
        )
    }

    private func lines(_ releases: [[AnalysisSession]], isWithdrawn: Bool = false) -> [String] {
        var series = ReleaseSeries()
        for sessions in releases {
            series.add(
                ReleaseGate(
                    of: sessions[0].event.version,
                    among: sessions,
                    interim: nil,
                    isAnnounced: false,
                    isWithdrawn: isWithdrawn,
                    terms: .default,
                    at: Self.start + .seconds(60)
                )
            )
        }
        return series.text().split(separator: "\n").map(String.init).filter { !$0.hasPrefix("#") }
    }

    private static let labels = #"application="shop",environment="production",cluster="",namespace="eu",version="2.0""#

    @Test func theNewestAnalysisOfEachReleaseIsShown() {
        let found = lines([
            [Self.session(3), Self.session(2, version: "1.0", result: .fail)],
            [Self.session(1, application: "till", result: nil)],
        ])
        #expect(found.contains("assay_release_result{\(Self.labels),result=\"pass\"} 1"))
        #expect(found.contains { $0.contains(#"application="till""#) && $0.hasSuffix(#"result="running"} 1"#) })
        #expect(!found.contains { $0.contains("1.0") })
        for (bound, value) in [("lower", "1.1"), ("estimate", "1.5"), ("upper", "2.25")] {
            let line = "assay_release_metric_ratio{\(Self.labels),metric=\"errors\",bound=\"\(bound)\"} \(value)"
            #expect(found.contains(line))
        }
        #expect(found.contains("assay_release_metric_evidence{\(Self.labels),metric=\"errors\",of=\"harm\"} 2"))
        #expect(found.contains("assay_release_metric_evidence{\(Self.labels),metric=\"errors\",of=\"safety\"} 0"))
        #expect(found.contains("assay_release_metrics_left_out 0"))
    }

    @Test("A plan of many metrics is told of in part, and its names are escaped")
    func bounds() {
        let names = (0..<2100).map { "m\"\\\n\($0)" }
        let found = lines([[Self.session(1, metrics: names)], [Self.session(0, application: "other")]])
        #expect(found.count { $0.hasPrefix("assay_release_metric_ratio") } == ReleaseSeries.maximumMetrics * 3)
        #expect(found.contains("assay_release_metrics_left_out 101"))
        #expect(found.contains { $0.contains(#"metric="m\"\\\n7","# + #"bound="upper"} 2.25"#) })
        #expect(found.count { $0.hasPrefix("assay_release_result") } == 2)
    }

    @Test func whatAGateDoesNotCountIsNoResult() {
        let found = lines([[Self.session(3)]], isWithdrawn: true)
        #expect(found.contains("assay_release_result{\(Self.labels),result=\"none\"} 1"))
        #expect(!found.contains { $0.hasPrefix("assay_release_metric_") })
    }

    @Test("They are read with the token for reading, and never without one")
    func roles() async throws {
        let access = WebAccess(tokens: { ["write"] }, readTokens: { ["read"] }, publicReads: .summary)
        try await TestWebServer(access: access).run { client, store in
            var change = StoreChange()
            change.opened = [Self.session(1)]
            try await store.commit(change)
            for (token, status) in [(nil, 401), ("read", 200), ("wrong", 401)] as [(String?, Int)] {
                var headers: HTTPFields = [:]
                headers[.authorization] = token.map { "Bearer \($0)" }
                try await client.execute(uri: "/v1/releases/metrics", method: .get, headers: headers) { response in
                    #expect(Int(response.status.code) == status)
                    let text = String(buffer: response.body)
                    #expect(text.contains("assay_release_result{") == (status == 200))
                }
            }
            let open = try await client.execute(uri: "/metrics", method: .get) { String(buffer: $0.body) }
            #expect(!open.contains("assay_release_"))
        }
    }
}
