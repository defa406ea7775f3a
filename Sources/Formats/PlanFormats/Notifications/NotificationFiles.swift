package import Notifications
import Yams

/// Reads where notifications go: YAML or JSON, a document for each destination, strict, every error with its line.
package enum NotificationFiles {
    package static let kind = "NotificationDestination"
    /// Each has a relay and a client of its own.
    package static let maximumDestinations = 32
    private static let maximumName = 40

    static let receivers = [
        "slack", "teams", "email", "alertmanager", "pagerduty", "github", "grafana", "sentry", "gelf", "template",
    ]

    /// Destinations in the order of the file.
    ///
    /// - Parameter file: the name that errors use.
    package static func read(_ text: String, file: String) throws(PlanFileErrors) -> [NotificationDestination] {
        var names: Set<String> = []
        return try YAMLDocuments.read(text, file: file, holding: "destination", atMost: maximumDestinations) {
            root,
            issues in
            guard let fields = YAMLFields(root, path: "", accepted: keys, issues: &issues),
                let destination = destination(fields, &issues)
            else { return nil }
            if !names.insert(destination.name).inserted {
                issues.add(fields.position(of: "name"), "name", "is the name of another destination of the file")
            }
            return destination
        }
    }

    private static var keys: [String] { ["apiVersion", "kind", "name", "match"] + receivers }

    private static func destination(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> NotificationDestination? {
        fields.requireHead(of: kind, and: "name", &issues)
        let name = fields.text("name", &issues)
        if let name, !isName(name) {
            issues.add(
                fields.position(of: "name"),
                "name",
                "must be of lower-case letters, digits and hyphens, at most \(maximumName)"
            )
        }
        let given = receivers.filter(fields.contains)
        guard given.count == 1, let kind = given.first else {
            issues.add(fields.position, "", "must have exactly one of \(receivers.joined(separator: ", "))")
            return nil
        }
        let reader = ReceiverReader(kind: kind, of: fields, &issues)
        guard let reader, let receiver = reader.receiver(&issues) else { return nil }
        let secret = reader.secret(&issues)
        return NotificationDestination(
            name: name ?? "",
            receiver: receiver,
            secret: secret,
            caFile: reader.fields.text("caFile", &issues),
            route: route(fields, receiver, &issues)
        )
    }

    private static func isName(_ text: String) -> Bool {
        (1...maximumName).contains(text.utf8.count)
            && text.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    }

    private static func route(
        _ fields: YAMLFields,
        _ receiver: NotificationReceiver,
        _ issues: inout YAMLIssues
    ) -> NotificationRoute {
        var route = NotificationRoute(results: receiver.usualResults)
        let accepted = ["applications", "environments", "results", "severity"]
        guard let match = fields.fields("match", accepted: accepted, &issues) else { return route }
        route.applications = names("applications", of: match, &issues)
        route.environments = names("environments", of: match, &issues)
        if receiver.marksReleases {
            for name in ["results", "severity"] where match.contains(name) {
                let problem = "a release is marked before its result is known: leave it out"
                issues.add(match.position(of: name), match.path(of: name), problem)
            }
            return route
        }
        if let results = match.texts("results", &issues) {
            route.results = []
            for (index, text) in results.enumerated() {
                guard let result = NotificationResult(rawValue: text) else {
                    let known = NotificationResult.allCases.map(\.rawValue).joined(separator: ", ")
                    issues.add(match.position(of: "results"), "match.results[\(index)]", "is not one of \(known)")
                    continue
                }
                if receiver.keepsAlerts, [.pass, .started].contains(result) {
                    issues.add(
                        match.position(of: "results"),
                        "match.results[\(index)]",
                        "a release that passes ends an alert, and one that begins opens none: leave \(text) out"
                    )
                }
                route.results.insert(result)
            }
        }
        if let severity = match.choice("severity", of: NotificationSeverity.self, &issues) { route.severity = severity }
        if route.isClosed { issues.add(match.position, match.path, "lets no result through: nothing would be told") }
        return route
    }

    /// An empty name, or list, would mean all: it is a mistake.
    private static func names(_ name: String, of match: YAMLFields, _ issues: inout YAMLIssues) -> [String] {
        guard let names = match.texts(name, &issues) else { return [] }
        if names.isEmpty || names.contains("") {
            issues.add(match.position(of: name), match.path(of: name), "names nothing: leave it out for all")
        }
        return names
    }
}
