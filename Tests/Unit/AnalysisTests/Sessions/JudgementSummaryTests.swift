import Analysis
import Judging
import Testing

@Suite struct JudgementSummaryTests {
    private func metric(
        _ name: String,
        _ classification: MetricClassification,
        critical: Bool = false,
        reason: String? = nil,
        mean: Double = 2
    ) -> MetricJudgement {
        func side(_ mean: Double) -> SampleStatistics {
            SampleStatistics(count: 5, mean: mean, standardDeviation: 0, minimum: mean, maximum: mean)
        }
        return MetricJudgement(
            name: name,
            groups: [],
            classification: classification,
            reason: reason.map { MetricReason($0) },
            criticalFailure: critical,
            control: side(1),
            experiment: side(mean)
        )
    }

    private func summary(_ result: JudgementResult, reason: String = "", _ metrics: MetricJudgement...) -> String {
        Judgement(judge: "j", result: result, score: 50, reason: reason, groups: [], metrics: metrics)
            .summary(Thresholds(pass: 95, marginal: 75))
    }

    @Test func aPassSaysItsScore() {
        #expect(summary(.pass, metric("m", .pass)) == "score 50 (pass 95, marginal 75)")
    }

    @Test func criticalMetricsComeFirstWithTheirNumbers() {
        let text = summary(.fail, metric("a", .high), metric("b", .low, critical: true, mean: 0.01234567))
        #expect(
            text == "b Low (critical): mean 0.01235 against 1 (5 and 5 samples);"
                + " a High: mean 2 against 1 (5 and 5 samples); score 50 (pass 95, marginal 75)"
        )
    }

    @Test func manyAreCounted() {
        let text = summary(.fail, metric("a", .high), metric("b", .high), metric("c", .high), metric("d", .high))
        #expect(text.contains("; and 1 more; score"))
    }

    @Test func withoutFailingMetricsTheJudgesReasonStands() {
        #expect(
            summary(.fail, reason: "50% or more metrics returned NODATA", metric("m", .nodata))
                == "50% or more metrics returned NODATA; score 50 (pass 95, marginal 75)"
        )
    }
}
