import Analysis
import JSON
import KayentaFormats
import Testing

@Suite struct CanaryAnalysisTests {
    private let now = CanaryFixtures.now

    private func analysis(scope: String = "", lifetime: Int = 2) throws -> CanaryAnalysis {
        let request =
            #"{"scopes": [{"controlScope": "c", "experimentScope": "e" \#(scope)}], "#
            + #""thresholds": {"pass": 95, "marginal": 75}, "lifetimeDurationMins": \#(lifetime), "analysisIntervalMins": 1, "#
            + #""beginAfterMins": 1}"#
        return CanaryAnalysis(
            id: "01AN",
            origin: CanaryOrigin(application: "checkout", user: "anonymous", configID: "config"),
            config: try CanaryFixtures.canaryConfig(),
            request: try CanaryAnalysisRequest(try CanaryFixtures.json(request)),
            builtAt: now
        )
    }

    private func end(_ execution: CanaryExecution, score: String, at time: Timestamp) throws -> CanaryExecution {
        var execution = execution
        execution.begin(at: time)
        let judged = CanaryExecutionTests.judged.replacing("100.0", with: score)
        execution.succeed(try CanaryFixtures.json(judged), pairList: "pairs", at: time)
        return execution
    }

    private func begun(_ step: CanaryAnalysis.Step) -> CanaryExecution? {
        if case .begin(let execution) = step { execution } else { nil }
    }

    private func wait(_ step: CanaryAnalysis.Step) -> Int64? {
        if case .wait(let until) = step { until.since(now).milliseconds / 1000 } else { nil }
    }

    private func stages(_ analysis: CanaryAnalysis) -> [String] {
        (analysis.answer["stageStatus"]?.elements ?? []).dropFirst()
            .map { "\($0["name"]?.text?.prefix(18) ?? ""): \($0["status"]?.text ?? "")" }
    }

    @Test func waitsJudgesAndPasses() throws {
        var analysis = try analysis()
        // The warm-up and one interval.
        #expect(wait(try analysis.step(at: now)) == 120)
        #expect(stages(analysis).first == "Warmup Wait: RUNNING")
        let first = try #require(begun(try analysis.step(at: now + .seconds(121))))
        #expect(first.request["default"]?.experiment.start == now + .seconds(60))
        #expect(first.request["default"]?.experiment.end == now + .seconds(120))
        #expect(first.origin.application == "checkout" && first.origin.configID == "config")
        // It is kept at each step.
        analysis = try CanaryAnalysis(stored: analysis.stored)
        guard case .watch(first.id) = try analysis.step(at: now + .seconds(122)) else {
            throw KayentaProblem("no watch")
        }
        let isTaken = try analysis.take(first, at: now + .seconds(123))
        #expect(!isTaken)
        let tookFirst = try analysis.take(try end(first, score: "80.0", at: now), at: now + .seconds(125))
        #expect(tookFirst)
        // The next interval begins where the judgement ended.
        #expect(wait(try analysis.step(at: now + .seconds(126))) == 185)
        #expect(
            stages(analysis) == [
                "Warmup Wait: SUCCEEDED", "Interval Wait #1: SUCCEEDED", "Run Canary #1: SUCCEEDED",
                "Interval Wait #2: RUNNING", "Run Canary #2: NOT_STARTED",
            ]
        )
        let second = try #require(begun(try analysis.step(at: now + .seconds(185))))
        #expect(second.request["default"]?.experiment.start == now + .seconds(60))
        #expect(second.request["default"]?.experiment.end == now + .seconds(180))
        let tookSecond = try analysis.take(try end(second, score: "95.0", at: now), at: now + .seconds(190))
        #expect(tookSecond)
        guard case .nothing = try analysis.step(at: now + .seconds(191)) else { throw KayentaProblem("it goes on") }
        let answer = analysis.answer
        #expect(answer["executionStatus"]?.text == "SUCCEEDED" && answer["status"]?.text == "succeeded")
        #expect(answer["complete"] == .bool(true) && answer["user"]?.text == "anonymous")
        let result = try #require(answer["canaryAnalysisExecutionResult"])
        #expect(result["didPassThresholds"] == .bool(true) && result["hasWarnings"] == .bool(false))
        #expect(
            result["canaryScoreMessage"]?.text == "Final canary score 95.0 met or exceeded the pass score threshold."
        )
        #expect(result["canaryScores"]?.jsonText == "[80.0,95.0]")
        let line = try #require(result["canaryExecutionResults", "0"])
        #expect(line["executionId"]?.text == first.id && line["executionStatus"]?.text == "SUCCEEDED")
        #expect(line["judgementEndTimeIso"]?.text == "2026-11-30T07:01:59.500Z")
        #expect(line["metricSetPairListId"]?.text == "pairs" && line["warnings"]?.jsonText == "[]")
        #expect(try CanaryAnalysis(stored: analysis.stored) == analysis)
        #expect(try CanaryAnalysis(stored: analysis.stored).answer == answer)
    }

    @Test("A score at the marginal threshold ends the analysis at once", arguments: ["75.0", "0.0"])
    func failsFast(score: String) throws {
        var analysis = try analysis()
        _ = try analysis.step(at: now)
        let first = try #require(begun(try analysis.step(at: now + .seconds(120))))
        _ = try analysis.take(try end(first, score: score, at: now), at: now + .seconds(121))
        let answer = analysis.answer
        #expect(answer["status"]?.text == "terminal" && answer["complete"] == .bool(true))
        let result = try #require(answer["canaryAnalysisExecutionResult"])
        #expect(result["didPassThresholds"] == .bool(false))
        #expect(
            result["canaryScoreMessage"]?.text
                == "Final canary score \(score) is not above the marginal score threshold."
        )
        #expect(result["canaryScores"]?.elements?.count == 1)
    }

    @Test func anEndBelowThePassThresholdDoesNotPass() throws {
        var analysis = try analysis(lifetime: 1)
        _ = try analysis.step(at: now)
        let first = try #require(begun(try analysis.step(at: now + .seconds(120))))
        _ = try analysis.take(try end(first, score: "94.9", at: now), at: now + .seconds(121))
        let answer = analysis.answer
        #expect(answer["status"]?.text == "succeeded")
        #expect(answer["canaryAnalysisExecutionResult", "didPassThresholds"] == .bool(false))
        #expect(
            answer["canaryAnalysisExecutionResult", "canaryScoreMessage"]?.text
                == "Final canary score 94.9 is below the pass score threshold."
        )
    }

    @Test("A judgement without a score is no pass", arguments: [true, false])
    func judgementFails(isCancelled: Bool) throws {
        var analysis = try analysis()
        _ = try analysis.step(at: now)
        var first = try #require(begun(try analysis.step(at: now + .seconds(120))))
        if isCancelled {
            first.cancel(at: now)
        } else {
            first.fail(in: "judge", CanaryFailure.exception("away", in: "prometheusFetch", at: now), at: now)
        }
        _ = try analysis.take(first, at: now + .seconds(121))
        let answer = analysis.answer
        #expect(answer["status"]?.text == "terminal")
        #expect(answer["canaryAnalysisExecutionResult", "didPassThresholds"] == .bool(false))
        let words = isCancelled ? "Canary execution was canceled." : "away"
        #expect(answer["exception", "details", "errors", "0"]?.text == words)
    }

    @Test func thePastIsNotWaitedFor() throws {
        let scope = #", "startTimeIso": "2026-11-30T00:00:00Z", "endTimeIso": "2026-11-30T00:02:00Z""#
        var analysis = try analysis(scope: scope)
        // But for the warm-up, as Kayenta has it.
        #expect(wait(try analysis.step(at: now)) == 60)
        let first = try #require(begun(try analysis.step(at: now + .seconds(60))))
        _ = try analysis.take(try end(first, score: "99.0", at: now), at: now + .seconds(61))
        let second = begun(try analysis.step(at: now + .seconds(61)))
        #expect(second?.request["default"]?.experiment.end.description == "2026-11-30T00:02:00.000Z")
        #expect(!stages(analysis).contains { $0.hasPrefix("Interval Wait") })
    }

    @Test func cancellingNamesTheJudgementUnderWay() throws {
        var analysis = try analysis()
        #expect(analysis.cancel(at: now) == nil)
        var other = try self.analysis()
        _ = try other.step(at: now)
        let first = try #require(begun(try other.step(at: now + .seconds(120))))
        #expect(other.cancel(at: now) == first.id)
        #expect(other.answer["status"]?.text == "canceled" && other.answer["canaryAnalysisExecutionResult"] == nil)
    }
}
