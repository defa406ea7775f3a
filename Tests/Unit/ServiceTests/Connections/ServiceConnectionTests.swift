import Foundation
import Grafana
import HTTPTestServer
import HTTPTransport
import Testing

@testable import Service

/// Certificates and tokens of Grafana, webhooks and Kubernetes, from the settings to a server that demands them.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(if: SecuredServer.isPossible, "needs the Debian packages nginx-light and openssl")
)
struct ServiceConnectionTests {
    private static let token = "token-1"

    /// The flags of a client that does everything right, by their end: `-ca-file` and so on.
    private static func flags(_ server: SecuredServer, _ prefix: String) throws -> [String: String] {
        try server.certificates.folder.write("\(token)\n", to: "token")
        return [
            "\(prefix)-ca-file": server.certificates.path("ca.pem"),
            "\(prefix)-certificate-file": server.certificates.path("client.pem"),
            "\(prefix)-key-file": server.certificates.path("client.key"),
        ]
    }

    private static func settings(_ reader: Setting.Reader, _ flags: [String: String]) throws -> Settings {
        let arguments = flags.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        return try SettingsLoader(reader, arguments: arguments, environment: [:]).load()
    }

    /// What a request ends with: a status, or the kind of failure.
    private static func outcome(_ http: HTTPClient, _ url: String) async -> String {
        do { return "\(try await http.execute(HTTPRequest(url: url)).status)" } catch { return "\(error.code)" }
    }

    /// The server may still be starting.
    private static func awaitServer(_ server: SecuredServer) async throws {
        TestProxy.avoid()
        var configuration = HTTPClient.Configuration()
        configuration.tls = TLSOptions(caFile: server.certificates.path("ca.pem"))
        configuration.retry = RetryPolicy(
            maximumAttempts: 1000,
            baseDelay: .milliseconds(20),
            maximumDelay: .milliseconds(50)
        )
        // Without a client certificate nginx answers 400.
        #expect(try await HTTPClient(configuration: configuration).execute(HTTPRequest(url: server.url)).status == 400)
    }

    @Test(arguments: [
        (
            Setting.Reader.serve, "--grafana", "--grafana-token-file", SettingKey.grafanaToken,
            ServiceCertificates.grafana
        ),
        (.serve, "--webhook", "--webhook-bearer-token-file", .webhookBearerToken, .webhook),
        (.rollout, "--rollout-webhook", "--rollout-webhook-token-file", .rolloutWebhookToken, .rolloutWebhook),
        (.rollout, "--kubernetes", "--kubernetes-token-file", .kubernetesToken, .kubernetes),
    ])
    func `a client certificate and a token are needed, and the server's certificate is verified`(
        reader: Setting.Reader,
        prefix: String,
        tokenFlag: String,
        tokenKey: SettingKey,
        certificates: ServiceCertificates
    ) async throws {
        let server = try await SecuredServer(token: Self.token)
        try await Self.awaitServer(server)
        var flags = try Self.flags(server, prefix)
        flags[tokenFlag] = server.certificates.path("token")
        func outcome(_ change: (inout [String: String]) -> Void = { _ in }, host: String? = nil) async throws -> String
        {
            var changed = flags
            change(&changed)
            let settings = try Self.settings(reader, changed)
            let http = try HTTPClients.bearer(settings, tokenKey: tokenKey, certificates)
            let outcome = await Self.outcome(http, host.map { "https://\($0):\(server.port)" } ?? server.url)
            await http.close()
            return outcome
        }
        #expect(try await outcome() == "200")
        #expect(try await outcome { $0["\(prefix)-ca-file"] = server.certificates.path("other.pem") } == "tls")
        #expect(try await outcome { $0["\(prefix)-ca-file"] = nil } == "tls")
        #expect(try await outcome(host: "localhost") == "tls")
        #expect(
            try await outcome {
                $0["\(prefix)-certificate-file"] = nil
                $0["\(prefix)-key-file"] = nil
            } == "400"
        )
        #expect(
            try await outcome {
                $0["\(prefix)-certificate-file"] = server.certificates.path("stranger.pem")
                $0["\(prefix)-key-file"] = server.certificates.path("stranger.key")
            } == "400"
        )
        #expect(try await outcome { $0[tokenFlag] = server.certificates.path("names") } == "401")
    }

    @Test func `Grafana's client says why it is refused, and takes a replaced token up`() async throws {
        let server = try await SecuredServer(token: Self.token)
        try await Self.awaitServer(server)
        var flags = try Self.flags(server, "--grafana")
        flags["--grafana-token-file"] = server.certificates.folder.path("token")
        let settings = try Self.settings(.serve, flags)
        let http = try HTTPClients.bearer(settings, tokenKey: .grafanaToken, .grafana)
        let grafana = GrafanaClient(baseURL: server.url, http: http)
        #expect(try await grafana.find(tags: [], from: 0, to: 1).isEmpty)
        try server.certificates.folder.write("token-2\n", to: "token")
        let refused = await #expect(throws: GrafanaError.self) { try await grafana.find(tags: [], from: 0, to: 1) }
        #expect(refused?.code == .unauthorized)
        #expect(refused?.message == "Grafana answered 401: Invalid API key")
        // A file that is missing for a moment costs nothing.
        try server.certificates.folder.write(Self.token, to: "token")
        #expect(try await grafana.find(tags: [], from: 0, to: 1).isEmpty)
        try FileManager.default.removeItem(atPath: server.certificates.folder.path("token"))
        #expect(try await grafana.find(tags: [], from: 0, to: 1).isEmpty)
        await http.close()
    }
}
