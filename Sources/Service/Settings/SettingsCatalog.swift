import Logging
import Prometheus

/// Every setting there is. Flags win over environment variables, and those over the file.
package enum SettingsCatalog {
    package static let all =
        common + pipeline + certificates(readBy: .pipeline) + serve + certificates(readBy: .serve) + rollout
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
            key: "kafka.brokers",
            kind: .list,
            meaning:
                "Kafka bootstrap servers, host:port separated by commas. Without it `serve` runs an embedded broker."
                + " Every other `kafka.*` setting goes to librdkafka as it is (`kafka.security.protocol`, `kafka.sasl.…`).",
            readers: [.kafka]
        ),
        Setting(
            key: "kafka.embedded",
            kind: .truth,
            meaning: "The brokers are an embedded broker (`assay broker`): use what it needs.",
            defaultText: "false",
            readers: [.kafka]
        ),
        Setting(
            key: "kafka.sasl.passwordFile",
            kind: .secretFile,
            meaning: "File with the SASL password; read again when it changes. Goes before `kafka.sasl.password`.",
            readers: [.kafka]
        ),
        Setting(
            key: "kafka.clientId",
            meaning:
                "Client id, by which brokers' logs, metrics and quotas know the process. Without it, the command and the host:"
                + " `assay-serve-<host>`.",
            readers: [.kafka]
        ),
        Setting(
            key: "topics.deployEvents",
            meaning: "Topic of deploy events.",
            defaultText: "deploy.events",
            readers: [.kafka]
        ),
        Setting(
            key: "topics.verdicts",
            meaning: "Topic of verdicts.",
            defaultText: "canary.verdicts",
            readers: [.kafka]
        ),
        Setting(
            key: "topics.rollouts",
            meaning: "Topic of what the rollout controller did.",
            defaultText: "canary.rollouts",
            readers: [.kafka]
        ),
        Setting(
            key: "topics.deadLetters",
            meaning: "Topic of records that cannot be read.",
            defaultText: "canary.deadletter",
            readers: [.kafka]
        ),
        Setting(
            key: "topics.partitions",
            kind: .number(1...10_000),
            meaning: "Partitions of topics that are created. Topics that are there stay as they are.",
            defaultText: "4",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "topics.replication",
            kind: .number(1...32_767),
            meaning: "Copies of topics that are created; the brokers' default without it.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "topics.minInsyncReplicas",
            kind: .number(1...32_767),
            meaning: "Copies that must have a record before it counts as stored (`min.insync.replicas`), likewise.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "topics.maxMessageBytes",
            kind: .number(65_536...1_073_741_824),
            meaning: "Largest batch of records (`max.message.bytes`), likewise.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "topics.retention",
            kind: .time(atLeast: .seconds(60)),
            meaning:
                "How long created topics keep deploy events, verdicts and dead letters (`retention.ms`), likewise.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "topics.rolloutRetention",
            kind: .time(atLeast: .seconds(60)),
            meaning:
                "How long the created rollouts topic keeps what the controller did, likewise. Longer than the verdicts: the"
                + " controller knows by it what it has answered.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "log.level",
            kind: .choice(Logger.Level.allCases.map(\.rawValue)),
            meaning: "trace, debug, info, notice, warning, error or critical.",
            defaultText: "info",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "log.format",
            kind: .choice(LogSettings.Format.allCases.map(\.rawValue)),
            meaning: "json, or text for people.",
            defaultText: "json",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "shutdown.grace",
            kind: .time(),
            meaning:
                "How long a stop takes at most, after the delay; what is not done by then is left to the next start.",
            defaultText: "30s",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "shutdown.delay",
            kind: .time(),
            meaning:
                "How long a process that is told to stop goes on answering, while /readyz says that it is not ready: longer"
                + " than a load balancer takes to notice.",
            defaultText: "0s",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "web.host",
            meaning: "Address to listen on.",
            defaultText: "127.0.0.1",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "web.port",
            kind: .number(0...65_535),
            meaning:
                "Port to listen on; 0 takes any free one. `rollout`, and `serve` without the role web, listen only when it is set.",
            defaultText: "8080",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "web.portFile",
            meaning: "File to write the port to once the server listens.",
            readers: [.serve, .rollout]
        ),
        Setting(
            key: "web.token",
            meaning:
                "Bearer token that callers of `/v1` must send; without it everybody who reaches the port may call.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: "web.tokenFile",
            kind: .secretFile,
            meaning: "File with that token; of several, one a line, each is good.",
            readers: [.serve]
        ),
    ]

    private static let pipeline: [Setting] = [
        Setting(
            key: "assay.url",
            kind: .address,
            meaning:
                "Base URL of a running service: `emit` and `wait` then talk HTTP to it instead of using Kafka; `rollout`"
                + " does with `rollout.source` http.",
            readers: [.pipeline, .rollout]
        ),
        Setting(
            key: "assay.token",
            meaning: "Bearer token for it, where it asks for one (`web.token`).",
            isSecret: true,
            readers: [.pipeline, .rollout]
        ),
        Setting(
            key: "assay.tokenFile",
            kind: .secretFile,
            meaning: "File with that token.",
            readers: [.pipeline, .rollout]
        ),
    ]

    private static let serve: [Setting] = [
        Setting(
            key: "roles",
            kind: .choices(ServeSettings.Role.allCases.map(\.rawValue)),
            meaning: "What this process does: any of intake, engine, relay, web, separated by commas.",
            defaultText: "intake,engine,relay,web",
            readers: [.serve]
        ),
        Setting(
            key: "kafka.groupId",
            meaning: "Consumer group of the deploy topic.",
            defaultText: "assay",
            readers: [.serve]
        ),
        Setting(
            key: "source",
            meaning: "CloudEvents source of the verdicts.",
            defaultText: "/assay",
            readers: [.serve]
        ),
        Setting(
            key: "database.url",
            meaning:
                "Postgres, as a postgres:// URL or what else libpq reads as a connection string. Without it everything is"
                + " kept in the SQLite file.",
            isSecret: true,
            readers: [.serve, .migrate]
        ),
        Setting(
            key: "database.urlFile",
            kind: .secretFile,
            meaning: "File with that connection string.",
            readers: [.serve, .migrate]
        ),
        Setting(
            key: "database.password",
            meaning: "Password for Postgres, when the connection string has none.",
            isSecret: true,
            readers: [.serve, .migrate]
        ),
        Setting(
            key: "database.passwordFile",
            kind: .secretFile,
            meaning: "File with that password; read again at each connection.",
            readers: [.serve, .migrate]
        ),
        Setting(
            key: "database.connections",
            kind: .number(2...100),
            meaning: "Most connections to Postgres that a process has at a time.",
            defaultText: "8",
            readers: [.serve]
        ),
        Setting(
            key: "store.path",
            meaning: "SQLite file; not used with Postgres.",
            defaultText: "assay.db",
            readers: [.serve]
        ),
        Setting(
            key: "retention.sessions",
            kind: .time(),
            meaning:
                "How long finished analyses are kept, with their verdicts and transitions, counted from their opening.",
            defaultText: "90d",
            readers: [.serve]
        ),
        Setting(
            key: "retention.samples",
            kind: .time(),
            meaning: "How long the samples of finished analyses are kept.",
            defaultText: "14d",
            readers: [.serve]
        ),
        Setting(
            key: "retention.events",
            kind: .time(),
            meaning:
                "How long answered deploy events are kept: a repeat that comes later is taken for a new event. Longer than the"
                + " deploy topic keeps them.",
            defaultText: "30d",
            readers: [.serve]
        ),
        Setting(
            key: "retention.messages",
            kind: .time(),
            meaning: "How long delivered messages are kept. Longer than the longest analysis.",
            defaultText: "30d",
            readers: [.serve]
        ),
        Setting(key: "plans.directory", meaning: "Directory of plan files.", defaultText: "plans", readers: [.serve]),
        Setting(
            key: "plans.reload",
            kind: .time(),
            meaning: "How often the plan files are looked at for changes; 0s for only at SIGHUP.",
            defaultText: "10s",
            readers: [.serve]
        ),
        Setting(
            key: "plans.fromEvents",
            kind: .truth,
            meaning:
                "Deploy events may bring a plan along. Its queries are run with this service's access to Prometheus.",
            defaultText: "true",
            readers: [.serve]
        ),
        Setting(
            key: "prometheus.url",
            kind: .address,
            meaning: "Base URL of Prometheus or of what speaks its API.",
            defaultText: "http://127.0.0.1:9090",
            readers: [.serve]
        ),
        Setting(
            key: "prometheus.bearerToken",
            meaning: "Bearer token for Prometheus.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: "prometheus.bearerTokenFile",
            kind: .secretFile,
            meaning: "File with the bearer token.",
            readers: [.serve]
        ),
        Setting(key: "prometheus.username", meaning: "User for basic authentication.", readers: [.serve]),
        Setting(
            key: "prometheus.password",
            meaning: "Password for basic authentication.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: "prometheus.passwordFile",
            kind: .secretFile,
            meaning: "File with the password.",
            readers: [.serve]
        ),
        Setting(
            key: "prometheus.headers",
            meaning: "Further headers, `name: value` separated by `;` (for example `X-Scope-OrgID: team`).",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: "prometheus.headersFile",
            kind: .secretFile,
            meaning: "File with such headers, one a line.",
            readers: [.serve]
        ),
        Setting(
            key: "prometheus.parameters",
            meaning: "Further query parameters, `name=value` separated by `&` (for example `partial_response=false`).",
            readers: [.serve]
        ),
        Setting(
            key: "prometheus.method",
            kind: .choice(PrometheusClient.Options.Method.allCases.map(\.rawValue)),
            meaning:
                "How queries are sent: post, get, or auto for POST and, where that is refused, GET.",
            defaultText: PrometheusClient.Options.Method.auto.rawValue,
            readers: [.serve]
        ),
        Setting(
            key: "prometheus.timeout",
            kind: .time(),
            meaning: "Time limit of one query.",
            defaultText: "20s",
            readers: [.serve]
        ),
        Setting(
            key: "prometheus.concurrency",
            kind: .number(1...256),
            meaning: "Queries under way at the same time.",
            defaultText: "16",
            readers: [.serve]
        ),
        Setting(
            key: "grafana.url",
            kind: .address,
            meaning: "Base URL of Grafana; annotations are off without it.",
            readers: [.serve]
        ),
        Setting(
            key: "grafana.token",
            meaning: "Service-account token for Grafana.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(key: "grafana.tokenFile", kind: .secretFile, meaning: "File with the token.", readers: [.serve]),
        Setting(
            key: "grafana.dashboardUid",
            meaning: "Dashboard to annotate; the whole organisation without it.",
            readers: [.serve]
        ),
        Setting(
            key: "webhook.url",
            kind: .endpoint,
            meaning: "Where final verdicts are posted; off without it.",
            readers: [.serve]
        ),
        Setting(
            key: "webhook.bearerToken",
            meaning: "Bearer token for the webhook.",
            isSecret: true,
            readers: [.serve]
        ),
        Setting(
            key: "webhook.bearerTokenFile",
            kind: .secretFile,
            meaning: "File with the bearer token.",
            readers: [.serve]
        ),
        Setting(
            key: "web.publicUrl",
            kind: .address,
            meaning: "Base URL of this service as others reach it; verdicts link to it.",
            readers: [.serve]
        ),
        Setting(
            key: "engine.concurrency",
            kind: .number(1...4096),
            meaning: "Sessions that are sampled and judged at the same time.",
            defaultText: "64",
            readers: [.serve]
        ),
        Setting(
            key: "engine.lease",
            kind: .time(atLeast: .seconds(1)),
            meaning:
                "How long a replica that was killed keeps its work from the others. Running replicas renew at a third of it.",
            defaultText: "30s",
            readers: [.serve]
        ),
        Setting(
            key: "engine.maximumEventAge",
            kind: .time(),
            meaning: "Deployments that lie further back are not analysed.",
            defaultText: "1d",
            readers: [.serve]
        ),
    ]
}
