import Analysis
import JSON
import KayentaFormats
import Testing

@Suite struct CanaryRequestTests {
    @Test func isToldAgainAsKayentaDoes() throws {
        let request = try CanaryFixtures.canaryRequest()
        let config = try CanaryFixtures.canaryConfig()
        try request.check(for: config)
        let execution = CanaryExecution(
            id: "1",
            origin: CanaryOrigin(application: "a"),
            config: config,
            request: request,
            builtAt: CanaryFixtures.now
        )
        #expect(
            execution.answer["canaryExecutionRequest"]?.jsonText
                == #"{"scopes":{"default":{"controlScope":{"scope":"stable","location":"us-east1","#
                + #""start":"2026-11-30T06:00:00Z","end":"2026-11-30T07:00:00Z","step":60,"extendedScopeParams":{}},"#
                + #""experimentScope":{"scope":"canary","start":"2026-11-30T06:00:00Z","end":"2026-11-30T07:00:00.250Z","#
                + #""step":60,"extendedScopeParams":{"zone":"a"}}}},"thresholds":{"pass":75.0,"marginal":50.0},"siteLocal":{}}"#
        )
    }

    @Test("Argo names the location by its old name")
    func region() throws {
        let text = CanaryFixtures.request.replacing("location", with: "region")
        #expect(try CanaryFixtures.canaryRequest(text)["default"]?.control.location == "us-east1")
        #expect(try CanaryFixtures.canaryRequest(text)["default"]?.experiment.location == nil)
    }

    @Test(arguments: [
        (#""step": 60, "extendedScopeParams": {}"#, #""step": 0"#, "step must be a whole number"),
        (#""step": 60, "extendedScopeParams": {}"#, #""stepp": 60"#, "stepp has no meaning here."),
        (#""step": 60, "extendedScopeParams": {}"#, #""extendedScopeParams": {}"#, "step is required."),
        (#""end": "2026-11-30T07:00:00Z""#, #""end": "2026-11-30T05:00:00Z""#, "end is before its start."),
        (#""end": "2026-11-30T07:00:00Z""#, #""end": "2026-12-30T07:00:00Z""#, "points of 60 s"),
        (#""end": "2026-11-30T07:00:00Z""#, #""end": "soon""#, "must be an instant"),
        (#""pass": 75, "#, "", "pass is required."),
        (#""pass": 75, "#, #""pass": 0, "#, "must be above 0"),
        (#""pass": 75, "#, #""pass": "NaN", "#, "must be a number"),
        (#""marginal": "50""#, #""marginal": null"#, "marginal is required."),
        (#""thresholds""#, #""treshold""#, "treshold has no meaning here."),
        (#""thresholds": {"pass": 75, "marginal": "50"},"#, "", "Execution request must contain thresholds"),
        (#""experimentScope": {"#, #""experimentScope": null, "x": {"#, "x has no meaning here."),
        (#""default": {"#, #""other": {"#, "not provided in the execution request: [default]"),
    ])
    func strictly(part: String, other: String, problem: String) throws {
        let text = CanaryFixtures.request.replacing(part, with: other)
        try #require(text != CanaryFixtures.request)
        let config = try CanaryFixtures.canaryConfig()
        let found = CanaryFixtures.problem { try CanaryFixtures.canaryRequest(text).check(for: config) }
        #expect(found?.contains(problem) == true, "\(found ?? "taken")")
    }

    @Test func aConfigWithoutMetricsIsNotAnalysed() throws {
        let config = try CanaryFixtures.canaryConfig(#"{"classifier": {"groupWeights": {}}}"#)
        let found = CanaryFixtures.problem { try CanaryFixtures.canaryRequest().check(for: config) }
        #expect(found?.hasPrefix("The canary config must specify at least one metric.") == true)
    }
}
