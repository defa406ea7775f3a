import HTTPTransport
import Logging
import Rollout
import ServiceLifecycle
import Telemetry

extension RolloutProcess {
    /// Verdicts over HTTP, and rollout events handed to the service. Of several processes of one name one reads and acts,
    /// the others stand by.
    func serviceConnection(_ reader: String, logStart: (Logger.Metadata) -> Void) throws -> RolloutConnection {
        guard let url = try settings.address(.assayUrl) else {
            throw SettingsError("assay.url is required with rollout.source http (--assay-url or ASSAY_URL)")
        }
        logStart(["assay": "\(Redaction.url(url))", "reader": "\(reader)"])
        var http = HTTPClient.Configuration()
        if let token = try settings.secret(.assayToken) { http.authentication = .bearer(token) }
        http.tls = settings.certificates(.assay)
        let connection = ServiceConnection(url: url, http: try HTTPClient(configuration: http))
        let lease = ServiceReaderLease(connection: connection, reader: reader, logger: logger)
        let begins = try settings.choice(.rolloutStartAt, RolloutStart.self)
        return RolloutConnection(
            services: [],
            watch: { readiness, _, service in
                readiness.watch("assay", decides: false) { lease.trouble ?? service.trouble }
            },
            prepare: { await cancelWhenGracefulShutdown { await lease.acquire() } },
            make: { [logger, verdicts = self.reader] configuration, actuator, metrics in
                let source = ServiceVerdictSource(
                    connection: connection,
                    reader: reader,
                    verdicts: verdicts,
                    start: begins == .beginning ? .beginning : .end,
                    logger: logger
                )
                let controller = RolloutController(
                    configuration: configuration,
                    source: source,
                    sink: ServiceRolloutSink(connection),
                    history: ServiceRolloutHistory(connection),
                    actuator: LeasedActuator(actuator) { lease.mayAct },
                    now: Self.now,
                    observer: metrics.observer,
                    logger: logger
                )
                return ControllerService.Parts(
                    controller: controller,
                    trouble: { source.trouble },
                    hold: { await lease.hold() }
                )
            },
            close: { await lease.release() }
        )
    }
}
