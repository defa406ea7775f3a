import Foundation
import HTTPTestServer
import HTTPTransport
import Telemetry
import Testing

@testable import Service

@Suite struct SecretWatchTests {
    @Test func `a file that goes away is logged once and counted, and its secret is used on`() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("v4lue-1", to: "token")
        let settings = try SettingsLoader(.serve, arguments: ["--grafana-token-file", file], environment: [:]).load()
        let (log, registry) = (CollectedLog(), MetricRegistry())
        settings.secrets.start(logger: log.logger, in: registry, for: .serve)
        let secret = try #require(try settings.secret(.grafanaToken))
        #expect(registry.render().contains(#"assay_secret_file_failures_total{setting="grafana.tokenFile"} 0"#))

        try FileManager.default.removeItem(atPath: file)
        #expect(secret.value == "v4lue-1" && secret.value == "v4lue-1")
        #expect(registry.render().contains(#"assay_secret_file_failures_total{setting="grafana.tokenFile"} 1"#))
        try folder.write("v4lue-2", to: "token")
        #expect(secret.value == "v4lue-2")
        let lines = log.text.split(separator: "\n")
        #expect(lines.count == 2, "\(log.text)")
        #expect(lines.first?.contains("warning: a secret cannot be read; the one read before is used on") == true)
        #expect(lines.last?.contains("info: a secret was replaced") == true)
        #expect(!log.text.contains("v4lue"))
    }
}
