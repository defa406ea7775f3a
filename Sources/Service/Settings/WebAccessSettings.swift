package import HTTPTransport
import Text
package import Web

/// Who may call the HTTP interface.
package struct WebAccessSettings: Sendable {
    /// Good for every call.
    package var token: Secret?
    /// Good for reading.
    package var readToken: Secret?
    /// Whether a file has tokens with names and roles.
    package var hasNamedTokens: Bool
    /// Which tokens of an identity provider are good; nil where there is none.
    package var oidc: OIDCVerifier.Terms?
    /// What a caller without a token may read, where there is one.
    package var publicReads: PublicReads
    /// How others can call without a token, in one sentence; nil where they cannot.
    package var openness: String?

    /// Whether callers need a token.
    package var asksForToken: Bool { token != nil || hasNamedTokens || oidc != nil }

    /// - Parameter isServed: whether the process has the interface; one of health and metrics alone takes no calls.
    package init(_ settings: Settings, isServed: Bool) throws {
        token = try settings.secret(.webToken)
        readToken = try settings.secret(.webReadToken)
        for (secret, key) in [(token, SettingKey.webToken), (readToken, .webReadToken)] {
            if let secret { try BearerTokens.check(secret.value, of: key) }
        }
        hasNamedTokens = settings.isGiven(.webTokensFile)
        oidc = try OIDCSettings.terms(settings)
        publicReads = try settings.choice(.webPublicReads)
        let isAllowed = try settings.flag(.webAllowWithoutToken)
        guard isServed, !asksForToken else { return }
        guard readToken == nil else {
            throw SettingsError(
                "web.readToken is given, and web.token is not: without it any client may write (web.tokenFile)"
            )
        }
        let host = try settings.required(.webHost)
        guard !LoopbackHost.contains(host) else { return }
        guard isAllowed else {
            throw SettingsError(
                "web.host is \(host), which other machines may reach, and callers need no token: give one (web.tokenFile),"
                    + " listen on 127.0.0.1, or set web.allowWithoutToken to let any client decide what is promoted"
            )
        }
        openness =
            "callers of the HTTP interface need no token (web.allowWithoutToken): any client that reaches \(host) can start"
            + " and cancel analyses, and so decide what is promoted"
    }
}
