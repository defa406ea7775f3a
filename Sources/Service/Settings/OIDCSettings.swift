import PlanFormats
import Web

/// Which tokens of an identity provider are good, and what their groups are worth.
enum OIDCSettings {
    /// Nil where no provider is named. Throws where what is needed with it is missing.
    static func terms(_ settings: Settings) throws -> OIDCVerifier.Terms? {
        let needed: [SettingKey] = [.webOidcIssuer, .webOidcAudience, .webOidcKeysFile, .webOidcRoles]
        let given = needed.filter { settings.isGiven($0) }
        guard !given.isEmpty else { return nil }
        if let missing = needed.first(where: { !settings.isGiven($0) }) {
            throw SettingsError("\(missing.rawValue) is needed with \(given[0].rawValue)")
        }
        return OIDCVerifier.Terms(
            issuer: try settings.required(.webOidcIssuer),
            audience: try settings.required(.webOidcAudience),
            nameClaim: try settings.required(.webOidcNameClaim),
            roleClaim: try settings.required(.webOidcRoleClaim),
            roles: try roles(settings.list(.webOidcRoles))
        )
    }

    /// A group may have several roles, one an entry.
    private static func roles(_ entries: [String]) throws(SettingsError) -> [String: Set<AccessRole>] {
        var roles: [String: Set<AccessRole>] = [:]
        for entry in entries {
            guard let sign = entry.lastIndex(of: "="), sign != entry.startIndex,
                let role = AccessRole(rawValue: String(entry[entry.index(after: sign)...]))
            else {
                let known = AccessRole.allCases.map(\.rawValue).joined(separator: ", ")
                throw SettingsError("web.oidc.roles: \"\(entry)\" is not group=role with one of \(known)")
            }
            roles[String(entry[..<sign]), default: []].insert(role)
        }
        return roles
    }
}
