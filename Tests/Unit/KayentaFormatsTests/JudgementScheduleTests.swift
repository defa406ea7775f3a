import Analysis
import KayentaFormats
import Testing

@Suite struct JudgementScheduleTests {
    private let now = Timestamp(milliseconds: 1_796_000_400_000)

    private func schedule(_ members: String, scope: String = "") throws -> JudgementSchedule {
        let text =
            #"{"scopes": [{"controlScope": "c", "experimentScope": "e" \#(scope)}], "#
            + #""thresholds": {"pass": 95, "marginal": 75}, \#(members)}"#
        return try JudgementSchedule(try CanaryAnalysisRequest(try CanaryFixtures.json(text)), now: now)
    }

    /// Minutes from now.
    private func windows(_ schedule: JudgementSchedule) -> [[Int64]] {
        (1...schedule.count).map { number in
            let window = schedule.window(number)
            return [window.start, window.end].map { $0.since(now).milliseconds / 60_000 }
        }
    }

    @Test func growing() throws {
        let growing = try schedule(#""lifetimeDurationMins": 10, "analysisIntervalMins": 3"#)
        #expect(windows(growing) == [[0, 3], [0, 6], [0, 9]])
        let warm = try schedule(#""lifetimeDurationMins": 6, "analysisIntervalMins": 3, "beginAfterMins": 4"#)
        #expect(windows(warm) == [[4, 7], [4, 10]])
    }

    @Test func sliding() throws {
        let sliding = try schedule(
            #""lifetimeDurationMins": 15, "analysisIntervalMins": 5, "beginAfterMins": 1, "lookbackMins": 7"#
        )
        #expect(windows(sliding) == [[-1, 6], [4, 11], [9, 16]])
    }

    @Test("Without an interval, or with one that is too long, there is one judgement")
    func one() throws {
        for interval in ["", #", "analysisIntervalMins": 0"#, #", "analysisIntervalMins": 70"#] {
            #expect(windows(try schedule(#""lifetimeDurationMins": 60"# + interval)) == [[0, 60]])
        }
    }

    @Test("The past is not moved by the warm-up, and its end wins over the lifetime")
    func retrospective() throws {
        let scope = #", "startTimeIso": "2026-11-30T00:00:00Z", "endTimeIso": "2026-11-30T00:10:30Z""#
        let past = try schedule(
            #""lifetimeDurationMins": 99, "analysisIntervalMins": 5, "beginAfterMins": 4"#,
            scope: scope
        )
        #expect(windows(past) == [[-60, -55], [-60, -50]])
    }

    @Test func theControlMayBeEarlier() throws {
        let schedule = try schedule(
            #""lifetimeDurationMins": 5"#,
            scope: #", "controlOffsetInMinutes": 1440, "controlLocation": "l", "step": 30"#
        )
        let request = try schedule.request(1)
        let pair = try #require(request["default"])
        #expect(pair.control.start == now - .seconds(86_400) && pair.control.end == now - .seconds(86_100))
        #expect(pair.experiment.start == now && pair.experiment.end == now + .seconds(300))
        #expect(pair.control.location == "l" && pair.control.step == 30 && pair.experiment.scope == "e")
    }

    @Test(arguments: [
        ("\"siteLocal\": {}", "must include either `endTime` or `lifetimeDuration`."),
        ("\"lifetimeDurationMins\": 0", "The lifetime must be from 1"),
        ("\"lifetimeDurationMins\": 40000, \"analysisIntervalMins\": 1", "There would be 40000 judgements"),
        ("\"lifetimeDurationMins\": 50000", "lifetimeDurationMins must be a whole number"),
        ("\"lifetimeDurationMins\": 1.5", "lifetimeDurationMins must be a whole number"),
        ("\"lifetime\": 5", "lifetime has no meaning here."),
    ])
    func refused(members: String, problem: String) throws {
        let found = CanaryFixtures.problem { _ = try schedule(members) }
        #expect(found?.contains(problem) == true, "\(found ?? "taken")")
    }

    @Test func aWindowIsBounded() throws {
        let schedule = try schedule(#""lifetimeDurationMins": 1000"#, scope: #", "step": 1"#)
        #expect(throws: KayentaProblem.self) { try schedule.request(1) }
    }
}
