import Analysis
import JSON
import KayentaFormats
import Testing

@Suite struct CanaryExecutionTests {
    private let now = CanaryFixtures.now
    static let judged =
        #"{"judgeName":"NetflixACAJudge-v1.0","results":[{"controlMetadata":{"stats":{"count":61}}}],"#
        + #""groupScores":[],"score":{"score":100.0,"classification":"Pass","classificationReason":""}}"#

    private func execution() throws -> CanaryExecution {
        CanaryExecution(
            id: "01ABC",
            origin: CanaryOrigin(
                application: "checkout",
                parentPipelineExecutionID: "parent",
                configID: "config",
                accounts: CanaryAccounts(metrics: "prod", configuration: "configs")
            ),
            config: try CanaryFixtures.canaryConfig(),
            request: try CanaryFixtures.canaryRequest(),
            builtAt: now
        )
    }

    private func stages(_ execution: CanaryExecution) -> String {
        let stages = execution.answer["stageStatus"]?.object?.members ?? []
        return stages.map { "\($0.name)=\($0.value.text ?? "")" }.joined(separator: " ")
    }

    @Test func begins() throws {
        var execution = try execution()
        #expect(execution.answer["status"]?.text == "not_started")
        execution.begin(at: now + .seconds(1))
        let answer = execution.answer
        #expect(answer["complete"] == .bool(false) && answer["status"]?.text == "running")
        #expect(answer["application"]?.text == "checkout" && answer["parentPipelineExecutionId"]?.text == "parent")
        #expect(answer["metricsAccountName"]?.text == "prod" && answer["storageAccountName"]?.text == "assay")
        #expect(answer["configurationAccountName"]?.text == "configs" && answer["canaryConfigId"]?.text == "config")
        #expect(answer["buildTimeIso"]?.text == "2026-11-30T06:59:59.500Z")
        #expect(answer["startTimeMillis"]?.integer == now.milliseconds + 1000 && answer["endTimeIso"] == nil)
        #expect(answer["result"] == nil && answer["exception"] == nil)
        // Orca would evaluate `${…}`.
        #expect(
            answer["config", "metrics", "0", "query", "customInlineTemplate"]?.text
                == #"PromQL:sum(errors{track="$\{scope}"})"#
        )
        #expect(answer["config", "templates", "track"]?.text == #"track="$\{scope}",region="$\{location:-anywhere}""#)
        #expect(
            stages(execution) == "setupContext=succeeded fetchControl0=running fetchControl1=not_started"
                + " fetchExperiment0=running fetchExperiment1=not_started mixMetrics=not_started judge=not_started"
        )
    }

    @Test func succeeds() throws {
        var execution = try execution()
        execution.begin(at: now)
        execution.fetched = (2, 2)
        execution.succeed(try CanaryFixtures.json(Self.judged), pairList: "pairs", at: now + .seconds(2))
        let answer = execution.answer
        #expect(answer["complete"] == .bool(true) && answer["status"]?.text == "succeeded")
        #expect(execution.score == 100)
        #expect(answer["result", "judgeResult"]?.jsonText == Self.judged)
        #expect(answer["metricSetPairListId"]?.text == "pairs")
        // The windows differ by a quarter of a second.
        #expect(answer["result", "canaryDuration"] == nil)
        #expect(!stages(execution).contains("not_started"))
    }

    @Test(arguments: [
        ("06:00:00Z", "07:30:00Z", "PT1H30M"), ("06:00:00Z", "06:00:00Z", "PT0S"), ("06:00:00Z", "06:00:30Z", "PT30S"),
        ("06:00:00Z", "06:01:00.500Z", "PT1M0.5S"), ("00:00:00Z", "23:00:00+00:00", "PT23H"),
    ])
    func durations(start: String, end: String, duration: String) throws {
        let text = CanaryFixtures.request.replacing("2026-11-30T06:00:00Z", with: "2026-11-30T\(start)")
            .replacing("2026-11-30T07:00:00Z", with: "2026-11-30T\(end)")
            .replacing("2026-11-30T07:00:00.250Z", with: "2026-11-30T\(end)")
        var execution = CanaryExecution(
            id: "1",
            origin: CanaryOrigin(application: "a"),
            config: try CanaryFixtures.canaryConfig(),
            request: try CanaryFixtures.canaryRequest(text),
            builtAt: now
        )
        execution.succeed(try CanaryFixtures.json(Self.judged), pairList: "p", at: now)
        #expect(execution.answer["result", "canaryDuration"]?.text == duration)
    }

    @Test func fails() throws {
        var execution = try execution()
        execution.begin(at: now)
        execution.fetched = (1, 2)
        let exception = CanaryFailure.exception("no answer", in: "prometheusFetch", at: now)
        execution.fail(in: "fetchControl1", exception, at: now)
        let answer = execution.answer
        #expect(answer["complete"] == .bool(true) && answer["status"]?.text == "terminal" && answer["result"] == nil)
        #expect(answer["exception", "details", "errors", "0"]?.text == "no answer")
        #expect(
            stages(execution) == "setupContext=succeeded fetchControl0=succeeded fetchControl1=terminal"
                + " fetchExperiment0=succeeded fetchExperiment1=succeeded mixMetrics=not_started judge=not_started"
        )
    }

    @Test func isCancelled() throws {
        var execution = try execution()
        execution.cancel(at: now)
        #expect(execution.answer["status"]?.text == "canceled" && execution.answer["complete"] == .bool(true))
    }

    @Test func isKept() throws {
        var execution = try execution()
        #expect(try CanaryExecution(stored: execution.stored) == execution)
        execution.begin(at: now)
        execution.fetched = (2, 1)
        execution.fail(in: "judge", CanaryFailure.exception("x", in: "y", at: now), at: now)
        #expect(try CanaryExecution(stored: execution.stored) == execution)
        #expect(try CanaryExecution(stored: execution.stored).answer == execution.answer)
    }

    @Test func whatCannotBeReadIsAnError() {
        for text in ["", "{}", #"{"form":2,"id":"a"}"#, #"{"form":1}"#, "[]"] {
            #expect(throws: KayentaProblem.self) { try CanaryExecution(stored: Array(text.utf8)) }
            #expect(throws: KayentaProblem.self) { try CanaryAnalysis(stored: Array(text.utf8)) }
        }
    }

    @Test func idsAreInTheOrderOfTime() {
        let ids = (0..<50).map { CanaryID.execution(at: now + .seconds($0)) }
        #expect(ids == ids.sorted() && Set(ids).count == 50)
        #expect(ids.allSatisfy { $0.count == 26 && CanaryID.isUsable($0) })
        #expect(!CanaryID.isUsable("../x") && !CanaryID.isUsable("") && !CanaryID.isUsable("a b"))
    }
}
