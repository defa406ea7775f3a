package import JSON
import Text

/// One judgement of one window: Kayenta's `CanaryExecutionRequest`.
package struct CanaryExecutionRequest: Sendable, Equatable {
    static let mostScopes = 50

    /// In the order of the request.
    package var scopes: [(name: String, pair: CanaryScopePair)]
    package var thresholds: CanaryThresholds
    /// Told again, and of no effect.
    var metadata: JSONValue?
    var siteLocal: JSONValue?

    package init(
        scopes: [(name: String, pair: CanaryScopePair)],
        thresholds: CanaryThresholds,
        siteLocal: JSONValue? = nil
    ) {
        self.scopes = scopes
        self.thresholds = thresholds
        self.siteLocal = siteLocal
    }

    package init(_ value: JSONValue, path: String = "executionRequest") throws(KayentaProblem) {
        let request = try KayentaObject(value, path, members: ["scopes", "thresholds", "metadata", "siteLocal"])
        thresholds = try CanaryThresholds(request.value("thresholds"), path: "\(path).thresholds")
        scopes = []
        let named = request.value("scopes") ?? .object([:])
        guard let members = named.object?.members else {
            throw request.problem("scopes", "must be an object, not \(named.kind).")
        }
        guard members.count <= Self.mostScopes else {
            throw request.problem("scopes", "are \(members.count); at most \(Self.mostScopes) are allowed.")
        }
        for (name, value) in members {
            scopes.append((name, try CanaryScopePair(value, name: name, path: "\(path).scopes.\(name.excerpt())")))
        }
        metadata = request.value("metadata")
        siteLocal = request.value("siteLocal")
    }

    package subscript(name: String) -> CanaryScopePair? { scopes.first { $0.name == name }?.pair }

    /// Whether the metrics of a config can be asked for, in Kayenta's words.
    package func check(for config: CanaryConfig) throws(KayentaProblem) {
        guard !config.metrics.isEmpty else {
            throw KayentaProblem(
                "The canary config must specify at least one metric. Otherwise we're not analyzing anything. :)"
            )
        }
        let missing = Set(config.metrics.compactMap(\.scopeName)).subtracting(scopes.map(\.name)).sorted()
        guard missing.isEmpty else {
            throw KayentaProblem(
                "Canary metrics require scopes which were not provided in the execution request: "
                    + "[\(missing.joined(separator: ", ").excerpt(300))]"
            )
        }
        if let metric = config.metrics.first(where: { $0.scopeName == nil }) {
            throw KayentaProblem("Canary scope for metric named '\(metric.name.excerpt())' is null.")
        }
    }

    /// Nil unless all windows have one length.
    var duration: Duration? {
        let durations = Set(scopes.flatMap { [$0.pair.control.duration, $0.pair.experiment.duration] })
        return durations.count == 1 ? durations.first : nil
    }

    var json: JSONValue {
        var named = JSONObject()
        for (name, pair) in scopes { named[name] = pair.json }
        return .object([
            "scopes": .object(named), "thresholds": thresholds.json, "metadata": metadata, "siteLocal": siteLocal,
        ])
    }

    package static func == (left: Self, right: Self) -> Bool { left.json == right.json }
}
