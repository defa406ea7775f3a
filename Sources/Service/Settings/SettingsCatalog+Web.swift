import Web

extension SettingsCatalog {
    /// Who may call the HTTP interface of `serve`.
    static let webAccess: [Setting] = [
        Setting(
            key: .webToken,
            meaning:
                "Bearer token that callers of `/v1` must send, of 16 characters or more. Needed unless `web.host` is an address of"
                + " this machine.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: .webTokenFile,
            kind: .secretFile,
            meaning: "File with that token; of several, one a line, each is good.",
            readers: [.serve]
        ),
        Setting(
            key: .webReadToken,
            meaning: "Bearer token that is good for reading alone, for example for dashboards.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: .webReadTokenFile,
            kind: .secretFile,
            meaning: "File with that token; of several, one a line, each is good.",
            readers: [.serve]
        ),
        Setting(
            key: .webTokensFile,
            kind: .secretFile,
            meaning:
                "File with tokens that have names and roles (read, emit, act, approve, admin); `assay token` makes one. Each is"
                + " kept as a hash. Read again when it changes.",
            readers: [.serve]
        ),
        Setting(
            key: .webPublicReads,
            kind: .choice(PublicReads.allCases.map(\.rawValue)),
            meaning:
                "What callers without a token may read where there is one: none, summary (`GET /v1/sessions` and the"
                + " page `/`, without revisions, plans and reasons), or all.",
            defaultText: PublicReads.none.rawValue,
            readers: [.serve]
        ),
        Setting(
            key: .webAllowWithoutToken,
            kind: .truth,
            meaning:
                "Start without a token although `web.host` is an address that other machines reach: any client can then decide"
                + " what is promoted. Said in the log every hour and on `/readyz`.",
            defaultText: "false",
            readers: [.serve]
        ),
    ]

    /// Messages of other systems.
    static let hooks: [Setting] = [
        Setting(
            key: .hooksProfilesFile,
            kind: .file,
            meaning:
                "File with what is added to the messages of other systems (`POST /v1/hooks/{format}`): environments, labels of both"
                + " sides, other names. Read at the start.",
            readers: [.serve]
        ),
        Setting(
            key: .hooksGithubSecret,
            meaning:
                "Secret of 16 characters or more that GitHub signs its webhooks with. With it `POST /v1/hooks/github` asks for the"
                + " signature in place of a token.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: .hooksGithubSecretFile,
            kind: .secretFile,
            meaning: "File with that secret; of several, one a line, each is good.",
            readers: [.serve]
        ),
    ]

    static let kayenta = [
        Setting(
            key: .kayentaApi,
            kind: .truth,
            meaning:
                "Answer Kayenta's API below `/kayenta`, for Spinnaker's canary stage and Argo Rollouts' `kayenta` provider. Callers"
                + " that may write bring queries of their own, as they do with `plans.fromEvents`.",
            defaultText: "false",
            readers: [.serve]
        )
    ]
}
