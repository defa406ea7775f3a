import Foundation
import Testing

@testable import Service

/// What the settings let others read.
@Suite struct ExposuresTests {
    private func exposures(_ arguments: [String], for reader: Setting.Reader = .serve) throws -> Exposures {
        let (settings, problems) = SettingsLoader(reader, arguments: arguments, environment: [:]).read()
        #expect(problems == [])
        return Exposures(settings, for: reader)
    }

    @Test(arguments: [
        (["--prometheus-url", "http://prom:9090", "--prometheus-bearer-token", "t0ken"], "prometheus.bearerToken"),
        (["--prometheus-url", "HTTP://prom:9090", "--prometheus-password", "t0ken"], "prometheus.password"),
        (["--prometheus-url", "http://prom", "--prometheus-headers", "X-Api-Key: t0ken"], "prometheus.headers"),
        (["--prometheus-url", "http://prom", "--prometheus-parameters", "token=t0ken"], "prometheus.parameters"),
        (["--grafana-url", "http://grafana/x", "--grafana-token", "t0ken"], "grafana.token"),
        (["--webhook-url", "http://10.0.0.1/x?y=t0ken", "--webhook-bearer-token", "t0ken"], "webhook.bearerToken"),
    ])
    func credentialsOverPlainHTTP(arguments: [String], secret: String) throws {
        let findings = try exposures(arguments).findings
        #expect(findings.count == 1)
        #expect(findings.first?.sentence.contains("\(secret) travels unencrypted") == true, "\(findings)")
        #expect(!"\(findings)".contains("t0ken"))
    }

    @Test(arguments: [
        [], ["--prometheus-url", "http://prom:9090"],
        ["--prometheus-url", "https://prom:9090", "--prometheus-bearer-token", "t0ken"],
        ["--prometheus-url", "http://127.0.0.1:9090", "--prometheus-bearer-token", "t0ken"],
        ["--prometheus-url", "http://[::1]:9090", "--prometheus-password", "t0ken"],
        ["--prometheus-url", "http://prom", "--prometheus-headers", "X-Scope-OrgID: team"],
        ["--prometheus-url", "http://prom", "--prometheus-parameters", "partial_response=false"],
        ["--database-url", "postgres://u:p@db/d?sslmode=verify-full"],
        ["--database-url", "postgres://u:p@localhost/d"],
        ["--database-url", "host=/run/postgresql"],
        ["--kafka-brokers", "k:9092", "--kafka-security-protocol", "SASL_SSL", "--kafka-sasl-mechanism", "PLAIN"],
        [
            "--kafka-brokers", "localhost:9092", "--kafka-security-protocol", "SASL_PLAINTEXT",
            "--kafka-sasl-mechanism", "PLAIN",
        ],
    ])
    func whatIsKept(arguments: [String]) throws {
        let exposures = try exposures(arguments)
        #expect(exposures.findings == [])
        #expect(exposures.summary == nil)
    }

    @Test(arguments: [Setting.Reader.pipeline, .rollout])
    func pipelinesAndControllersToo(reader: Setting.Reader) throws {
        let exposures = try exposures(["--assay-url", "http://assay:8080", "--assay-token", "t0ken"], for: reader)
        #expect(exposures.findings.map(\.setting) == ["assay.url"])
        #expect(exposures.summary == "others can read what is secret, see the log: assay.url")
    }

    @Test(arguments: [Setting.Reader.serve, .migrate])
    func aDatabaseThatDoesNotProveItself(reader: Setting.Reader) throws {
        let url = "postgres://u:t0ken@db.example.com/d?sslmode=require"
        let findings = try exposures(["--database-url", url], for: reader).findings
        #expect(findings.map(\.setting) == ["database.url"])
        #expect(
            findings.first?.sentence.contains("sslmode=require does not prove who answers as db.example.com") == true
        )
        #expect(!"\(findings)".contains("t0ken"))
        let strict = SettingsLoader(
            reader,
            arguments: ["--database-url", url, "--database-require-tls", "true"],
            environment: [:]
        )
        #expect {
            _ = try DatabaseSettings.configuration(strict.load())
        } throws: {
            "\($0)".contains("database.requireTls does not allow that") && !"\($0)".contains("t0ken")
        }
    }

    @Test func aPasswordForKafkaInPlainText() throws {
        let findings = try exposures([
            "--kafka-brokers", "k1:9092,k2:9092", "--kafka-security-protocol", "sasl_plaintext",
            "--kafka-sasl-mechanism", "PLAIN", "--kafka-sasl-password", "t0ken",
        ]).findings
        #expect(findings.map(\.setting) == ["kafka.security.protocol"])
        #expect(!"\(findings)".contains("t0ken"))
    }
}
