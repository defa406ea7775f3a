import Text

/// The PromQL of a metric for one side, built as Kayenta's Prometheus service builds it.
package enum CanaryQuery {
    /// The label that names instances where the resource type is `gce_instance`.
    static let scopeLabel = "instance"

    package static func text(
        _ query: CanaryMetricQuery,
        templates: [String: String],
        for scope: CanaryScope
    ) throws(KayentaProblem) -> String {
        let filter = try filter(query, templates, scope) ?? ""
        if filter.hasPrefix("PromQL:") { return String(filter.dropFirst("PromQL:".count)) }
        guard let metric = query.metricName else {
            throw KayentaProblem("Metric Name is required when query type is Default.")
        }
        let filters =
            filter.isEmpty
            ? query.labelBindings + (try resourceFilters(query, scope)) : [trimmed(filter)] + query.labelBindings
        var text = "avg(\(metric)"
        if !filters.isEmpty { text += "{\(filters.joined(separator: ","))}" }
        text += ")"
        if !query.groupByFields.isEmpty { text += " by (\(query.groupByFields.joined(separator: ",")))" }
        return text
    }

    /// Kayenta divides a filter at its commas, loses empty parts at its end, and joins the parts again.
    private static func trimmed(_ filter: String) -> String {
        var filter = filter[...]
        while filter.last == "," { filter.removeLast() }
        return String(filter)
    }

    /// The expanded template; nil where the metric has none.
    private static func filter(
        _ query: CanaryMetricQuery,
        _ templates: [String: String],
        _ scope: CanaryScope
    ) throws(KayentaProblem) -> String? {
        let template: String
        if let inline = query.customInlineTemplate {
            template = inline
        } else if let name = query.customFilterTemplate {
            guard !templates.isEmpty else {
                throw KayentaProblem(
                    "Custom filter template '\(name.excerpt())' was referenced, but no templates were defined."
                )
            }
            guard let named = templates[name] else {
                throw KayentaProblem("Custom filter template '\(name.excerpt())' was not found.")
            }
            template = named
        } else {
            return nil
        }
        var values: [String: String] = [:]
        values["project"] = scope.parameters["project"]
        values["resourceType"] = query.resourceType ?? scope.parameters["resourceType"]
        values["scope"] = scope.scope
        values["location"] = scope.location
        values = values.filter { !$0.value.isEmpty }
        values.merge(scope.parameters) { $1 }
        return try ScopeTemplate(template).expanded(with: values)
    }

    private static func resourceFilters(
        _ query: CanaryMetricQuery,
        _ scope: CanaryScope
    ) throws(KayentaProblem) -> [String] {
        let type = query.resourceType ?? scope.parameters["resourceType"] ?? ""
        switch type {
        case "gce_instance":
            let location = try location(scope, type)
            let project = try quoted(scope.parameters["project"], "project")
            let zones = project.map { ".+/projects/\($0)/zones/" } ?? ".+/zones/"
            let zone = "zone=~\"\(zones)\(location)-.{1}\""
            return (try quoted(scope.scope, "scope")).map { ["\(scopeLabel)=~\"\($0)-.{4}\"", zone] } ?? [zone]
        case "aws_ec2_instance":
            let zone = "zone=~\"\(try location(scope, type)).{1}\""
            return (try quoted(scope.scope, "scope")).map { ["asg_groupName=\"\($0)\"", zone] } ?? [zone]
        case "":
            throw KayentaProblem("Either a resource type or a custom filter is required.")
        default:
            throw KayentaProblem(
                "There is no explicit support for resourceType '\(type.excerpt())'. You may build whatever query makes sense"
                    + " for your environment via label bindings and custom filter templates."
            )
        }
    }

    private static func location(_ scope: CanaryScope, _ type: String) throws(KayentaProblem) -> String {
        guard let location = try quoted(scope.location, "location") else {
            throw KayentaProblem("Location (i.e. region) is required when resourceType is '\(type)'.")
        }
        return location
    }

    /// A value of the scope that stands within quotes; nil for an empty one.
    private static func quoted(_ value: String?, _ name: String) throws(KayentaProblem) -> String? {
        guard let value, !value.isEmpty else { return nil }
        var place = QueryPlace()
        place.pass("\"")
        try place.check(value, of: name)
        return value
    }
}
