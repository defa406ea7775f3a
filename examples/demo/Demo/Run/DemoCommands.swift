import Processes

/// The command lines of the demo's processes.
struct DemoCommands: Sendable {
    struct Ports: Sendable, Equatable {
        var shop: Int
        var prometheus: Int
        var web: Int
    }

    let executable: String
    let shop: String
    let prometheus: String
    let directory: DemoDirectory
    var ports: Ports
    let pace: DemoPace
    let environment: [String: String]

    var shopURL: String { "http://127.0.0.1:\(ports.shop)" }
    var prometheusURL: String { "http://127.0.0.1:\(ports.prometheus)" }
    var webURL: String { "http://127.0.0.1:\(ports.web)" }

    func command(for process: DemoProcess, brokers: String) -> ChildCommand {
        switch process {
        case .broker: return assay(process.rawValue, ["broker"])
        case .shop:
            return command(
                process.rawValue,
                shop,
                ["shop", "--port", "\(ports.shop)", "--load", "\(pace.requestsPerSecond)"]
            )
        case .prometheus:
            let arguments = PrometheusFile.arguments(
                configuration: directory.prometheusConfiguration,
                storage: directory.prometheusStorage,
                port: ports.prometheus
            )
            return command(process.rawValue, prometheus, arguments)
        case .serve:
            return assay(
                process.rawValue,
                [
                    "serve", "--kafka-brokers", brokers, "--kafka-embedded", "--prometheus-url", prometheusURL,
                    "--store-path", directory.store, "--plans-directory", directory.plans, "--web-port",
                    "\(ports.web)", "--web-public-url", webURL, "--log-format", "text", "--shutdown-grace", "3s",
                ]
            )
        case .rollout:
            return assay(
                process.rawValue,
                [
                    "rollout", "--kafka-brokers", brokers, "--kafka-embedded", "--rollout-actuator", "webhook",
                    "--rollout-webhook-url", "\(shopURL)/admin/rollout", "--log-format", "text", "--shutdown-grace",
                    "3s",
                ]
            )
        }
    }

    /// The deploy event of a release, as a pipeline would send it.
    func emit(version: String, revision: String, brokers: String) -> ChildCommand {
        assay(
            "emit",
            [
                "emit", "--kafka-brokers", brokers, "--kafka-embedded", "--application", DemoPlan.application,
                "--environment", DemoPlan.environment, "--release-version", version, "--revision", revision,
                "--control", DemoPlan.control, "--experiment", DemoPlan.experiment, "--weight",
                "\(pace.canaryWeight)",
            ]
        )
    }

    /// As one would type it.
    func typed(_ command: ChildCommand) -> String {
        let program =
            switch command.executable {
            case executable: "assay"
            case shop: "assay-demo"
            default: command.executable
            }
        return ([program] + command.arguments).joined(separator: " ")
    }

    private func assay(_ name: String, _ arguments: [String]) -> ChildCommand { command(name, executable, arguments) }

    private func command(_ name: String, _ executable: String, _ arguments: [String]) -> ChildCommand {
        ChildCommand(
            name: name,
            executable: executable,
            arguments: arguments,
            environment: Self.childEnvironment(environment),
            logPath: directory.log(name)
        )
    }

    /// Settings are variables as well (`KAFKA_BROKERS`, `DATABASE_URL`): the person's own must not lead the demo to
    /// their Kafka or their database. Grafana's are let through: the demo annotates the Grafana that they name.
    static func childEnvironment(_ environment: [String: String]) -> [String: String] {
        let kept: Set = ["PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "NO_COLOR"]
        let settings = ["ASSAY_GRAFANA_", "ASSAY_LOG_", "GRAFANA_", "LOG_"]
        return environment.filter { variable in
            kept.contains(variable.key) || settings.contains { variable.key.hasPrefix($0) }
        }
    }
}
