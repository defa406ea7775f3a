package import Analysis
package import JSON
import JudgeInputs
import Text

/// A canary config of Kayenta, read strictly: what Kayenta would pass over without a word is an error.
package struct CanaryConfig: Sendable, Equatable {
    package static let judge = "NetflixACAJudge-v1.0"
    package static let mostMetrics = 500

    /// As it is kept and answered.
    package private(set) var json: JSONObject
    package let metrics: [CanaryMetric]
    package let templates: [String: String]

    private static let members: Set<String> = [
        "createdTimestamp", "updatedTimestamp", "createdTimestampIso", "updatedTimestampIso", "name", "id",
        "description", "configVersion", "applications", "judge", "metrics", "templates", "classifier", "isNew",
    ]

    package init(_ value: JSONValue, path: String = "canaryConfig") throws(KayentaProblem) {
        let config = try KayentaObject(value, path, members: Self.members)
        json = JSONObject()
        for name in ["createdTimestamp", "updatedTimestamp"] {
            _ = try config.whole(name, in: 0...253_402_300_799_000)
            json[name] = config.value(name)
        }
        for name in ["createdTimestampIso", "updatedTimestampIso", "name", "id", "description", "configVersion"] {
            json[name] = try config.text(name).map { .string($0) }
        }
        // Of a config that Deck has not stored yet.
        _ = try config.flag("isNew")
        let applications = try config.texts("applications")
        guard applications?.contains("") != true else { throw config.problem("applications", "hold an empty name.") }
        json["applications"] = applications.map { .array($0.map { .string($0) }) }
        json["judge"] = try Self.judge(config)
        var metrics: [CanaryMetric] = []
        var names: Set<String> = []
        for (index, metric) in (try config.list("metrics", most: Self.mostMetrics) ?? []).enumerated() {
            let metric = try CanaryMetric(metric, path: "\(path).metrics[\(index)]")
            guard names.insert(metric.name).inserted else {
                throw KayentaProblem("Metric config name must be unique. '\(metric.name.excerpt())' is duplicated.")
            }
            metrics.append(metric)
        }
        self.metrics = metrics
        json["metrics"] = .array(metrics.map(\.json))
        let templates = try config.map("templates")
        self.templates = Dictionary(templates ?? []) { $1 }
        json["templates"] = templates.map { .object(JSONObject($0)) }
        json["classifier"] = try Self.classifier(config)
        do throws(KayentaError) { try KayentaCase.check(config: .object(json)) } catch {
            throw KayentaProblem(error.description.excerpt(300))
        }
    }

    package var id: String? { json["id"]?.text }
    package var name: String? { json["name"]?.text }
    package var applications: [String] { json["applications"]?.elements?.compactMap(\.text) ?? [] }
    package var updatedAt: Timestamp? {
        json["updatedTimestamp"]?.integer.map { Timestamp(milliseconds: $0) }
    }

    private static func judge(_ config: KayentaObject) throws(KayentaProblem) -> JSONValue? {
        guard let value = config.value("judge") else { return nil }
        let judge = try KayentaObject(value, config.path(of: "judge"), members: ["name", "judgeConfigurations"])
        if let name = try judge.text("name"), name != Self.judge {
            throw KayentaProblem("Unable to resolve canary judge '\(name.excerpt())'.")
        }
        if let configurations = judge.value("judgeConfigurations"), configurations.object?.count != 0 {
            throw judge.problem("judgeConfigurations", "must be empty: the judge reads nothing of it.")
        }
        return value
    }

    private static func classifier(_ config: KayentaObject) throws(KayentaProblem) -> JSONValue {
        let value = try config.required("classifier", config.value("classifier"))
        let path = config.path(of: "classifier")
        let classifier = try KayentaObject(value, path, members: ["groupWeights", "scoreThresholds"])
        // Kept and told again, as Kayenta does; the thresholds of the request count.
        if let thresholds = classifier.value("scoreThresholds") {
            _ = try KayentaObject(thresholds, "\(path).scoreThresholds", members: ["pass", "marginal"])
        }
        return value
    }
}

extension CanaryConfig {
    /// What Kayenta asks of a config that is to be kept.
    package func checkForStore() throws(KayentaProblem) {
        guard let name else { throw KayentaProblem("Canary config must specify a name.") }
        guard !applications.isEmpty else {
            throw KayentaProblem("Canary config must specify at least one application.")
        }
        let isUsable = name.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
        }
        guard isUsable, name.utf8.count <= 200 else {
            throw KayentaProblem(
                "Canary config cannot be named '\(name.excerpt(200))'. Names must contain only letters, numbers, dashes (-)"
                    + " and underscores (_)."
            )
        }
    }

    /// With the members that the server fills in.
    package func stamped(id: String, at now: Timestamp, isNew: Bool) -> CanaryConfig {
        var config = self
        config.json["id"] = .string(id)
        if isNew {
            let created = json["createdTimestamp"]?.integer ?? now.milliseconds
            config.stamp("created", Timestamp(milliseconds: created))
            config.stamp("updated", updatedAt ?? Timestamp(milliseconds: created))
        } else {
            config.stamp("updated", now)
        }
        return config
    }

    private mutating func stamp(_ name: String, _ time: Timestamp) {
        json["\(name)Timestamp"] = .integer(Int(time.milliseconds))
        json["\(name)TimestampIso"] = .string(time.javaText)
    }

    /// Its line in `GET /canaryConfig`.
    package var summary: JSONValue {
        .object([
            "id": json["id"], "name": json["name"], "updatedTimestamp": json["updatedTimestamp"],
            "updatedTimestampIso": json["updatedTimestampIso"], "applications": json["applications"],
        ])
    }

    /// As executions tell it: Kayenta hides `${` from Orca, which would evaluate it.
    var escaped: JSONValue {
        var escaped = json
        escaped["applications"] = json["applications"] ?? .array([])
        escaped["metrics"] = .array(metrics.map(\.escaped))
        var templates = JSONObject()
        for (name, value) in json["templates"]?.object?.members ?? [] {
            templates[name] = value.text.map { .string(Self.escaped($0)) }
        }
        escaped["templates"] = .object(templates)
        return .object(escaped)
    }

    static func escaped(_ template: String) -> String { template.replacing("${", with: #"$\{"#) }
}

extension JSONObject {
    init(_ map: [(name: String, value: String)]) {
        self.init()
        for (name, value) in map { self[name] = .string(value) }
    }
}
