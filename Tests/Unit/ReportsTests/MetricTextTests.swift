import Analysis
import Judging
import Testing

@testable import Reports

@Suite struct MetricTextTests {
    private static func metric(control: [Double], experiment: [Double], query: String? = nil) -> MetricText {
        let judgement = NetflixACAJudge().judge(
            [MetricPair(name: "m", groups: ["g"], control: control, experiment: experiment)],
            by: .init()
        )
        .metrics[0]
        return MetricText(
            MetricVerdict(judgement: judgement, controlQuery: query, experimentQuery: query, held: nil, warnings: [])
        )
    }

    @Test("Infinite samples give numbers that a person can read") func infinite() {
        let lines = Self.metric(control: [1, 2, 3, 4, 5], experiment: [1, 2, 3, 4, .infinity]).lines
        #expect(lines.contains("      experiment mean NaN ± NaN, 1 to Inf, n = 5"), "\(lines)")
        #expect(lines.contains("      control    mean 3 ± 1.5811, 1 to 5, n = 5"), "\(lines)")
        #expect(!lines.contains { $0.contains("nan") || $0.contains("inf") || $0.contains("+") }, "\(lines)")
    }

    @Test("Small numbers have four digits that count") func small() {
        let lines = Self.metric(control: [0, 0.0005], experiment: [0, 0.0005]).lines
        #expect(lines.contains("      control    mean 0.00025 ± 0.0003536, 0 to 0.0005, n = 2"), "\(lines)")
    }

    @Test("Samples have the unit that the query tells, and shares differ by percentage points") func units() {
        let (control, experiment) = ([0.01, 0.02, 0.01, 0.02, 0.01], [0.05, 0.06, 0.05, 0.06, 0.05])
        let latency = Self.metric(
            control: control,
            experiment: experiment,
            query: "sum(rate(d_seconds_sum[1m])) / sum(rate(d_seconds_count[1m]))"
        ).lines
        #expect(latency.contains("      control    mean 14.0 ms ± 5.5 ms, 10.0 ms to 20.0 ms, n = 5"), "\(latency)")
        #expect(latency.contains { $0.hasPrefix("      shift 40.0 ms (") }, "\(latency)")
        let errors = Self.metric(
            control: control,
            experiment: experiment,
            query: "sum(rate(r_total{code=~\"5..\"}[1m])) / sum(rate(r_total[1m]))"
        ).lines
        #expect(
            errors.contains { $0.hasPrefix("      control    mean 1.40 % ± 0.5477 percentage points") },
            "\(errors)"
        )
    }
}
