import Processes
import Testing

@testable import Demo

@Suite("Command lines")
struct DemoCommandsTests {
    private let commands = Fixtures.commands()

    @Test(
        "Each process has its addresses",
        arguments: [
            (DemoProcess.broker, "assay broker"),
            (.shop, "assay-demo shop --port 1 --load 100"),
            (
                .prometheus,
                "/usr/bin/prometheus --config.file=/tmp/demo/prometheus.yml --storage.tsdb.path=/tmp/demo/prometheus"
                    + " --web.listen-address=127.0.0.1:2 --log.level=warn"
            ),
            (
                .serve,
                "assay serve --kafka-brokers b:1 --kafka-embedded --prometheus-url http://127.0.0.1:2 --store-path /tmp/demo/assay.sqlite"
                    + " --plans-directory /tmp/demo/plans --web-port 3 --web-public-url http://127.0.0.1:3"
                    + " --log-format text --shutdown-grace 3s"
            ),
            (
                .rollout,
                "assay rollout --kafka-brokers b:1 --kafka-embedded --rollout-actuator webhook"
                    + " --rollout-webhook-url http://127.0.0.1:1/admin/rollout --log-format text --shutdown-grace 3s"
            ),
        ]
    )
    func arguments(process: DemoProcess, expected: String) {
        let command = commands.command(for: process, brokers: "b:1")
        #expect(commands.typed(command) == expected)
        #expect(command.logPath == "/tmp/demo/logs/\(process.rawValue).log")
    }

    @Test("The deploy event as one would type it")
    func emit() {
        let command = commands.emit(version: "1.1.0", revision: "1.1.0-2", brokers: "b:1")
        #expect(
            commands.typed(command)
                == "assay emit --kafka-brokers b:1 --kafka-embedded --application shop --environment demo"
                + " --release-version 1.1.0 --revision 1.1.0-2 --control track=stable --experiment track=canary --weight 25"
        )
    }

    @Test("A person's own settings don't reach the processes, Grafana's do")
    func environment() {
        let environment = commands.command(for: .serve, brokers: "b:1").environment
        #expect(environment == ["PATH": "/bin", "GRAFANA_URL": "http://grafana"])
    }
}
