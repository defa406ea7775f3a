import Logging
import Prometheus

/// Every setting there is. Flags win over environment variables, and those over the file.
package enum SettingsCatalog {
    /// How the names of our environment variables begin.
    package static let variablePrefix = "ASSAY_"

    /// The CloudEvents source of verdicts, unless it is set.
    static let verdictSource = "/assay"

    package static let byKey = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

    package static let all =
        kafka + common + pipeline + certificates(readBy: .pipeline) + webAccess + oidc + hooks + kayenta + serve
        + notifications + changes + eventPlans + budgets
        + certificates(readBy: .serve)
        + rollout
        + certificates(readBy: .rollout)

    package static func settings(for reader: Setting.Reader) -> [Setting] {
        guard reader != .validate else { return all.filter { $0.key.hasPrefix("prometheus.") } }
        return all.filter { $0.readers.contains(reader) || $0.readers.contains(.kafka) }
    }

    private static func certificates(readBy reader: Setting.Reader) -> [Setting] {
        ServiceCertificates.allCases.flatMap(\.settings).filter { $0.readers.first == reader }
    }

    private static let common: [Setting] = [
        Setting(
            key: .logLevel,
            kind: .choice(Logger.Level.allCases.map(\.rawValue)),
            meaning: "trace, debug, info, notice, warning, error or critical.",
            defaultText: "info",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .logFormat,
            kind: .choice(LogSettings.Format.allCases.map(\.rawValue)),
            meaning: "json, or text for people.",
            defaultText: "json",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .processCoreDumps,
            kind: .truth,
            meaning:
                "Let a crash write the process' memory to a file, and debuggers of the same user attach. The memory holds every"
                + " secret.",
            defaultText: "false",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .shutdownGrace,
            kind: .time(atLeast: .zero),
            meaning:
                "How long a stop takes at most, after the delay; what is not done by then is left to the next start.",
            defaultText: "30s",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .shutdownDelay,
            kind: .time(atLeast: .zero),
            meaning:
                "How long a process that is told to stop goes on answering, while /readyz says that it is not ready: longer"
                + " than a load balancer takes to notice.",
            defaultText: "0s",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .webHost,
            meaning: "Address to listen on.",
            defaultText: "127.0.0.1",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .webPort,
            kind: .number(0...65_535),
            meaning:
                "Port to listen on; 0 takes any free one. `rollout`, and `serve` without the role web, listen only when it is set.",
            defaultText: "8080",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .webPortFile,
            meaning: "File to write the port to once the server listens.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .webProbesPort,
            kind: .number(0...65_535),
            meaning:
                "Port of its own for /livez, /readyz, /version and /metrics; 0 takes any free one. /metrics is then there alone.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .webProbesHost,
            meaning: "Address to listen on for these; without it that of web.host.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .webProbesPortFile,
            meaning: "File to write that port to.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: .webHosts,
            kind: .list,
            meaning:
                "Host names that requests to `/v1` may be for where there is no token, beside localhost, addresses and the host"
                + " of web.publicUrl; `*` for any. A page of the web cannot reach the service by a name of its own then.",
            readers: [.serve]
        ),
    ]

    private static let pipeline: [Setting] = [
        Setting(
            key: .assayUrl,
            kind: .address,
            meaning:
                "Base URL of a running service: `emit` and `wait` then talk HTTP to it instead of using Kafka; `rollout`"
                + " does with `rollout.source` http.",
            readers: [.pipeline, .rollout]
        ),
        Setting(
            key: .assayToken,
            meaning: "Bearer token for it, where it asks for one (`web.token`).",
            isSecret: true,
            readers: [.pipeline, .rollout]
        ),
        Setting(
            key: .assayTokenFile,
            kind: .secretFile,
            meaning: "File with that token.",
            readers: [.pipeline, .rollout]
        ),
    ]

    private static let serve: [Setting] = [
        Setting(
            key: .roles,
            kind: .choices(ServeSettings.Role.allCases.map(\.rawValue)),
            meaning: "What this process does: any of intake, engine, relay, web, separated by commas.",
            defaultText: "intake,engine,relay,web",
            readers: [.serve]
        ),
        Setting(
            key: .kafkaGroupId,
            meaning: "Consumer group of the deploy topic.",
            defaultText: "assay",
            readers: [.serve]
        ),
        Setting(
            key: .source,
            meaning: "CloudEvents source of the verdicts; `rollout.sources` of the controllers must accept it.",
            defaultText: verdictSource,
            readers: [.serve]
        ),
        Setting(
            key: .verdictsSigningKeyFile,
            kind: .secretFile,
            meaning: "File with the private key (Ed25519, PEM) that verdicts are signed with; unsigned without it.",
            readers: [.serve]
        ),
        Setting(
            key: .databaseUrl,
            meaning:
                "Postgres, as a postgres:// URL or what else libpq reads as a connection string. Without it everything is"
                + " kept in the SQLite file.",
            isSecret: true,
            readers: [.serve, .migrate]
        ),
        Setting(
            key: .databaseUrlFile,
            kind: .secretFile,
            meaning: "File with that connection string.",
            readers: [.serve, .migrate]
        ),
        Setting(
            key: .databasePassword,
            meaning: "Password for Postgres, when the connection string has none.",
            isSecret: true,
            readers: [.serve, .migrate]
        ),
        Setting(
            key: .databasePasswordFile,
            kind: .secretFile,
            meaning: "File with that password; read again at each connection.",
            readers: [.serve, .migrate]
        ),
        Setting(
            key: .databaseRequireTls,
            kind: .truth,
            meaning:
                "Refuse a Postgres on another machine that does not prove who it is (`sslmode=verify-full`). Without it, such"
                + " a connection is warned of.",
            defaultText: "false",
            readers: [.serve, .migrate]
        ),
        Setting(
            key: .databaseConnections,
            kind: .number(2...100),
            meaning: "Most connections to Postgres that a process has at a time.",
            defaultText: "8",
            readers: [.serve]
        ),
        Setting(
            key: .storePath,
            meaning: "SQLite file; not used with Postgres.",
            defaultText: "assay.db",
            readers: [.serve]
        ),
        Setting(
            key: .retentionSessions,
            kind: .time(atLeast: .seconds(1)),
            meaning:
                "How long finished analyses are kept, with their verdicts and transitions, counted from their opening.",
            defaultText: "90d",
            readers: [.serve]
        ),
        Setting(
            key: .retentionSamples,
            kind: .time(atLeast: .seconds(1)),
            meaning: "How long the samples of finished analyses are kept.",
            defaultText: "14d",
            readers: [.serve]
        ),
        Setting(
            key: .retentionEvents,
            kind: .time(atLeast: .seconds(1)),
            meaning:
                "How long answered deploy events, and changes, are kept: a repeat that comes later is taken for a new event."
                + " Longer than the deploy topic keeps them.",
            defaultText: "30d",
            readers: [.serve]
        ),
        Setting(
            key: .retentionMessages,
            kind: .time(atLeast: .seconds(1)),
            meaning: "How long delivered messages are kept. Longer than the longest analysis.",
            defaultText: "30d",
            readers: [.serve]
        ),
        Setting(key: .plansDirectory, meaning: "Directory of plan files.", defaultText: "plans", readers: [.serve]),
        Setting(
            key: .plansReload,
            kind: .time(atLeast: .zero),
            meaning: "How often the plan files are looked at for changes; 0s for only at SIGHUP.",
            defaultText: "10s",
            readers: [.serve]
        ),
        Setting(
            key: .plansFromEvents,
            kind: .truth,
            meaning:
                "Deploy events may bring a plan along. Its queries are run with this service's access to Prometheus, and its"
                + " sender decides what passes.",
            defaultText: "false",
            readers: [.serve]
        ),
        Setting(
            key: .prometheusUrl,
            kind: .address,
            meaning: "Base URL of Prometheus or of what speaks its API.",
            defaultText: "http://127.0.0.1:9090",
            readers: [.serve]
        ),
        Setting(
            key: .prometheusBearerToken,
            meaning: "Bearer token for Prometheus.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: .prometheusBearerTokenFile,
            kind: .secretFile,
            meaning: "File with the bearer token.",
            readers: [.serve]
        ),
        Setting(key: .prometheusUsername, meaning: "User for basic authentication.", readers: [.serve]),
        Setting(
            key: .prometheusPassword,
            meaning: "Password for basic authentication.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: .prometheusPasswordFile,
            kind: .secretFile,
            meaning: "File with the password.",
            readers: [.serve]
        ),
        Setting(
            key: .prometheusHeaders,
            meaning: "Further headers, `name: value` separated by `;` (for example `X-Scope-OrgID: team`).",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: .prometheusHeadersFile,
            kind: .secretFile,
            meaning: "File with such headers, one a line.",
            readers: [.serve]
        ),
        Setting(
            key: .prometheusParameters,
            meaning: "Further query parameters, `name=value` separated by `&` (for example `partial_response=false`).",
            readers: [.serve]
        ),
        Setting(
            key: .prometheusMethod,
            kind: .choice(PrometheusClient.Options.Method.allCases.map(\.rawValue)),
            meaning:
                "How queries are sent: post, get, or auto for POST and, where that is refused, GET.",
            defaultText: PrometheusClient.Options.Method.auto.rawValue,
            readers: [.serve]
        ),
        Setting(
            key: .prometheusTimeout,
            kind: .time(),
            meaning: "Time limit of one query.",
            defaultText: "20s",
            readers: [.serve]
        ),
        Setting(
            key: .prometheusConcurrency,
            kind: .number(1...256),
            meaning: "Queries under way at the same time.",
            defaultText: "16",
            readers: [.serve]
        ),
        Setting(
            key: .grafanaUrl,
            kind: .address,
            meaning: "Base URL of Grafana; annotations are off without it.",
            readers: [.serve]
        ),
        Setting(
            key: .grafanaToken,
            meaning: "Service-account token for Grafana.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(key: .grafanaTokenFile, kind: .secretFile, meaning: "File with the token.", readers: [.serve]),
        Setting(
            key: .grafanaDashboardUid,
            meaning: "Dashboard to annotate; the whole organisation without it.",
            readers: [.serve]
        ),
        Setting(
            key: .webhookUrl,
            kind: .endpoint,
            meaning: "Where final verdicts are posted; off without it.",
            readers: [.serve]
        ),
        Setting(
            key: .webhookBearerToken,
            meaning: "Bearer token for the webhook.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: .webhookBearerTokenFile,
            kind: .secretFile,
            meaning: "File with the bearer token.",
            readers: [.serve]
        ),
        Setting(
            key: .webPublicUrl,
            kind: .address,
            meaning: "Base URL of this service as others reach it; verdicts link to it.",
            readers: [.serve]
        ),
        Setting(
            key: .engineConcurrency,
            kind: .number(1...4096),
            meaning: "Sessions that are sampled and judged at the same time.",
            defaultText: "64",
            readers: [.serve]
        ),
        Setting(
            key: .engineLease,
            kind: .time(atLeast: .seconds(1)),
            meaning:
                "How long a replica that was killed keeps its work from the others. Running replicas renew at a third of it.",
            defaultText: "30s",
            readers: [.serve]
        ),
        Setting(
            key: .engineMaximumEventAge,
            kind: .time(atLeast: .seconds(1)),
            meaning: "Deployments that lie further back are not analysed.",
            defaultText: "1d",
            readers: [.serve]
        ),
    ]
}
