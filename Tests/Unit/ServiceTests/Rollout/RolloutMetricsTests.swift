import Analysis
import EventFormats
import Rollout
import Telemetry
import Testing

@testable import Service

@Suite struct RolloutMetricsTests {
    @Test func showsWhatTheControllerDoes() {
        let registry = MetricRegistry()
        let observer = RolloutMetrics(RolloutStatistics(), in: registry).observer
        observer(.published(.abort, .failed))
        observer(.answered(.seconds(3)))
        // A clock that is behind.
        observer(.answered(.seconds(-1)))
        observer(.backlog(2))
        let lines = registry.render().split(separator: "\n")
        #expect(lines.contains(#"assay_rollout_actions_total{action="abort",outcome="failed"} 1"#))
        #expect(lines.contains(#"assay_rollout_actions_total{action="promote",outcome="failed"} 0"#))
        #expect(lines.contains("assay_rollout_delay_seconds_count 2"))
        #expect(lines.contains("assay_rollout_delay_seconds_sum 3"))
        #expect(lines.contains(#"assay_rollout_delay_seconds_bucket{le="0.1"} 1"#))
        #expect(lines.contains("assay_rollout_backlog 2"))
    }
}
