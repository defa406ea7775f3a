import JSON
import Text

/// How a metric is asked for: Kayenta's `PrometheusCanaryMetricSetQueryConfig`.
package struct CanaryMetricQuery: Sendable, Equatable {
    package var resourceType: String?
    package var metricName: String?
    package var labelBindings: [String]
    package var groupByFields: [String]
    package var customInlineTemplate: String?
    package var customFilterTemplate: String?
    var json: JSONObject

    private static let members: Set<String> = [
        "type", "serviceType", "resourceType", "metricName", "labelBindings", "groupByFields", "customFilter",
        "customInlineTemplate", "customFilterTemplate",
    ]

    package init(
        resourceType: String? = nil,
        metricName: String?,
        labelBindings: [String],
        groupByFields: [String],
        customInlineTemplate: String?
    ) {
        self.resourceType = resourceType
        self.metricName = metricName
        self.labelBindings = labelBindings
        self.groupByFields = groupByFields
        self.customInlineTemplate = customInlineTemplate
        json = JSONObject()
    }

    init(_ value: JSONValue, path: String) throws(KayentaProblem) {
        let type = value.object?["type"]?.text
        guard type == "prometheus" else {
            throw KayentaProblem(
                "\(path).type is '\(type?.excerpt() ?? "")': there is no metrics service but 'prometheus' here."
            )
        }
        let query = try KayentaObject(value, path, members: Self.members)
        if let service = try query.text("serviceType"), service != type {
            throw query.problem("serviceType", "is not the type.")
        }
        guard try query.text("customFilter") == nil else {
            throw KayentaProblem(
                "CanaryMetricSetQueryConfig.customFilter is deprecated, use"
                    + " CanaryMetricSetQueryConfig.customInlineTemplate instead."
            )
        }
        resourceType = try query.text("resourceType")
        metricName = try query.text("metricName")
        labelBindings = try query.texts("labelBindings") ?? []
        groupByFields = try query.texts("groupByFields") ?? []
        customInlineTemplate = try query.text("customInlineTemplate")
        customFilterTemplate = try query.text("customFilterTemplate")
        json = JSONObject()
        for (name, member) in query.json.members where member != .null { json[name] = member }
        // Kayenta tells both.
        json["serviceType"] = .string("prometheus")
    }
}
