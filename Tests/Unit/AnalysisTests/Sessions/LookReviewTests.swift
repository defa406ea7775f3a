import Analysis
import Judging
import Testing

/// Which samples may decide: one look of ten seconds, drawn as `x` for a sample and `_` for a missing one.
@Suite struct LookReviewTests {
    struct Drawn: Sendable {
        var name = "latency"
        var control: String
        var experiment: String
        var noData = NoDataPolicy.hold
        var muted = false
        var isSignal = false
        var condition: String?
    }

    private static let start = Timestamp(milliseconds: 1_772_359_200_000)

    static func review(_ drawn: [Drawn], isLast: Bool = true, step: Duration = .seconds(1)) throws -> LookReview {
        let metrics = try drawn.map { metric in
            PlannedMetric(
                name: metric.name,
                query: "m{${scope}}",
                muted: metric.muted,
                isSignal: metric.isSignal,
                noData: metric.noData,
                condition: try metric.condition.map { try Condition(parsing: $0) }
            )
        }
        let plan = AnalysisPlan(
            name: "p",
            judge: drawn.contains { $0.condition != nil } ? "conditions" : NetflixACAJudge.name,
            schedule: AnalysisSchedule(step: step, interval: step * 10, lifetime: step * 20),
            metrics: metrics
        )
        func side(_ picture: String, _ track: String, scale: Double) -> SideSamples {
            var values: [Double] = []
            for (index, character) in picture.enumerated() {
                values.append(character == "_" ? .nan : scale + Double(index % 3))
            }
            var samples = SideSamples(query: "q", values: values)
            samples.labels = ["track": track]
            return samples
        }
        let samples = drawn.map { metric in
            MetricSamples(
                control: side(metric.control, "stable", scale: 99),
                experiment: side(metric.experiment, "canary", scale: 199)
            )
        }
        let end = start + step * 10
        let look = Look(
            number: isLast ? 2 : 1,
            window: TimeWindow(start: start, end: end),
            due: end,
            isLast: isLast
        )
        return LookReview(LookSamples(look: look, metrics: samples), plan: plan)
    }

    static let full = "xxxxxxxxxx"
    static let dies = "xxxxxx____"

    @Test(arguments: NoDataPolicy.allCases, [false, true])
    func aSideWhoseNewestSamplesAreMissingNeverPasses(policy: NoDataPolicy, isLast: Bool) throws {
        for (control, experiment) in [(Self.full, Self.dies), (Self.dies, Self.full), (Self.dies, "xxxxx_____")] {
            let review = try Self.review(
                [Drawn(control: control, experiment: experiment, noData: policy)],
                isLast: isLast
            )
            let isOne = control == Self.full || experiment == Self.full
            if policy == .fail, isLast, control == Self.full {
                // What the plan asks for: the release's own samples are missing.
                let judgement = NetflixACAJudge().judge(review.judgeable, by: ScoringRules())
                #expect(judgement.metrics.map(\.classification) == [.nodataFailMetric])
            } else {
                #expect(review.hold?.cause == (isOne ? .tooFewSamples : .noData), "\(control) \(experiment)")
            }
        }
    }

    @Test func theSentenceSaysWhichSideAndWhatTheOtherHas() throws {
        let dies = try Self.review([Drawn(control: Self.full, experiment: Self.dies)])
        #expect(
            dies.hold?.reason
                == #"latency, experiment: the newest 4 of 10 samples are missing for track="canary"; the control has 10 (mean 99.9); the experiment has stopped reporting altogether"#
        )
        let one = try Self.review([
            Drawn(control: Self.full, experiment: Self.dies),
            Drawn(name: "up", control: Self.full, experiment: Self.full),
        ])
        #expect(one.hold?.reason.hasSuffix("; other metrics of the experiment go on") == true)
        let both = try Self.review([Drawn(control: Self.dies, experiment: Self.dies)])
        #expect(
            both.hold?.reason
                == "latency, control: the newest 4 of 10 samples are missing; experiment: the newest 4 of 10 samples are"
                + #" missing for control track="stable", experiment track="canary""#
        )
        let none = try Self.review([Drawn(control: Self.full, experiment: "__________")])
        #expect(
            none.hold?.reason == #"latency, experiment: no samples for track="canary"; the control has 10 (mean 99.9)"#
        )
        let neither = try Self.review([Drawn(control: "__________", experiment: "__________")])
        #expect(
            neither.hold?.reason
                == #"latency: no samples on either side for control track="stable", experiment track="canary""#
        )
        let few = try Self.review([Drawn(control: "xxx_______", experiment: "__________")])
        #expect(
            few.hold?.reason
                == #"latency, control: 3 of 5 samples needed for track="stable"; the experiment has none"#
        )
    }

    @Test func aMetricThatIsHeldShowsWhatIsThere() throws {
        let review = try Self.review([Drawn(control: Self.full, experiment: Self.dies)])
        let shown = try #require(review.metrics.first).unjudged
        #expect(shown.classification == .nodata)
        #expect([shown.control.count, shown.experiment.count] == [10, 6])
        #expect([shown.control.minimum, shown.control.maximum] == [99, 101])
        #expect(shown.experiment.mean == 200)
        let empty = try Self.review([Drawn(control: "__________", experiment: Self.full)])
        #expect(empty.metrics.first?.unjudged.control == .empty)
    }

    /// A fixed limit has no other side to compare with: its own newest samples are what counts.
    @Test func aFixedLimitNeedsTheNewestSamplesToo() throws {
        let limit = Drawn(control: "", experiment: Self.dies, condition: "canary <= 1000")
        #expect(try Self.review([limit]).hold?.cause == .tooFewSamples)
        let alive = Drawn(control: "", experiment: "xxxxxxxx__", condition: "canary <= 1000")
        #expect(try Self.review([alive]).hold == nil)
    }

    @Test(arguments: [
        ("xxxxxxxx__", true), ("x_x_x_x_x_", true), ("xxx__xxx__", true), ("___xxxxxxx", true), ("xxxxxxx___", false),
    ])
    func gapsAreToldAndDoNotHold(experiment: String, isJudged: Bool) throws {
        let review = try Self.review([Drawn(control: Self.full, experiment: experiment)])
        #expect((review.hold == nil) == isJudged)
        let missing = experiment.count { $0 == "_" }
        guard isJudged else { return }
        let warnings = review.metrics[0].warnings
        let warning = try #require(warnings.first)
        #expect(warnings.count == 1)
        #expect(warning.hasPrefix("experiment: \(missing) of 10 samples are missing"), "\(warnings)")
        #expect(warning.contains("newest") == experiment.hasSuffix("__"))
    }

    @Test func oneMissingSampleIsNothingToSpeakOf() throws {
        let review = try Self.review([Drawn(control: "xxxx_xxxxx", experiment: "xxxxxxxxx_")])
        #expect(review.hold == nil)
        #expect(review.metrics[0].warnings == [])
    }

    @Test func longStepsNeedOneOfTheTwoNewestSamples() throws {
        let drawn = [Drawn(control: Self.full, experiment: "xxxxxxxx__")]
        #expect(try Self.review(drawn, step: .seconds(60)).hold?.cause == .tooFewSamples)
        #expect(try Self.review(drawn).hold == nil)
    }

    @Test func aMutedMetricIsNeverWaitedFor() throws {
        #expect(try Self.review([Drawn(control: Self.full, experiment: Self.dies, muted: true)]).hold == nil)
    }

    @Test func aSignalIsWaitedForOnlyWhereNothingElseDecides() throws {
        let signal = Drawn(name: "queue", control: Self.full, experiment: Self.dies, isSignal: true)
        let review = try Self.review([Drawn(control: Self.full, experiment: Self.full), signal])
        #expect(review.hold == nil && review.judgeable.count == 2)
        let warning = try #require(review.metrics[1].warnings.first)
        #expect(warning.hasPrefix("queue, experiment: the newest 4 of 10 samples are missing"), "\(warning)")
        #expect(warning.hasSuffix("; the end does not wait for a signal"), "\(warning)")
        #expect(try Self.review([signal]).hold?.cause == .tooFewSamples)
        #expect(try Self.review([signal, Drawn(control: Self.full, experiment: Self.full, muted: true)]).hold != nil)
    }

    // MARK: Zeros

    private static let nothing = "__________"

    /// Errors that have never happened count as 0, on either side or on both; the verdict says so.
    @Test(arguments: [
        (nothing, nothing, "no samples on either side; they count as 0 (noData: zero)"),
        (full, nothing, "experiment: 10 of 10 samples are missing; they count as 0 (noData: zero)"),
        (nothing, full, "control: 10 of 10 samples are missing; they count as 0 (noData: zero)"),
    ])
    func whatNeverHappenedCountsAsZero(control: String, experiment: String, warning: String) throws {
        let review = try Self.review([Drawn(control: control, experiment: experiment, noData: .zero)])
        #expect(review.hold == nil)
        #expect(review.judgeable[0].control.allSatisfy { !$0.isNaN })
        #expect(review.metrics[0].warnings == [warning])
    }

    /// The zeros of a side that is not there any more are none, unless another metric shows that it is there.
    @Test func zerosNeedASideThatIsThere() throws {
        func cause(_ errors: (String, String), _ latency: (String, String), policy: NoDataPolicy = .pass) throws
            -> HoldCause?
        {
            try Self.review([
                Drawn(name: "errors", control: errors.0, experiment: errors.1, noData: .zero),
                Drawn(name: "latency", control: latency.0, experiment: latency.1, noData: policy),
            ]).hold?.cause
        }
        #expect(try cause((Self.full, Self.dies), (Self.full, Self.full)) == nil)
        #expect(try cause((Self.full, Self.dies), (Self.full, Self.nothing)) == .tooFewSamples)
        #expect(try cause((Self.nothing, Self.nothing), (Self.full, Self.full)) == nil)
        #expect(try cause((Self.full, Self.nothing), (Self.full, Self.full)) == nil)
        // The canary has samples in no metric, and one of them must have some.
        #expect(try cause((Self.full, Self.nothing), (Self.full, Self.nothing)) == .noData)
        #expect(try cause((Self.nothing, Self.full), (Self.nothing, Self.full)) == .noData)
        // Nothing is scraped at all.
        #expect(try cause((Self.nothing, Self.nothing), (Self.nothing, Self.nothing)) == .noData)
        #expect(try cause((Self.nothing, Self.nothing), (Self.nothing, Self.nothing), policy: .zero) == nil)
    }

    /// Events that come now and then have gaps by their nature.
    @Test func rareEventsCountAsZeroBetweenAndAfterThem() throws {
        let review = try Self.review([Drawn(control: "x____x___x", experiment: "x___x_____", noData: .zero)])
        #expect(review.hold == nil)
        #expect(review.metrics[0].warnings.count == 2)
    }

    @Test func remarksOfTheBackEndAreShownOnce() throws {
        var samples = try Self.review([Drawn(control: Self.full, experiment: Self.full)]).samples
        samples.metrics[0].control.infos = ["PromQL info: might not be a counter"]
        samples.metrics[0].experiment.infos = ["PromQL info: might not be a counter"]
        samples.metrics[0].experiment.movedCount = 2
        samples.metrics[0].control.ignoredCount = 3
        let plan = AnalysisPlan(
            name: "p",
            schedule: AnalysisSchedule(step: .seconds(1), interval: .seconds(10), lifetime: .seconds(10)),
            metrics: [PlannedMetric(name: "m", query: "q")]
        )
        #expect(
            LookReview(samples, plan: plan).metrics[0].warnings == [
                "PromQL info: might not be a counter",
                "control: 3 samples of the answer lie beside the steps and were left out",
                "experiment: 2 samples of the answer were moved to the nearest step",
            ]
        )
    }
}
