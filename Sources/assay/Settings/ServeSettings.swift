import HTTPTransport
import Postgres
import Store

/// What `assay serve` is told to do, read and checked as a whole before anything is started.
struct ServeSettings: Sendable {
    enum Role: String, CaseIterable, Sendable {
        case intake
        case engine
        case relay
        case web
    }

    var roles: Set<Role>
    var group: String
    var source: String
    var storePath: String
    /// Nil for the embedded store.
    var database: PostgresConfiguration?
    var databaseConnections: Int
    var retention: [RetainedKind: Duration]
    var plansDirectory: String
    /// How often plans are looked at; zero for only when told to.
    var plansReload: Duration
    var plansFromEvents: Bool
    var prometheusURL: String
    var prometheusTimeout: Duration
    var prometheusParameters: [(name: String, value: String)]
    var grafanaURL: String?
    var grafanaDashboard: String?
    var webhookURL: String?
    /// Without a slash at the end.
    var publicURL: String?
    var concurrency: Int
    var lease: Duration
    var maximumEventAge: Duration
    /// From the signal to stop until the listener closes.
    var delay: Duration
    var grace: Duration
    var listening: ListeningSettings

    init(_ settings: Settings) throws {
        roles = Set(settings.list("roles").compactMap(Role.init))
        group = try settings.required("kafka.groupId")
        source = try settings.required("source")
        storePath = try settings.required("store.path")
        database = try DatabaseSettings.configuration(settings)
        databaseConnections = try settings.integer("database.connections")
        retention = [:]
        for kind in RetainedKind.allCases { retention[kind] = try settings.duration("retention.\(kind.rawValue)") }
        plansDirectory = try settings.required("plans.directory")
        plansReload = try settings.duration("plans.reload")
        plansFromEvents = try settings.flag("plans.fromEvents")
        guard let prometheus = try settings.address("prometheus.url") else {
            throw SettingsError("prometheus.url is required")
        }
        prometheusURL = prometheus
        prometheusTimeout = try settings.duration("prometheus.timeout")
        prometheusParameters = try HTTPClients.parameters(settings.text("prometheus.parameters"))
        grafanaURL = try settings.address("grafana.url")
        grafanaDashboard = settings.text("grafana.dashboardUid")
        webhookURL = try settings.address("webhook.url")
        publicURL = try settings.address("web.publicUrl").map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        concurrency = try settings.integer("engine.concurrency")
        lease = try settings.duration("engine.lease")
        // A replica that is paused in the middle of a transaction keeps locks that the others wait for: no longer than a
        // lease either.
        database?.idleInTransactionTimeout = lease
        maximumEventAge = try settings.duration("engine.maximumEventAge")
        delay = try settings.duration("shutdown.delay")
        grace = try settings.duration("shutdown.grace")
        listening = try ListeningSettings(settings)
    }
}

/// Where an HTTP interface listens.
struct ListeningSettings: Sendable {
    var host: String
    /// 0 takes any free port.
    var port: Int
    var portFile: String?

    init(_ settings: Settings) throws(SettingsError) {
        host = try settings.required("web.host")
        port = try settings.integer("web.port")
        portFile = settings.text("web.portFile")
    }
}
