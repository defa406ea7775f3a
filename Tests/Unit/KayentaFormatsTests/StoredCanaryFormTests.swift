import JSON
import KayentaFormats
import Testing

/// What form 1 looks like in a store stays readable: these texts are never changed.
@Suite struct StoredCanaryFormTests {
    private static let config =
        #"{"name":"web","applications":["shop"],"metrics":[{"name":"errors","query":"#
        + #"{"type":"prometheus","customInlineTemplate":"PromQL:errors{track=\"${scope}\"}","serviceType":"prometheus"},"#
        + #""groups":["g"],"scopeName":"default"}],"classifier":{"groupWeights":{"g":100}}}"#

    private static let execution =
        #"{"form":1,"id":"01KB","application":"shop","canaryConfigId":"ad-hoc","#
        + #""storageAccountName":"assay","metricsAccountName":"prometheus","config":"# + config
        + #","request":{"scopes":{"default":{"controlScope":{"scope":"a","start":"2026-11-30T06:00:00Z","#
        + #""end":"2026-11-30T07:00:00Z","step":60,"extendedScopeParams":{}},"experimentScope":{"scope":"b","#
        + #""start":"2026-11-30T06:00:00Z","end":"2026-11-30T07:00:00Z","step":60,"extendedScopeParams":{}}}},"#
        + #""thresholds":{"pass":95.0,"marginal":75.0}},"status":"terminal","buildTimeMillis":1796022000000,"#
        + #""buildTimeIso":"2026-11-30T07:00:00Z","startTimeMillis":1796022001000,"startTimeIso":"2026-11-30T07:00:01Z","#
        + #""endTimeMillis":1796022002000,"endTimeIso":"2026-11-30T07:00:02Z","exception":{"details":{"errors":["away"]}},"#
        + #""fetchedControl":1,"fetchedExperiment":0,"failedStage":"fetchExperiment0"}"#

    private static let analysis =
        #"{"form":1,"id":"01KC","application":"shop","user":"anonymous","#
        + #""storageAccountName":"assay","metricsAccountName":"prometheus","config":"# + config
        + #","request":{"scopes":[{"scopeName":"default","controlScope":"a","controlOffsetInMinutes":0,"#
        + #""experimentScope":"b","step":60,"extendedScopeParams":{}}],"thresholds":{"pass":95.0,"marginal":75.0},"#
        + #""lifetimeDurationMins":2,"beginAfterMins":0,"lookbackMins":0,"analysisIntervalMins":1},"status":"running","#
        + #""buildTimeMillis":1796022000000,"buildTimeIso":"2026-11-30T07:00:00Z","startTimeMillis":1796022001000,"#
        + #""startTimeIso":"2026-11-30T07:00:01Z","judgements":[{"execution":"01KD","start":1796022001000,"#
        + #""end":1796022061000,"status":"succeeded","score":100.0,"line":{"executionId":"01KD"}}],"#
        + #""waitsSince":1796022065000}"#

    @Test func anExecution() throws {
        let execution = try CanaryExecution(stored: Array(Self.execution.utf8))
        #expect(execution.id == "01KB" && execution.progress.status == .terminal)
        #expect(execution.request["default"]?.experiment.scope == "b")
        #expect(execution.answer["stageStatus", "fetchExperiment0"]?.text == "terminal")
        #expect(String(decoding: execution.stored, as: UTF8.self) == Self.execution)
    }

    @Test func anAnalysis() throws {
        let analysis = try CanaryAnalysis(stored: Array(Self.analysis.utf8))
        #expect(analysis.id == "01KC" && analysis.progress.status == .running)
        #expect(analysis.answer["stageStatus", "2", "executionId"]?.text == "01KD")
        #expect(String(decoding: analysis.stored, as: UTF8.self) == Self.analysis)
    }

    @Test("What a newer version added is left out, and its form is refused")
    func newer() throws {
        let more = Self.execution.replacing(#""id":"01KB""#, with: #""id":"01KB","more":{"a":1}"#)
        let read = try CanaryExecution(stored: Array(more.utf8))
        #expect(String(decoding: read.stored, as: UTF8.self) == Self.execution)
        let newer = Self.execution.replacing(#""form":1"#, with: #""form":2"#)
        let problem = CanaryFixtures.problem { _ = try CanaryExecution(stored: Array(newer.utf8)) }
        #expect(problem == "What is stored has the form 2, which a newer version wrote.")
    }
}
