package import Analysis
package import Engine
import HTTPTransport
package import Postgres
package import Prometheus
package import Store

/// What `assay serve` is told to do, read and checked as a whole before anything is started.
package struct ServeSettings: Sendable {
    package enum Role: String, CaseIterable, Sendable {
        case intake
        case engine
        case relay
        case web
    }

    package var roles: Set<Role>
    package var group: String
    package var source: String
    package var storePath: String
    /// Nil for the embedded store.
    package var database: PostgresConfiguration?
    package var databaseConnections: Int
    package var retention: [RetainedKind: Duration]
    package var plansDirectory: String
    /// How often plans are looked at; zero for only when told to.
    package var plansReload: Duration
    /// What the plans of events are held to; nil where none is accepted.
    package var eventPlans: EventPlanLimits?
    package var prometheusURL: String
    package var prometheusTimeout: Duration
    package var prometheusMethod: PrometheusClient.Options.Method
    package var prometheusMaximumAnswerBytes: Int
    package var intakeLimits: IntakeBackpressure.Limits
    package var prometheusParameters: [(name: String, value: String)]
    package var grafanaURL: String?
    package var grafanaDashboard: String?
    package var webhookURL: String?
    package var notifications: NotificationSettings
    /// Without a slash at the end.
    package var publicURL: String?
    package var concurrency: Int
    package var lease: Duration
    /// How often a release is self-checked at most; zero for never.
    package var selfCheckEvery: Duration
    /// How many dead letters a second are kept; nil for all.
    package var deadLetterRate: Int?
    package var maximumEventAge: Duration
    /// From the signal to stop until the listener closes.
    package var delay: Duration
    package var grace: Duration
    package var listening: ListeningSettings
    package var access: WebAccessSettings
    package var hooks: HookSettings
    package var answersKayenta: Bool
    /// Nil for none of their own.
    package var probes: ListeningSettings?
    /// Names by which the service is called.
    package var hosts: [String]

    package init(_ settings: Settings) throws {
        roles = Set(settings.list(.roles).compactMap(Role.init))
        group = try settings.required(.kafkaGroupId)
        source = try settings.required(.source)
        storePath = try settings.required(.storePath)
        database = try DatabaseSettings.configuration(settings)
        databaseConnections = try settings.integer(.databaseConnections)
        retention = [:]
        for kind in RetainedKind.allCases {
            retention[kind] = try Self.retention(of: kind).map { try settings.duration($0) } ?? StoredNoise.longestAge
        }
        plansDirectory = try settings.required(.plansDirectory)
        plansReload = try settings.duration(.plansReload)
        eventPlans = try settings.flag(.plansFromEvents) ? EventPlanLimits(settings) : nil
        let letters = try settings.integer(.topicsDeadLetterRate)
        deadLetterRate = letters > 0 ? letters : nil
        guard let prometheus = try settings.address(.prometheusUrl) else {
            throw SettingsError("prometheus.url is required")
        }
        prometheusURL = prometheus
        prometheusTimeout = try settings.duration(.prometheusTimeout)
        prometheusMethod = try settings.choice(.prometheusMethod)
        prometheusMaximumAnswerBytes = try settings.integer(.prometheusMaximumAnswerBytes)
        intakeLimits = IntakeBackpressure.Limits()
        intakeLimits.unfinishedAnalyses = try settings.integer(.engineMaximumAnalyses)
        intakeLimits.analysesPerSource = try settings.integer(.engineMaximumAnalysesPerSource)
        if settings.text(.databaseMaximumBytes) != nil {
            intakeLimits.storeBytes = Int64(try settings.integer(.databaseMaximumBytes))
        }
        prometheusParameters = try HTTPClients.parameters(settings.text(.prometheusParameters))
        grafanaURL = try settings.address(.grafanaUrl)
        grafanaDashboard = settings.text(.grafanaDashboardUid)
        webhookURL = try settings.address(.webhookUrl)
        notifications = try NotificationSettings(settings)
        publicURL = try settings.address(.webPublicUrl).map { $0.hasSuffix("/") ? String($0.dropLast()) : $0 }
        concurrency = try settings.integer(.engineConcurrency)
        lease = try settings.duration(.engineLease)
        selfCheckEvery = try settings.duration(.selfCheckEvery)
        // A replica that is paused in the middle of a transaction keeps locks that the others wait for: no longer than a
        // lease either.
        database?.idleInTransactionTimeout = lease
        maximumEventAge = try settings.duration(.engineMaximumEventAge)
        delay = try settings.duration(.shutdownDelay)
        grace = try settings.duration(.shutdownGrace)
        listening = try ListeningSettings(settings)
        access = try WebAccessSettings(settings, isServed: roles.contains(.web))
        hooks = try HookSettings(settings)
        answersKayenta = try settings.flag(.kayentaApi)
        probes = try ListeningSettings(probesOf: settings)
        hosts = settings.list(.webHosts) + [publicURL, listening.host].compactMap { $0 }.map(ListeningSettings.name)
    }

    /// Nil for what has an age of its own.
    private static func retention(of kind: RetainedKind) -> SettingKey? {
        switch kind {
        case .sessions, .pastAnalyses: .retentionSessions
        case .samples: .retentionSamples
        case .events, .changes: .retentionEvents
        case .messages: .retentionMessages
        case .noise: nil
        }
    }
}
