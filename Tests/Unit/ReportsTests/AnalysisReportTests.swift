import Analysis
import Judging
import Testing

@testable import Reports

@Suite("One view of an analysis") struct AnalysisReportTests {
    private static let start = Timestamp(milliseconds: 1_800_000_000_000)

    static func session(
        phase: AnalysisSession.Phase = .finished,
        lastLook: Int = 3,
        hold: Hold? = nil,
        verdict: Verdict? = nil,
        metrics: [PlannedMetric] = [PlannedMetric(name: "errors", query: "e", critical: true)]
    ) -> AnalysisSession {
        AnalysisSession(
            id: "s-1",
            event: DeployEvent(
                identity: EventIdentity(source: "/test", id: "1"),
                application: "shop",
                environment: "demo",
                version: "1.1.0"
            ),
            plan: AnalysisPlan(
                name: "p",
                judge: "NetflixACAJudge-v1.0",
                schedule: AnalysisSchedule(
                    warmup: .seconds(60),
                    step: .seconds(10),
                    interval: .seconds(60),
                    lifetime: .seconds(300)
                ),
                metrics: metrics
            ),
            openedAt: start,
            deployedAt: start,
            phase: phase,
            lastLook: lastLook,
            missedLooks: 0,
            hold: hold,
            holdAttempts: 0,
            lastLookTriedAt: nil,
            finalVerdict: verdict,
            wakeAt: nil
        )
    }

    @Test(
        "Each ending has a word, a tone and a headline of its own",
        arguments: [
            (VerdictStatus.completed, JudgementResult.pass, UndecidedCause?.none, "Passed", ReportState.Tone.good),
            (.completed, .fail, nil, "Failed", .bad), (.completed, .marginal, nil, "Marginal", .caution),
            (.completed, .inconclusive, .noData, "Inconclusive", .caution),
            (.errored, .inconclusive, .unreachable, "Could not be judged", .caution),
            (.cancelled, .inconclusive, .superseded, "Superseded", .neutral),
            (.cancelled, .inconclusive, .cancelled, "Cancelled", .neutral),
            (.completed, .unknown("later"), nil, "later", .neutral), (.unknown("lost"), .pass, nil, "lost", .neutral),
        ]
    )
    func endings(
        status: VerdictStatus,
        result: JudgementResult,
        cause: UndecidedCause?,
        word: String,
        tone: ReportState.Tone
    ) {
        var verdict = Fixtures.verdict(status: status, result: result, look: 3)
        verdict.cause = cause
        let state = ReportState(Self.session(verdict: verdict))
        #expect(state.word == word && state.tone == tone)
        #expect(state.headline == "\(word) at look 3 of 5, 50 s after the deployment")
    }

    @Test("A running analysis says where it is, and what it waits for")
    func running() {
        #expect(
            ReportState(Self.session(phase: .warmingUp, lastLook: 0)).headline
                == "Running, first of 5 looks at 08:02:30Z"
        )
        #expect(
            ReportState(Self.session(phase: .sampling, lastLook: 2)).headline == "Running, undecided after look 2 of 5"
        )
        let hold = Hold(cause: .unreachable, reason: "Prometheus does not answer", since: Self.start)
        let report = AnalysisReport(AnalysisRecord(session: Self.session(phase: .sampling, lastLook: 2, hold: hold)))
        #expect(
            report.state.headline == "Waiting for its metrics since 08:00:00Z (unreachable), look 3 of 5"
        )
        #expect(report.reason == "Prometheus does not answer" && report.isRunning && report.state.tone == .waiting)
    }

    @Test("What decides comes first, and what was not judged is named")
    func order() {
        let metrics = [
            Fixtures.metric("shown", control: 1, experiment: 1, muted: true),
            Fixtures.metric("fine", control: 1, experiment: 1),
            Fixtures.metric("silent", control: 1, experiment: 1, classification: .nodata, reason: "no series"),
            Fixtures.metric("waits", control: 1, experiment: 1, held: .noData),
            Fixtures.metric("errors", control: 1, experiment: 3, classification: .high),
        ]
        let verdict = Fixtures.verdict(result: .fail, metrics: metrics)
        let report = AnalysisReport(AnalysisRecord(session: Self.session(verdict: verdict)))
        #expect(report.metrics.map(\.name) == ["errors", "waits", "silent", "fine", "shown"])
        #expect(report.metrics[0].role == "critical" && report.metrics[0].tone == .bad)
        #expect(report.notJudged.map(\.metric) == ["silent", "waits"])
        #expect(report.score == 100)
    }

    @Test("An analysis that was ended before its look shows what the look before it found")
    func superseded() {
        let interim = Fixtures.verdict(
            kind: .interim,
            metrics: [Fixtures.metric("errors", control: 1, experiment: 1)]
        )
        var final = Fixtures.verdict(status: .cancelled, result: .inconclusive)
        final.cause = .superseded
        let report = AnalysisReport(AnalysisRecord(session: Self.session(verdict: final), verdicts: [interim, final]))
        #expect(report.state.word == "Superseded" && report.metrics.map(\.name) == ["errors"])
    }

    @Test("What was done is told in one sentence, with why where it is not the verdict")
    func actions() {
        let verdict = Fixtures.verdict(result: .fail)
        func done(_ kind: RolloutAction.Kind, _ outcome: RolloutAction.Outcome) -> String? {
            let action = Fixtures.action(verdict, kind, outcome: outcome)
            return AnalysisReport(AnalysisRecord(session: Self.session(verdict: verdict), actions: [action])).done
        }
        #expect(done(.abort, .done) == "aborted by webhook at 08:00:50Z")
        #expect(done(.promote, .failed) == "promote by webhook failed at 08:00:50Z: The result is known.")
        #expect(done(.abort, .dryRun) == "abort was only shown (dry run) at 08:00:50Z: The result is known.")
        #expect(AnalysisReport(AnalysisRecord(session: Self.session(verdict: verdict))).done == nil)
    }

    @Test("Holds are bands of the time line, and every mark lies on it")
    func timeline() {
        func transition(
            _ cause: SessionTransition.Cause,
            _ seconds: Int,
            look: Int = 0,
            _ result: JudgementResult? = nil
        ) -> SessionTransition {
            SessionTransition(
                session: "s-1",
                at: Self.start + .seconds(seconds),
                replica: "r",
                cause: cause,
                from: .sampling,
                to: .sampling,
                look: look,
                reason: cause.rawValue,
                result: result
            )
        }
        let record = AnalysisRecord(
            session: Self.session(verdict: Fixtures.verdict(result: .pass)),
            transitions: [
                transition(.opened, 0), transition(.looked, 120, look: 1, .fail), transition(.held, 180),
                transition(.resumed, 200), transition(.looked, 240, look: 2), transition(.finished, 300),
            ]
        )
        let timeline = ReportTimeline(record)
        #expect(timeline.bands.map(\.kind) == [.warmup, .hold])
        #expect(timeline.bands[1].end.since(timeline.bands[1].start) == .seconds(20))
        #expect(timeline.marks.filter { $0.kind == .look }.map(\.tone) == [.bad, .running])
        #expect(timeline.marks.allSatisfy { (0...1).contains(timeline.place($0.at)) })
        #expect(timeline.marks.map(\.at) == timeline.marks.map(\.at).sorted())
    }

    @Test("Samples of both sides stand on one grid; a later block replaces, and nonsense is left out")
    func series() throws {
        func block(_ side: Side, _ first: Int, _ values: [Double], step: Int = 10) -> SampleBlock {
            SampleBlock(
                session: "s-1",
                metric: 0,
                side: side,
                first: Self.start + .seconds(first),
                step: .seconds(step),
                values: values
            )
        }
        let series = try #require(
            SideSeries([
                block(.control, 10, [1, 2, 3]), block(.control, 30, [9]), block(.experiment, 20, [5]),
                block(.experiment, 25, [7], step: 5),
            ])
        )
        #expect(series.control == [1, 2, 9])
        #expect(series.experiment[0].isNaN && series.experiment[1] == 5 && series.experiment[2].isNaN)
        #expect(series.time(2) == Self.start + .seconds(30))
        #expect(SideSeries([]) == nil)
        #expect(SideSeries([block(.control, 0, [1]), block(.control, 10_000_000, [1])]) == nil)
    }

    @Test("Samples as CSV: a missing one is empty, and a name is no formula")
    func csv() {
        let blocks = [Side.control, .experiment].map { side in
            SampleBlock(
                session: "s-1",
                metric: 0,
                side: side,
                first: Self.start,
                step: .seconds(10),
                values: side == .control ? [0.5, .nan] : [1, 2]
            )
        }
        let session = Self.session(metrics: [PlannedMetric(name: "=cmd(\"x\"),y", query: "e")])
        let text = SampleCSV.text(AnalysisRecord(session: session, samples: blocks))
        #expect(
            text == "metric,time,control,experiment\r\n\"'=cmd(\"\"x\"\"),y\",2027-01-15T08:00:00.000Z,0.5,1\r\n"
                + "\"'=cmd(\"\"x\"\"),y\",2027-01-15T08:00:10.000Z,,2\r\n"
        )
    }

    @Test("An effect has its interval and its limit, from either judge")
    func effects() throws {
        var judgement = Fixtures.metric("m", control: 10, experiment: 13).judgement
        judgement.evidence = .mannWhitney(
            MannWhitneyEvidence(
                effect: nil,
                shift: ShiftInterval(lower: 1, upper: 5, estimate: 3, confidence: 0.98, bound: 2)
            )
        )
        let mark = try #require(EffectMark(judgement, direction: .increase))
        #expect(mark.estimate == 1.3 && mark.interval == 1.1...1.5 && mark.upperLimit == 1.2 && mark.lowerLimit == nil)
        let none = Fixtures.metric("m", control: 0, experiment: 1).judgement
        #expect(EffectMark(none, direction: .either) == nil)
    }
}
