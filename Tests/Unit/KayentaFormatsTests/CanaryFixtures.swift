import Analysis
import JSON
import KayentaFormats

/// Bodies as callers of Kayenta's API send them.
enum CanaryFixtures {
    static let config = """
        {
          "name": "checkout-canary", "description": "errors and latency", "configVersion": "1",
          "applications": ["checkout"],
          "judge": {"name": "NetflixACAJudge-v1.0", "judgeConfigurations": {}},
          "metrics": [
            {
              "name": "errors",
              "query": {"type": "prometheus", "serviceType": "prometheus",
                        "customInlineTemplate": "PromQL:sum(errors{track=\\"${scope}\\"})"},
              "groups": ["errors"],
              "analysisConfigurations": {"canary": {"direction": "increase", "critical": true}},
              "scopeName": "default"
            },
            {
              "name": "latency",
              "query": {"type": "prometheus", "metricName": "latency_ms", "customFilterTemplate": "track",
                        "labelBindings": ["job=\\"web\\""], "groupByFields": ["zone"]},
              "groups": ["latency"],
              "analysisConfigurations": {"canary": {"direction": "increase", "nanStrategy": "replace",
                "outliers": {"strategy": "remove", "outlierFactor": 3}, "effectSize": {"allowedIncrease": 1.2}}},
              "scopeName": "default"
            }
          ],
          "templates": {"track": "track=\\"${scope}\\",region=\\"${location:-anywhere}\\""},
          "classifier": {"groupWeights": {"errors": 60, "latency": 40}, "scoreThresholds": {"pass": 95, "marginal": 75}}
        }
        """

    /// As Orca sends it.
    static let request = """
        {
          "scopes": {"default": {
            "controlScope": {"scope": "stable", "location": "us-east1", "start": "2026-11-30T06:00:00Z",
                             "end": "2026-11-30T07:00:00Z", "step": 60, "extendedScopeParams": {}},
            "experimentScope": {"scope": "canary", "location": null, "start": "2026-11-30T06:00:00Z",
                                "end": "2026-11-30T07:00:00.250Z", "step": 60, "extendedScopeParams": {"zone": "a"}}
          }},
          "thresholds": {"pass": 75, "marginal": "50"}, "siteLocal": {}
        }
        """

    static func json(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8), maximumDepth: 32) }

    static func canaryConfig(_ text: String = config) throws -> CanaryConfig { try CanaryConfig(try json(text)) }

    static func canaryRequest(_ text: String = request) throws -> CanaryExecutionRequest {
        try CanaryExecutionRequest(try json(text))
    }

    static let now = Timestamp(milliseconds: 1_796_021_999_500)

    /// The problem that a body is refused for; nil where it is taken.
    static func problem(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch { return "\(error)" }
    }
}

extension JSONValue {
    /// The value at a path of members and indexes.
    subscript(path: String...) -> JSONValue? {
        path.reduce(self) { value, name in
            if let index = Int(name) { return value?.elements.flatMap { $0.indices.contains(index) ? $0[index] : nil } }
            return value?.object?[name]
        }
    }
}
