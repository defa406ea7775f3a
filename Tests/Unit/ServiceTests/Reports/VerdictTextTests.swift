import Judging
import Testing

@testable import Service

@Suite struct VerdictTextTests {
    private static func metric(control: [Double], experiment: [Double]) -> MetricJudgement {
        NetflixACAJudge().judge(
            [MetricPair(name: "m", groups: ["g"], control: control, experiment: experiment)],
            by: .init()
        )
        .metrics[0]
    }

    @Test("Infinite samples give numbers that a person can read") func infinite() {
        let lines = VerdictText.lines(Self.metric(control: [1, 2, 3, 4, 5], experiment: [1, 2, 3, 4, .infinity]))
        #expect(lines.contains("      experiment mean NaN ± NaN, 1 to Inf, n = 5"), "\(lines)")
        #expect(lines.contains("      control    mean 3 ± 1.5811, 1 to 5, n = 5"), "\(lines)")
        #expect(!lines.contains { $0.contains("nan") || $0.contains("inf") || $0.contains("+") }, "\(lines)")
    }

    @Test("Small numbers have four digits that count") func small() {
        let lines = VerdictText.lines(Self.metric(control: [0, 0.0005], experiment: [0, 0.0005]))
        #expect(lines.contains("      control    mean 0.00025 ± 0.0003536, 0 to 0.0005, n = 2"), "\(lines)")
    }
}
