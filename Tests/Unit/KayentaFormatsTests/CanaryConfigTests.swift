import Analysis
import JSON
import KayentaFormats
import Testing

@Suite struct CanaryConfigTests {
    @Test func isKeptAsItCame() throws {
        let config = try CanaryFixtures.canaryConfig()
        try config.checkForStore()
        #expect(config.metrics.map(\.name) == ["errors", "latency"])
        #expect(config.applications == ["checkout"])
        let json = JSONValue.object(config.json)
        #expect(json["classifier", "scoreThresholds", "pass"] == .number("95"))
        // Kayenta tells the service of each query.
        #expect(json["metrics", "1", "query", "serviceType"] == .string("prometheus"))
        #expect(json["metrics", "0", "query", "customInlineTemplate"]?.text == #"PromQL:sum(errors{track="${scope}"})"#)
        #expect(try CanaryConfig(json) == config)
    }

    @Test func theServerFillsInWhatItKnows() throws {
        let config = try CanaryFixtures.canaryConfig()
        let new = config.stamped(id: "an-id", at: CanaryFixtures.now, isNew: true)
        #expect(
            new.summary.jsonText
                == #"{"id":"an-id","name":"checkout-canary","updatedTimestamp":1796021999500,"#
                + #""updatedTimestampIso":"2026-11-30T06:59:59.500Z","applications":["checkout"]}"#
        )
        #expect(new.json["createdTimestamp"]?.integer == 1_796_021_999_500)
        let changed = new.stamped(id: "an-id", at: CanaryFixtures.now + .seconds(60), isNew: false)
        #expect(changed.json["createdTimestampIso"]?.text == "2026-11-30T06:59:59.500Z")
        #expect(changed.json["updatedTimestampIso"]?.text == "2026-11-30T07:00:59.500Z")
    }

    @Test(
        "What has no meaning here is said",
        arguments: [
            (
                #""critical": true"#, #""crtical": true"#,
                "canaryConfig.metrics[0].analysisConfigurations.canary.crtical"
            ),
            (#""critical": true"#, #""critical": "true""#, "critical must be true or false"),
            (#""direction": "increase""#, #""direction": "up""#, "direction is 'up'"),
            (#""nanStrategy": "replace""#, #""nanStrategy": "zero""#, "nanStrategy is 'zero'"),
            (#""allowedIncrease": 1.2"#, #""allowedIncrese": 1.2"#, "allowedIncrese has no meaning here."),
            (#""outlierFactor": 3"#, #""outlierFactor": 0"#, "must be above 0"),
            (#""outlierFactor": 3"#, #""outlierFactor": "3""#, "a text"),
            (#""strategy": "remove""#, #""strategy": "clamp""#, "strategy is 'clamp'"),
            (#""type": "prometheus", "metricName""#, #""type": "datadog", "metricName""#, "'datadog'"),
            (#""metricName": "latency_ms""#, #""customFilter": "a=b""#, "customFilter is deprecated"),
            (
                #""name": "NetflixACAJudge-v1.0""#, #""name": "dredd-v1.0""#,
                "Unable to resolve canary judge 'dredd-v1.0'."
            ),
            (#""judgeConfigurations": {}"#, #""judgeConfigurations": {"x": 1}"#, "judgeConfigurations must be empty"),
            (
                #""name": "latency","#, #""name": "errors","#,
                "Metric config name must be unique. 'errors' is duplicated."
            ),
            (#""name": "latency","#, #""name": "","#, "Metric config must specify a name."),
            (#""groups": ["latency"],"#, "", "groups is required."),
            (
                #""configVersion": "1","#, #""configVersion": "1", "extra": 1,"#,
                "canaryConfig.extra has no meaning here."
            ),
            (#""name": "checkout-canary""#, #""name": "a b""#, "Names must contain only letters"),
            (#""name": "checkout-canary","#, "", "Canary config must specify a name."),
            (#"["checkout"]"#, #"["checkout", ""]"#, "applications hold an empty name."),
            (#"["checkout"]"#, #"["checkout"], "isNew": 1"#, "isNew must be true or false"),
            (#"["checkout"]"#, "[]", "Canary config must specify at least one application."),
            (#""classifier": {"#, #""clasifier": {"#, "clasifier has no meaning here."),
        ]
    )
    func strictly(part: String, other: String, problem: String) throws {
        let text = CanaryFixtures.config.replacing(part, with: other)
        try #require(text != CanaryFixtures.config)
        let found = CanaryFixtures.problem { try CanaryFixtures.canaryConfig(text).checkForStore() }
        #expect(found?.contains(problem) == true, "\(found ?? "taken")")
    }

    @Test func anyJSONIsTakenOrRefused() throws {
        for text in [
            "null", "[]", "1", #""x""#, "{}", #"{"metrics": {}}"#, #"{"metrics": [null]}"#, #"{"classifier": []}"#,
        ] {
            #expect(throws: KayentaProblem.self) { try CanaryFixtures.canaryConfig(text) }
        }
    }
}
