import JSON
import Text

/// A metric of a canary config.
package struct CanaryMetric: Sendable, Equatable {
    package let name: String
    package let query: CanaryMetricQuery
    /// Nil where it names none, so that no execution can ask for it.
    package let scopeName: String?
    let json: JSONValue

    private static let members: Set<String> = ["name", "query", "groups", "analysisConfigurations", "scopeName"]

    init(_ value: JSONValue, path: String) throws(KayentaProblem) {
        let metric = try KayentaObject(value, path, members: Self.members)
        guard let name = try metric.text("name") else { throw KayentaProblem("Metric config must specify a name.") }
        self.name = name
        query = try CanaryMetricQuery(try metric.required("query", metric.value("query")), path: "\(path).query")
        scopeName = try metric.text("scopeName")
        let groups = try metric.required("groups", try metric.texts("groups"))
        let configurations = try Self.configurations(metric)
        json = .object([
            "name": .string(name), "query": .object(query.json), "groups": .array(groups.map { .string($0) }),
            "analysisConfigurations": configurations, "scopeName": scopeName.map { .string($0) },
        ])
    }

    /// What the judge reads is read again by it; here is what it would pass over.
    private static func configurations(_ metric: KayentaObject) throws(KayentaProblem) -> JSONValue? {
        let name = "analysisConfigurations"
        guard let value = metric.value(name) else { return nil }
        let all = try KayentaObject(value, metric.path(of: name), members: ["canary"])
        guard let canary = all.value("canary") else { return value }
        let path = all.path(of: "canary")
        let options = try KayentaObject(
            canary,
            path,
            members: ["direction", "nanStrategy", "outliers", "critical", "mustHaveData", "muted", "effectSize"]
        )
        try options.check("direction", is: ["increase", "decrease", "either"])
        try options.check("nanStrategy", is: ["remove", "replace"])
        for flag in ["critical", "mustHaveData", "muted"] { _ = try options.flag(flag) }
        if let value = options.value("outliers") {
            let outliers = try KayentaObject(value, "\(path).outliers", members: ["strategy", "outlierFactor"])
            try outliers.check("strategy", is: ["remove", "keep"])
            _ = try outliers.number("outlierFactor")
        }
        if let value = options.value("effectSize") {
            let limits = ["allowedIncrease", "allowedDecrease", "criticalIncrease", "criticalDecrease"]
            let effect = try KayentaObject(value, "\(path).effectSize", members: Set(limits + ["measure"]))
            try effect.check("measure", is: ["meanRatio", "cles"])
            for limit in limits { _ = try effect.number(limit) }
        }
        return value
    }

    /// As executions tell it.
    var escaped: JSONValue {
        guard var object = json.object else { return json }
        var query = query.json
        query["customInlineTemplate"] = query["customInlineTemplate"]?.text.map { .string(CanaryConfig.escaped($0)) }
        object["query"] = .object(query)
        return .object(object)
    }
}

extension KayentaObject {
    /// One of the words, where it is there.
    fileprivate func check(_ name: String, is words: [String]) throws(KayentaProblem) {
        guard let word = try text(name), !words.contains(word) else { return }
        throw problem(name, "is '\(word.excerpt())'; known are \(words.joined(separator: ", ")).")
    }
}
