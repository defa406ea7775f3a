import Text

/// Why a deploy event cannot be used, in one sentence that names the field.
package struct DeployEventError: Error, Sendable, Equatable, CustomStringConvertible {
    package let field: String
    package let problem: String

    package init(field: String, problem: String) {
        self.field = field
        self.problem = problem
    }

    package var description: String { "\(field): \(problem)" }
}

extension DeployEvent {
    /// Bytes of UTF-8 that a name, version or label value may have.
    package static let maximumTextBytes = 256
    package static let maximumLabels = 32

    /// Checks every bound and syntax rule that does not depend on a plan.
    package func validate() throws(DeployEventError) {
        try Self.check(identity)
        try Self.checkNames([
            ("application", application), ("environment", environment), ("version", version),
            ("imageDigest", imageDigest), ("revision", revision), ("workload", workload), ("planName", planName),
            ("traceparent", traceparent),
        ])
        try ChangeLocation(self).validate()
        if let weight, !(0...100).contains(weight) {
            throw DeployEventError(field: "weight", problem: "\(weight) is not a percentage between 0 and 100")
        }
        if let experiment { try Self.check(experiment, "experiment.labels") }
        if case .labels(let labels)? = control { try Self.check(labels, "control.labels") }
        if case .before(let offset)? = control, !ControlScope.acceptedOffsets.contains(offset) {
            throw DeployEventError(field: "control.before", problem: "must be longer than 0 and at most 90d")
        }
        if let inlinePlan, inlinePlan.isEmpty {
            throw DeployEventError(field: "plan", problem: "must not be empty")
        }
    }

    static func check(_ identity: EventIdentity) throws(DeployEventError) {
        try check(identity.source, "source", limit: 1024)
        try check(identity.id, "id", limit: 1024)
    }

    static func checkNames(_ fields: [(name: String, value: String?)]) throws(DeployEventError) {
        for (field, value) in fields {
            guard let value else { continue }
            try check(value, field)
            try checkEnds(of: value, field)
        }
    }

    private static func check(_ text: String, _ field: String, limit: Int = maximumTextBytes) throws(DeployEventError) {
        guard !text.isEmpty else { throw DeployEventError(field: field, problem: "must not be empty") }
        guard text.utf8.count <= limit else {
            throw DeployEventError(field: field, problem: "has \(text.utf8.count) bytes; at most \(limit) are accepted")
        }
        guard !text.holdsUnprintable else {
            throw DeployEventError(
                field: field,
                problem: "contains a control character, a line separator, or a mark that is not seen or turns the text"
            )
        }
    }

    /// A name with a space at its end looks like the same name without it, and is another one.
    private static func checkEnds(of text: String, _ field: String) throws(DeployEventError) {
        for scalar in [text.unicodeScalars.first, text.unicodeScalars.last] {
            guard let properties = scalar?.properties,
                properties.isWhitespace || properties.isDefaultIgnorableCodePoint
            else { continue }
            throw DeployEventError(
                field: field,
                problem: "begins or ends with white space, or with a character that is not seen"
            )
        }
    }

    private static func check(_ labels: ScopeLabels, _ field: String) throws(DeployEventError) {
        guard !labels.isEmpty else { throw DeployEventError(field: field, problem: "must name at least one label") }
        guard labels.count <= maximumLabels else {
            throw DeployEventError(
                field: field,
                problem: "has \(labels.count) labels; at most \(maximumLabels) are accepted"
            )
        }
        // In order: of several that are wrong, always the same one is named.
        for (name, value) in labels.sorted(by: { $0.key < $1.key }) {
            guard ScopeLabel.isValidName(name) else {
                throw DeployEventError(field: field, problem: "\"\(name.excerpt())\" is not a Prometheus label name")
            }
            try check(value, "\(field).\(name)")
        }
    }
}

/// The syntax of Prometheus label names.
package enum ScopeLabel {
    /// `[a-zA-Z_][a-zA-Z0-9_]*`, at most 128 bytes.
    package static func isValidName(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 128, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy {
            (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 95
        }
    }
}
