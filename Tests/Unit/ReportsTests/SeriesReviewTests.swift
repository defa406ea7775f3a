import Analysis
import Judging
import Reports
import Testing

/// Series from a file pass only where a release with the same samples would.
@Suite struct SeriesReviewTests {
    private static func result(
        _ control: [Double],
        _ experiment: [Double],
        noData: NoDataPolicy = .hold,
        missing: NaNStrategy = .remove,
        judge: any Judge = ConditionsJudge()
    ) throws -> (result: JudgementResult, report: JudgeReport) {
        let metric = PlannedMetric(
            name: "m",
            query: "sum(x{${scope}})",
            noData: noData,
            nanStrategy: missing,
            condition: judge is ConditionsJudge ? try Condition(parsing: "canary <= 1.2 * control") : nil
        )
        let schedule = AnalysisSchedule(step: .seconds(1), interval: .seconds(5), lifetime: .seconds(10))
        let plan = AnalysisPlan(name: "p", schedule: schedule, metrics: [metric])
        let review = SeriesReview(plan) { _, side in side == .control ? control : experiment }
        let report = JudgeReport(
            judging: review.pairs,
            by: judge,
            plan.scoringRules,
            ended: review.ended,
            gaps: review.warnings
        )
        return (report.judgement.result, report)
    }

    private static let full = Array(repeating: 1.0, count: 10)
    private static let cut = Array(repeating: 1.0, count: 6) + Array(repeating: Double.nan, count: 4)
    private static let short = Array(repeating: 1.0, count: 6)

    @Test("A side that ends before the window does never passes")
    func ended() throws {
        let judges: [any Judge] = [ConditionsJudge(), NetflixACAJudge()]
        for judge in judges {
            for (control, experiment) in [
                (Self.full, Self.cut), (Self.full, Self.short), (Self.cut, Self.full), (Self.cut, Self.cut),
            ] {
                let (result, report) = try Self.result(control, experiment, judge: judge)
                #expect(result == .inconclusive)
                #expect(report.judgement.reason.contains("the newest 4 of 10 samples are missing"))
            }
            #expect(try Self.result(Self.full, Self.full, judge: judge).result == .pass)
        }
        #expect(try Self.result(Self.full, [1, 1]).report.judgement.reason.contains("2 of 5 samples needed"))
        #expect(try Self.result([1, 1], [1, 1]).result == .pass)
        #expect(try Self.result(Self.full, [], missing: .replace, judge: NetflixACAJudge()).result == .inconclusive)
        #expect(try Self.result(Self.full, Self.cut, noData: .fail).result == .fail)
        #expect(try Self.result(Self.full, Self.cut, noData: .zero).result == .inconclusive)
        #expect(try Self.result(Self.full, Self.short.map { $0 * 9 }).result == .fail)
    }

    @Test("A side without a sample makes no pass of the other metrics", arguments: [NoDataPolicy.hold, .pass])
    func absent(noData: NoDataPolicy) throws {
        let metrics = ["a", "b", "c"].map { PlannedMetric(name: $0, query: "sum(x{${scope}})", noData: noData) }
        let schedule = AnalysisSchedule(step: .seconds(1), interval: .seconds(5), lifetime: .seconds(10))
        let plan = AnalysisPlan(name: "p", schedule: schedule, metrics: metrics)
        let review = SeriesReview(plan) { metric, side in metric.name == "b" && side == .experiment ? [] : Self.full }
        let report = JudgeReport(
            judging: review.pairs,
            by: NetflixACAJudge(),
            plan.scoringRules,
            ended: review.ended,
            gaps: review.warnings
        )
        #expect(report.judgement.result == (noData == .hold ? .inconclusive : .pass))
    }

    @Test("Samples that are missing within are told")
    func gaps() throws {
        let (result, report) = try Self.result(Self.full, [1, 1, .nan, .nan, .nan, 1, 1, 1, 1, 1])
        #expect(result == .pass)
        #expect(report.metrics.map(\.warnings) == [["experiment: 3 of 10 samples are missing"]])
    }
}
