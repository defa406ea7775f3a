import Foundation
import HTTPTestServer
import Testing

@testable import Service

@Suite struct ConfigurationReportTests {
    private func report(_ arguments: [String], environment: [String: String] = [:]) -> ConfigurationReport {
        let (settings, _) = SettingsLoader(.serve, arguments: arguments, environment: environment).read()
        return ConfigurationReport(settings, for: .serve)
    }

    private func line(_ key: String, _ report: ConfigurationReport) -> String? {
        report.text(.table).split(separator: "\n").first { $0.hasPrefix("\(key) ") }
            .map { $0.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ") }
    }

    @Test func `each value has its place`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("source: /file\nstore:\n  path: x.db\n", to: "settings.yaml")
        let report = report(["--config", file, "--web-port", "1"], environment: ["LOG_LEVEL": "debug"])
        #expect(line("web.port", report) == "web.port 1 --web-port")
        #expect(line("log.level", report) == "log.level debug LOG_LEVEL")
        #expect(line("source", report) == "source /file \(file):1")
        #expect(line("store.path", report) == "store.path x.db \(file):3")
        #expect(line("engine.lease", report) == "engine.lease 30s default")
        #expect(line("rollout.onPass", report) == nil)
    }

    @Test func `the YAML form is a settings file that means the same`() throws {
        let folder = try TemporaryFolder()
        let first = report([
            "--web-port", "1", "--kafka-brokers", "a:1,b:2", "--kafka-security-protocol", "ssl",
        ])
        let secret = report(["--grafana-token", "hunter2"]).text(.yaml)
        #expect(secret.contains("\n# grafana.token: \"<redacted>\" # --grafana-token\n"))
        let file = try folder.write(first.text(.yaml), to: "settings.yaml")
        let second = report(["--config", file])
        #expect(second.settings.map(\.shown) == first.settings.map(\.shown))
    }

    @Test func `the JSON form has every setting`() throws {
        struct Document: Decodable {
            struct Entry: Decodable {
                var key: String
                var value: String?
            }
            var command: String
            var settings: [Entry]
        }
        let text = report(["--web-port", "1"]).text(.json)
        let document = try JSONDecoder().decode(Document.self, from: Data(text.utf8))
        #expect(document.command == "serve")
        #expect(document.settings.map(\.key).contains("prometheus.bearerToken"))
        #expect(document.settings.first { $0.key == "web.port" }?.value == "1")
    }

    @Test func `parts of addresses and parameters that may be secret are not shown`() {
        let report = report([
            "--prometheus-url", "http://admin:hunter2@prometheus:9090/x?key=hunter2",
            "--database-url", "postgres://assay:hunter2@db:5432/assay", "--prometheus-headers",
            "X-Key: hunter2; Y: hunter2",
            "--prometheus-parameters", "api_token=hunter2&dedup=true", "--kafka-sasl-password", "hunter2",
            "--kafka-ssl-key-location", "/etc/key.pem",
        ])
        #expect(line("prometheus.url", report)?.hasPrefix("prometheus.url http://prometheus:9090/x (partly") == true)
        #expect(line("database.url", report) == "database.url postgres://assay@db:5432/assay --database-url")
        #expect(
            line("prometheus.headers", report)
                == "prometheus.headers X-Key: <redacted>; Y: <redacted> --prometheus-headers"
        )
        #expect(line("prometheus.parameters", report)?.contains("api_token=<redacted>&dedup=true") == true)
        #expect(line("kafka.sasl.password", report) == "kafka.sasl.password <redacted> --kafka-sasl-password")
        #expect(line("kafka.ssl.key.location", report)?.contains("/etc/key.pem") == true)
        for form in ConfigurationReport.Form.allCases { #expect(!report.text(form).contains("hunter2")) }
    }
}
