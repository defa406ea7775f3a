import Judging
import Testing

@testable import Analysis

@Suite struct SeriesReviewTests {
    private static func plan(_ noData: NoDataPolicy = .hold, muted: Bool = false) -> AnalysisPlan {
        AnalysisPlan(
            name: "p",
            schedule: AnalysisSchedule(step: .seconds(15), interval: .seconds(60), lifetime: .seconds(900)),
            metrics: [PlannedMetric(name: "m", query: "m{${scope}}", muted: muted, noData: noData)]
        )
    }

    private func review(
        _ plan: AnalysisPlan,
        _ control: [Double],
        _ experiment: [Double]
    ) -> LookReview.Metric {
        SeriesReview(plan) { _, side in side == .control ? control : experiment }.metrics[0]
    }

    private static let full: [Double] = [1, 2, 1, 2, 1, 2, 1, 2]

    @Test(
        "A side that ends before the other is not judged, whether its last samples are marked as missing or left out",
        arguments: [[1, 2, 1, 2, 1, .nan, .nan, .nan], [1, 2, 1, 2, 1]] as [[Double]]
    )
    func ended(experiment: [Double]) {
        let metric = review(Self.plan(), Self.full, experiment)
        #expect(metric.detail == .ended([.experiment]))
        #expect(
            metric.reason
                == "m, experiment: the newest 3 of 8 samples are missing; the control has 8 (mean 1.5)"
        )
        #expect(metric.unjudged.experiment.count == 5)
        #expect(review(Self.plan(), experiment, Self.full).detail == .ended([.control]))
    }

    @Test("A gap inside, or fewer missing samples than a live look would wait for, is judged")
    func judged() {
        for experiment in [
            [1, 2, .nan, .nan, .nan, 2, 1, 2], [1, 2, 1, 2, 1, 2], [1, .nan, .nan, .nan, 1, .nan, .nan, .nan],
        ] as [[Double]] {
            #expect(review(Self.plan(), Self.full, experiment).detail == nil)
        }
    }

    @Test("What the plan says about missing samples decides, as in a live analysis")
    func policies() {
        let ended: [Double] = [1, 2, 1, 2, 1]
        let failed = review(Self.plan(.fail), Self.full, ended)
        #expect(failed.detail == nil && failed.pair.experiment.isEmpty && failed.pair.settings.mustHaveData)
        #expect(review(Self.plan(.fail), ended, Self.full).detail == .ended([.control]))
        #expect(review(Self.plan(.zero), Self.full, ended).detail == .ended([.experiment]))
        #expect(review(Self.plan(.pass), Self.full, ended).detail == .ended([.experiment]))
        #expect(review(Self.plan(muted: true), Self.full, ended).detail == nil)
        // Errors that have not happened yet: gaps are normal.
        let errors: [Double] = [1, .nan, .nan, .nan, 1, .nan, .nan, .nan]
        let counted = review(Self.plan(.zero), Self.full, errors)
        #expect(counted.detail == nil && counted.pair.experiment == [1, 0, 0, 0, 1, 0, 0, 0])
    }

    @Test("A side without any sample, and few samples, are judged as they are: a file is not waited for")
    func sparse() {
        #expect(review(Self.plan(), Self.full, []).detail == nil)
        #expect(review(Self.plan(), [1, 2], [1, 2]).detail == nil)
    }
}
