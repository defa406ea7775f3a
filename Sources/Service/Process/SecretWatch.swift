package import HTTPTransport
package import Logging
import Synchronization
package import Telemetry

/// Says in the log and in a metric what becomes of the files of secrets.
package final class SecretWatch: Sendable {
    private struct Outlet {
        var logger: Logger
        var failures: Counter<OneLabel>
    }

    private let outlet = Mutex<Outlet?>(nil)

    /// Nothing is said before.
    package func start(logger: Logger, in registry: MetricRegistry, for reader: Setting.Reader) {
        let failures = Self.register(in: registry)
        for setting in SettingsCatalog.settings(for: reader) where setting.kind == .secretFile {
            failures.add(0, setting.key)
        }
        outlet.withLock { $0 = Outlet(logger: logger, failures: failures) }
    }

    @discardableResult
    package static func register(in registry: MetricRegistry) -> Counter<OneLabel> {
        registry.counter(
            "assay_secret_file_failures_total",
            "Times a secret's file turned out to be unreadable, by setting; the secret read before is used on.",
            labels: "setting"
        )
    }

    package func observer(of key: SettingKey) -> SecretObserver {
        { [weak self] change in self?.report(change, key.rawValue) }
    }

    private func report(_ change: SecretChange, _ key: String) {
        guard let outlet = outlet.withLock({ $0 }) else { return }
        switch change {
        case .replaced: outlet.logger.info("a secret was replaced", metadata: ["setting": "\(key)"])
        case .readable: outlet.logger.info("a secret can be read again", metadata: ["setting": "\(key)"])
        case .unreadable(let error):
            outlet.failures.add(1, key)
            outlet.logger.warning(
                "a secret cannot be read; the one read before is used on",
                metadata: ["setting": "\(key)", "error": "\(error)"]
            )
        }
    }
}
