import Analysis
package import JSON
import Text

/// Several judgements over a time: Kayenta's `CanaryAnalysisExecutionRequest`.
package struct CanaryAnalysisRequest: Sendable, Equatable {
    struct Scope: Sendable, Equatable {
        var name: String
        var control: String?
        var controlLocation: String?
        var controlOffset: Duration
        var experiment: String?
        var experimentLocation: String?
        var start: Timestamp?
        var end: Timestamp?
        var step: Int64
        var parameters: [String: String]
    }

    static let longestMinutes: Int64 = 43_200

    var scopes: [Scope]
    package var thresholds: CanaryThresholds
    /// Nil where the end is given.
    var lifetime: Duration?
    var warmup: Duration
    var lookback: Duration
    var interval: Duration?
    var siteLocal: JSONValue?
    /// As it is kept and answered.
    package private(set) var json: JSONValue

    private static let members: Set<String> = [
        "scopes", "thresholds", "lifetimeDurationMins", "beginAfterMins", "lookbackMins", "analysisIntervalMins",
        "siteLocal",
    ]

    package init(_ value: JSONValue, path: String = "executionRequest") throws(KayentaProblem) {
        let request = try KayentaObject(value, path, members: Self.members)
        thresholds = try CanaryThresholds(request.value("thresholds"), path: "\(path).thresholds")
        let longest = 0...Self.longestMinutes
        lifetime = try request.whole("lifetimeDurationMins", in: longest).map { .minutes($0) }
        warmup = .minutes(try request.whole("beginAfterMins", in: longest) ?? 0)
        lookback = .minutes(try request.whole("lookbackMins", in: longest) ?? 0)
        interval = try request.whole("analysisIntervalMins", in: longest).map { .minutes($0) }
        siteLocal = request.value("siteLocal")
        var scopes: [Scope] = []
        let list = try request.list("scopes", most: CanaryExecutionRequest.mostScopes) ?? []
        for (index, scope) in list.enumerated() { scopes.append(try Scope(scope, path: "\(path).scopes[\(index)]")) }
        guard !scopes.isEmpty else {
            throw KayentaProblem("Canary StageExecution configuration must contain at least one scope.")
        }
        guard Set(scopes.map(\.name)).count == scopes.count else {
            throw request.problem("scopes", "have one name twice.")
        }
        self.scopes = scopes
        json = .object([
            "scopes": .array(scopes.map(\.json)), "thresholds": thresholds.json,
            "lifetimeDurationMins": request.value("lifetimeDurationMins"),
            "beginAfterMins": .integer(warmup.minutes), "lookbackMins": .integer(lookback.minutes),
            "analysisIntervalMins": request.value("analysisIntervalMins"), "siteLocal": siteLocal,
        ])
    }
}

extension CanaryAnalysisRequest.Scope {
    private static let members: Set<String> = [
        "scopeName", "controlScope", "controlLocation", "controlOffsetInMinutes", "experimentScope",
        "experimentLocation", "startTimeIso", "endTimeIso", "step", "extendedScopeParams",
    ]

    fileprivate init(_ value: JSONValue, path: String) throws(KayentaProblem) {
        let scope = try KayentaObject(value, path, members: Self.members)
        let offsets = -CanaryAnalysisRequest.longestMinutes...CanaryAnalysisRequest.longestMinutes
        self.init(
            name: try scope.text("scopeName") ?? "default",
            control: try scope.text("controlScope"),
            controlLocation: try scope.text("controlLocation"),
            controlOffset: .minutes(try scope.whole("controlOffsetInMinutes", in: offsets) ?? 0),
            experiment: try scope.text("experimentScope"),
            experimentLocation: try scope.text("experimentLocation"),
            start: try scope.instant("startTimeIso"),
            end: try scope.instant("endTimeIso"),
            step: try scope.whole("step", in: 1...CanaryScope.longestStep) ?? 60,
            parameters: Dictionary(try scope.map("extendedScopeParams") ?? []) { $1 }
        )
    }

    fileprivate var json: JSONValue {
        .object([
            "scopeName": .string(name), "controlScope": control.map { .string($0) },
            "controlLocation": controlLocation.map { .string($0) },
            "controlOffsetInMinutes": .integer(controlOffset.minutes),
            "experimentScope": experiment.map { .string($0) },
            "experimentLocation": experimentLocation.map { .string($0) },
            "startTimeIso": start.map { .string($0.javaText) }, "endTimeIso": end.map { .string($0.javaText) },
            "step": .integer(Int(step)),
            "extendedScopeParams": .object(
                JSONObject(parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
            ),
        ])
    }
}

extension Duration {
    static func minutes(_ minutes: Int64) -> Duration { .seconds(minutes * 60) }

    /// Whole ones.
    var minutes: Int { Int(milliseconds / 60_000) }
}
