import JSON
import Judging

/// The parts of a Kayenta canary config that its judge reads.
struct KayentaConfig {
    struct Metric {
        var name: String?
        /// Nil where the config has none, which Kayenta cannot score.
        var groups: [String]?
        var analysisConfigurations: JSONValue?
    }

    private(set) var metrics: [Metric]?
    /// Nil where the config has no classifier, which Kayenta cannot score.
    var groupWeights: [String: Double]?

    /// Throws where a field has a type that Kayenta does not read, whether or not a metric set pair needs it.
    init(_ config: JSONValue) throws(KayentaError) {
        _ = try config.members("config")
        if let list = config.member("metrics") {
            var metrics: [Metric] = []
            for metric in try list.list("config.metrics") { metrics.append(try Metric(metric)) }
            self.metrics = metrics
        }
        if let classifier = config.member("classifier") {
            _ = try classifier.members("config.classifier")
            var weights: [String: Double] = [:]
            for (group, weight) in try classifier.member("groupWeights")?.sortedMembers("groupWeights") ?? [] {
                weights[group] = try weight.number("The weight of group '\(group)'")
            }
            groupWeights = weights
        }
    }

    /// The first metric of that name, compared byte by byte: Kayenta does not normalise Unicode.
    func metric(named name: String?) throws(KayentaError) -> Metric {
        guard let metric = metrics?.first(where: { $0.name.map { Array($0.utf8) } == name.map { Array($0.utf8) } })
        else {
            throw KayentaError("Could not find metric config for \(name ?? "null").")
        }
        return metric
    }
}

extension KayentaConfig.Metric {
    init(_ metric: JSONValue) throws(KayentaError) {
        _ = try metric.members("A metric of the config")
        name = try metric.member("name")?.text("A metric's name")
        if let list = metric.member("groups") {
            var groups: [String] = []
            for group in try list.list("The groups of a metric") { groups.append(try group.text("A group's name")) }
            self.groups = groups
        }
        analysisConfigurations = metric.member("analysisConfigurations")
        let configurations = try analysisConfigurations?.sortedMembers("analysisConfigurations") ?? []
        for (key, value) in configurations where value != .null {
            _ = try value.members("analysisConfigurations.\(key)")
        }
    }
}
