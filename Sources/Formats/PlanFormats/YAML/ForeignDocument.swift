import Text
import Yams

/// Recognises files of other tools, which a person may take for plans.
struct ForeignDocument {
    /// What the file is, with an article.
    let kind: String

    /// Nil for a plan, and for a document of no known tool.
    init?(_ root: Node) {
        guard case .mapping = root else { return nil }
        let version = Self.text(root, "apiVersion") ?? ""
        let kind = Self.text(root, "kind") ?? ""
        if let name = Self.kubernetesKind(version: version, kind: kind) ?? Self.kind(of: root, kind: kind) {
            self.kind = name
        } else {
            return nil
        }
    }

    /// What to tell a person.
    var problem: String {
        "is \(kind); Assay does not read those yet: docs/from-kayenta.md says how its parts become a plan"
    }

    private static func text(_ node: Node, _ key: String) -> String? { member(node, key)?.scalar?.string }

    private static func member(_ node: Node, _ key: String) -> Node? {
        guard case .mapping(let mapping) = node else { return nil }
        return mapping.first { $0.key.scalar?.string == key }?.value
    }

    private static func has(_ node: Node, _ keys: String...) -> Bool { keys.allSatisfy { member(node, $0) != nil } }

    private static func kubernetesKind(version: String, kind: String) -> String? {
        guard !version.isEmpty, version != PlanReader.apiVersion, !version.hasPrefix("assay.dev/") else { return nil }
        let group = version.split(separator: "/").first.map(String.init) ?? ""
        let shownKind = kind.isEmpty ? "a resource of \(group.excerpt(60))" : kind.excerpt(60)
        switch group {
        case "argoproj.io": return "an Argo \(shownKind)"
        case "flagger.app": return "a Flagger \(shownKind)"
        case "metrics.keptn.sh", "lifecycle.keptn.sh", "options.keptn.sh": return "a Keptn \(shownKind)"
        case "openslo": return "an OpenSLO \(shownKind)"
        case "sloth.slok.dev": return "a Sloth \(shownKind)"
        case "monitoring.coreos.com": return "a \(shownKind) of the Prometheus Operator"
        case "iter8.tools": return "an Iter8 \(shownKind)"
        default: return nil
        }
    }

    private static func kind(of root: Node, kind: String) -> String? {
        if has(root, "canaryConfig") { return "a request to Kayenta with a canary config" }
        if isKayentaConfig(root) { return "a Kayenta canary config" }
        if has(root, "spec_version"), has(root, "objectives") || has(root, "indicators") {
            return has(root, "objectives") ? "a Keptn SLO file" : "a Keptn SLI file"
        }
        if case .sequence(let groups)? = member(root, "groups"), groups.first.map({ has($0, "rules") }) ?? false {
            return "a file of Prometheus rules"
        }
        if has(root, "panels", "title") { return "a Grafana dashboard" }
        if has(root, "stages"), has(root, "application") { return "a Spinnaker pipeline" }
        return nil
    }

    /// Its metrics have queries that are objects with a type, or an analysis configuration.
    private static func isKayentaConfig(_ root: Node) -> Bool {
        if has(root, "classifier"), has(root, "judge") || has(root, "metrics") { return true }
        guard case .sequence(let metrics)? = member(root, "metrics") else { return false }
        return metrics.contains { metric in
            has(metric, "analysisConfigurations") || has(metric, "scopeName")
                || member(metric, "query").map { has($0, "type") } ?? false
        }
    }
}
