import Analysis
import JSON
import KayentaFormats

extension FuzzTarget {
    /// Bodies of Kayenta's API: a config with a request for one judgement, or for several. What is taken is the same when it is kept
    /// and read again, and what is refused is refused in one line.
    static let kayentaRequest = FuzzTarget("kayenta-request", maximumBytes: 4096, dictionary: "kayenta") { bytes in
        guard let body = try? JSONParser.parse(bytes, maximumDepth: 32) else { return }
        try KayentaProperties.check { () throws(KayentaProblem) in
            _ = try CanaryConfig(body)
        }
        var adHoc: CanaryAdHocRequest?
        try KayentaProperties.check { () throws(KayentaProblem) in adHoc = try CanaryAdHocRequest(body) }
        guard let adHoc else { return }
        try KayentaProperties.check { () throws(KayentaProblem) in try adHoc.config.checkForStore() }
        try KayentaProperties.judgement(adHoc)
        try KayentaProperties.analysis(adHoc)
    }
}

private enum KayentaProperties {
    private static let now = Timestamp(milliseconds: 1_796_022_000_000)

    static func check(_ body: () throws(KayentaProblem) -> Void) throws {
        do throws(KayentaProblem) { try body() } catch { try requireCleanLine(error.message) }
    }

    static func judgement(_ adHoc: CanaryAdHocRequest) throws {
        var taken: CanaryExecutionRequest?
        try check { () throws(KayentaProblem) in
            let request = try CanaryExecutionRequest(adHoc.request)
            try request.check(for: adHoc.config)
            taken = request
        }
        guard let request = taken else { return }
        for metric in adHoc.config.metrics {
            guard let pair = metric.scopeName.flatMap({ request[$0] }) else { throw Finding("a scope is missing") }
            for scope in [pair.control, pair.experiment] {
                try check { () throws(KayentaProblem) in
                    let query = try CanaryQuery.text(metric.query, templates: adHoc.config.templates, for: scope)
                    let sets = CanaryMetricSet.all(of: [], metric: metric.name, query: query, scope: scope)
                    _ = try CanarySetMixer.pairs(control: sets, experiment: sets)
                }
            }
        }
        let origin = CanaryOrigin(application: "a")
        let execution = CanaryExecution(id: "1", origin: origin, config: adHoc.config, request: request, builtAt: now)
        try require(try CanaryExecution(stored: execution.stored) == execution, "an execution changes when it is kept")
        try require(execution.answer.object != nil, "an answer is none")
    }

    static func analysis(_ adHoc: CanaryAdHocRequest) throws {
        var taken: CanaryAnalysisRequest?
        try check { () throws(KayentaProblem) in
            let request = try CanaryAnalysisRequest(adHoc.request)
            let schedule = try JudgementSchedule(request, now: now)
            try schedule.request(schedule.count).check(for: adHoc.config)
            taken = request
        }
        guard let request = taken else { return }
        let origin = CanaryOrigin(application: "a")
        var analysis = CanaryAnalysis(id: "1", origin: origin, config: adHoc.config, request: request, builtAt: now)
        _ = try analysis.step(at: now)
        try require(try CanaryAnalysis(stored: analysis.stored) == analysis, "an analysis changes when it is kept")
        try require(analysis.answer.object != nil, "an answer is none")
    }
}
