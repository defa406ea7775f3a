import Analysis
import Judging
import Testing

@Suite struct UndecidedCauseTests {
    private static let start = Timestamp(rfc3339: "2026-03-01T10:00:00Z")!

    private static func verdict(
        _ status: VerdictStatus,
        _ result: JudgementResult,
        _ reason: String,
        held: [HoldCause?] = [],
        kind: VerdictKind = .final
    ) -> Verdict {
        var (_, verdict) = AnalysisSession.rejected(
            id: "s",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "production",
                version: "2.0"
            ),
            status: status,
            reason: reason,
            receivedAt: start,
            at: start
        )
        verdict.kind = kind
        verdict.result = result
        verdict.metrics = held.map { cause in
            MetricVerdict(
                judgement: MetricJudgement(
                    name: "m",
                    groups: ["g"],
                    classification: cause == nil ? .pass : .nodata,
                    reason: nil,
                    control: .empty,
                    experiment: .empty
                ),
                controlQuery: nil,
                experimentQuery: nil,
                held: cause,
                warnings: []
            )
        }
        return verdict
    }

    @Test(
        arguments: [
            (verdict(.completed, .pass, ""), nil), (verdict(.completed, .fail, "", held: [.noData]), nil),
            (verdict(.completed, .marginal, ""), nil),
            (verdict(.completed, .inconclusive, "waiting", held: [.noData], kind: .interim), nil),
            (verdict(.completed, .inconclusive, "no score", held: [nil]), .judge),
            (verdict(.completed, .inconclusive, "gave up: x", held: [.tooFewSamples, .noData, nil]), .noData),
            (verdict(.completed, .inconclusive, "gave up: x", held: [.partialData, .noData]), .partialData),
            (verdict(.errored, .inconclusive, "gave up: x", held: [.noData, .overloaded]), .overloaded),
            (verdict(.errored, .inconclusive, "cannot be judged: x", held: [.unreachable, .noData]), .notJudgeable),
            (verdict(.errored, .inconclusive, "no plan: none matches"), .noPlan),
            (verdict(.cancelled, .inconclusive, "superseded: version 3.0 was deployed"), .superseded),
            (verdict(.cancelled, .inconclusive, "expired: the version was deployed long ago"), .expired),
            (verdict(.cancelled, .inconclusive, "cancelled: version 2.0 was withdrawn"), .cancelled),
        ] as [(Verdict, UndecidedCause?)]
    )
    func namesTheGravestCause(_ verdict: Verdict, _ cause: UndecidedCause?) {
        #expect(verdict.undecidedCause == cause)
    }

    @Test func reasonsCanBeToldApartByTheirBeginning() {
        for opening in ReasonOpening.allCases {
            let text = opening.text("why")
            #expect(text == "\(opening.rawValue): why")
            #expect(ReasonOpening.allCases.filter { text.hasPrefix("\($0.rawValue): ") } == [opening])
        }
    }
}
