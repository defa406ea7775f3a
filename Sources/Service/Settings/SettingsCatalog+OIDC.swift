extension SettingsCatalog {
    /// Callers with tokens of an identity provider.
    static let oidc: [Setting] = [
        Setting(
            key: .webOidcIssuer,
            meaning:
                "Identity provider (OpenID Connect) whose signed tokens (JWT) are good, as its tokens name it (`iss`).",
            readers: [.serve]
        ),
        Setting(
            key: .webOidcAudience,
            meaning: "Whom such a token must be for (`aud`).",
            readers: [.serve]
        ),
        Setting(
            key: .webOidcKeysFile,
            kind: .secretFile,
            meaning: "File with the provider's public keys (JWKS). Read again when it changes.",
            readers: [.serve]
        ),
        Setting(
            key: .webOidcRoles,
            kind: .list,
            meaning:
                "What groups of the provider are worth here, as `group=role`: roles are those of `web.tokensFile`. Other groups"
                + " are worth nothing.",
            readers: [.serve]
        ),
        Setting(
            key: .webOidcRoleClaim,
            meaning: "The claim with a caller's groups; inside of another claim with a dot, as `realm_access.roles`.",
            defaultText: "roles",
            readers: [.serve]
        ),
        Setting(
            key: .webOidcNameClaim,
            meaning: "The claim that a caller is called by in the trail of what is done.",
            defaultText: "sub",
            readers: [.serve]
        ),
    ]
}
