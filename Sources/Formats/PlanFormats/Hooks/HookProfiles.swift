import Analysis
package import EventFormats
import Text
import Yams

/// Reads what an operator adds to the messages of other systems: YAML or JSON, a document for each profile, strict, every
/// error with its line.
package enum HookProfiles {
    package static let kind = "HookProfile"

    private static let keys = ["apiVersion", "kind", "hook", "match", "set", "control", "experiment"]

    /// Profiles in the order of the file.
    ///
    /// - Parameter file: the name that errors use.
    package static func read(_ text: String, file: String) throws(PlanFileErrors) -> [HookProfile] {
        try YAMLDocuments.read(text, file: file, holding: "profile", profile)
    }

    private static func profile(_ root: Node, _ issues: inout YAMLIssues) -> HookProfile? {
        guard let fields = YAMLFields(root, path: "", accepted: keys, issues: &issues) else { return nil }
        fields.requireHead(of: kind, and: "hook", &issues)
        guard let format = fields.choice("hook", of: HookFormat.self, &issues) else { return nil }
        var profile = HookProfile(format: format)
        if let match = fields.fields("match", accepted: ["applications", "namespaces"], &issues) {
            profile.applications = match.texts("applications", &issues) ?? []
            profile.namespaces = match.texts("namespaces", &issues) ?? []
        }
        if let set = fields.fields("set", accepted: HookField.allCases.map(\.rawValue), &issues) {
            for field in HookField.allCases { profile.set[field] = template(field.rawValue, of: set, &issues) }
        }
        if let control = fields.fields("control", accepted: ["labels", "before"], &issues) {
            profile.control = self.control(control, &issues)
        }
        if let experiment = fields.fields("experiment", accepted: ["labels"], &issues) {
            experiment.require("labels", &issues)
            profile.experiment = labels(experiment, &issues)
        }
        return profile
    }

    private static func control(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> HookProfile.Control? {
        switch (fields.contains("labels"), fields.contains("before")) {
        case (true, false): return labels(fields, &issues).map { .labels($0) }
        case (false, true):
            guard let offset = fields.duration("before", &issues) else { return nil }
            guard ControlScope.acceptedOffsets.contains(offset) else {
                issues.add(
                    fields.position(of: "before"),
                    fields.path(of: "before"),
                    "must be longer than 0 and at most 90d"
                )
                return nil
            }
            return .before(offset)
        case (true, true), (false, false):
            issues.add(fields.position, fields.path, "give either labels or before (how long ago)")
            return nil
        }
    }

    private static func labels(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> [String: HookTemplate]? {
        guard let given = fields.fields("labels", accepted: nil, &issues) else { return nil }
        var labels: [String: HookTemplate] = [:]
        for name in given.names {
            labels[name] = template(name, of: given, &issues)
            guard ScopeLabel.isValidName(name) else {
                issues.add(given.position(of: name), given.path(of: name), "is no name of a label")
                continue
            }
        }
        if given.names.isEmpty { issues.add(given.position, given.path, "names no label") }
        return labels
    }

    private static func template(
        _ name: String,
        of fields: YAMLFields,
        _ issues: inout YAMLIssues
    ) -> HookTemplate? {
        guard let text = fields.text(name, &issues) else { return nil }
        guard !text.isEmpty, !text.holdsUnprintable else {
            issues.add(fields.position(of: name), fields.path(of: name), "is empty, or has a control character")
            return nil
        }
        guard let template = HookTemplate(text) else {
            issues.add(fields.position(of: name), fields.path(of: name), "has a ${ without a path and a } behind it")
            return nil
        }
        return template
    }
}
