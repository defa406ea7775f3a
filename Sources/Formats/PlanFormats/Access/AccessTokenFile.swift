import EventFormats
import Yams

/// Reads the tokens of the HTTP interface: YAML or JSON, strict, every error with its line.
package enum AccessTokenFile {
    package static let kind = "AccessTokens"

    /// The names of the tokens that have settings of their own.
    package static let reservedNames: Set<String> = ["web.token", "web.readToken"]
    /// All of them are compared at each request.
    package static let maximumTokens = 200

    private static let keys = ["apiVersion", "kind", "tokens"]
    private static let limits = YAMLLimits(
        maximumBytes: 65_536,
        maximumDepth: 8,
        maximumNodes: 10_000,
        maximumDocuments: 1
    )

    /// - Parameter file: the name that errors use.
    package static func read(_ text: String, file: String) throws(PlanFileErrors) -> [AccessToken] {
        try YAMLDocuments.read(text, file: file, limits: limits, holding: "list of tokens", tokens).flatMap { $0 }
    }

    /// An entry of the file, as lines of YAML.
    package static func entry(_ token: AccessToken) -> String {
        let roles = AccessRole.allCases.filter(token.roles.contains).map(\.rawValue).joined(separator: ", ")
        let hashes = token.hashes.map(\.hexadecimal).joined(separator: ", ")
        return """
              - name: \(token.name)
                roles: [\(roles)]
                sha256: [\(hashes)]
            """
    }

    private static func tokens(_ root: Node, _ issues: inout YAMLIssues) -> [AccessToken]? {
        guard let fields = YAMLFields(root, path: "", accepted: keys, issues: &issues) else { return nil }
        fields.requireHead(of: kind, and: "tokens", &issues)
        guard let elements = fields.elements("tokens", &issues) else { return nil }
        if elements.count > maximumTokens {
            issues.add(fields.position(of: "tokens"), "tokens", "has more than \(maximumTokens) tokens")
            return nil
        }
        var tokens: [AccessToken] = []
        for (index, element) in elements.enumerated() {
            guard let token = token(element, "tokens[\(index)]", &issues) else { continue }
            if tokens.contains(where: { $0.name == token.name }) {
                issues.add(element.position, "tokens[\(index)].name", "is the name of another token too")
            }
            if tokens.contains(where: { !Set($0.hashes).isDisjoint(with: token.hashes) }) {
                issues.add(element.position, "tokens[\(index)].sha256", "is that of another token too")
            }
            tokens.append(token)
        }
        return tokens
    }

    private static func token(_ node: Node, _ path: String, _ issues: inout YAMLIssues) -> AccessToken? {
        let keys = ["name", "roles", "sha256"]
        guard let fields = YAMLFields(node, path: path, accepted: keys, issues: &issues) else { return nil }
        for key in keys { fields.require(key, &issues) }
        guard let name = fields.text("name", &issues), let roles = roles(fields, &issues),
            let hashes = hashes(fields, &issues)
        else { return nil }
        guard AccessToken.isName(name), !reservedNames.contains(name) else {
            issues.add(
                fields.position(of: "name"),
                fields.path(of: "name"),
                "must be 1 to 64 letters, digits and . _ @ -, and not \(reservedNames.sorted().joined(separator: " or "))"
            )
            return nil
        }
        return AccessToken(name: name, roles: roles, hashes: hashes)
    }

    private static func roles(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> Set<AccessRole>? {
        guard let names = fields.texts("roles", &issues) else { return nil }
        var roles: Set<AccessRole> = []
        for (index, name) in names.enumerated() {
            guard let role = AccessRole(rawValue: name) else {
                let known = AccessRole.allCases.map(\.rawValue)
                let hint = issues.hint(for: name, among: known)
                issues.add(
                    fields.position(of: "roles"),
                    "\(fields.path(of: "roles"))[\(index)]",
                    "is not one of \(known.joined(separator: ", "))\(hint)"
                )
                return nil
            }
            roles.insert(role)
        }
        guard !roles.isEmpty else {
            issues.add(fields.position(of: "roles"), fields.path(of: "roles"), "names no role")
            return nil
        }
        return roles
    }

    private static func hashes(_ fields: YAMLFields, _ issues: inout YAMLIssues) -> [[UInt8]]? {
        guard let texts = fields.texts("sha256", &issues) else { return nil }
        let hashes = texts.compactMap(bytes)
        guard !texts.isEmpty, hashes.count == texts.count else {
            issues.add(
                fields.position(of: "sha256"),
                fields.path(of: "sha256"),
                "must be a list of SHA-256 sums of 64 hexadecimal digits each; `assay token` makes a token and its sum"
            )
            return nil
        }
        return hashes
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.compactMap { $0.isASCII ? $0.hexDigitValue : nil }
        guard digits.count == 2 * AccessToken.hashBytes, text.count == digits.count else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
