import HTTPTestServer
import HTTPTransport
import Processes
import Prometheus
import Testing

@testable import Service

/// Certificates, basic authentication and headers, from the settings to a Prometheus that demands them.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(
        if: TestCertificates.isPossible && Program.find("prometheus") != nil,
        "needs the Debian packages prometheus and openssl"
    )
)
struct PrometheusConnectionTests {
    /// A Prometheus that talks to holders of a client certificate who know the password of `assay`.
    private final class Server: Sendable {
        let certificates: TestCertificates
        let port: UInt16
        private let process: BackgroundProgram

        init() async throws {
            certificates = try await TestCertificates.make()
            port = try LoopbackSocket.freePort()
            let folder = certificates.folder
            try folder.write("global: {scrape_interval: 1h}\n", to: "prometheus.yml")
            // bcrypt of hunter2, at the least cost.
            try folder.write(
                """
                tls_server_config:
                  cert_file: server.pem
                  key_file: server.key
                  client_auth_type: RequireAndVerifyClientCert
                  client_ca_file: ca.pem
                basic_auth_users:
                  assay: $2b$04$abcdefghijklmnopqrstuuV3duMsC0HpUex6N9qapiuOHHWkwRXVm
                """,
                to: "web.yml"
            )
            process = try BackgroundProgram(
                try #require(Program.find("prometheus")),
                [
                    "--config.file=prometheus.yml", "--web.config.file=web.yml", "--storage.tsdb.path=data",
                    "--web.listen-address=127.0.0.1:\(port)",
                ],
                in: folder.url
            )
            var configuration = HTTPClient.Configuration()
            configuration.proxy = .none
            configuration.tls = TLSOptions(
                caFile: certificates.path("ca.pem"),
                certificateFile: certificates.path("client.pem"),
                keyFile: certificates.path("client.key")
            )
            configuration.authentication = .basic(user: "assay", password: Secret("hunter2"))
            configuration.retry = RetryPolicy(
                maximumAttempts: 10_000,
                baseDelay: .milliseconds(20),
                maximumDelay: .milliseconds(100)
            )
            let ready = HTTPRequest(url: "https://127.0.0.1:\(port)/-/ready", timeout: .seconds(120))
            #expect(try await HTTPClient(configuration: configuration).execute(ready).status == 200)
        }
    }

    private static func query(_ flags: [String: String], url: String) async throws -> Result<Int, PrometheusError> {
        TestProxy.avoid()
        let arguments = flags.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        let settings = try SettingsLoader(.serve, arguments: arguments, environment: [:]).load()
        let http = try HTTPClients.prometheus(settings)
        let client = PrometheusClient(baseURL: url, http: http)
        let result: Result<Int, PrometheusError>
        do throws(PrometheusError) {
            result = .success(
                try await client.rangeQuery("vector(1)", start: 0, end: 60_000, step: 60_000).series.count
            )
        } catch {
            result = .failure(error)
        }
        await http.close()
        return result
    }

    @Test func `a client certificate and a password are needed, and the server's certificate is verified`() async throws
    {
        let server = try await Server()
        let files = server.certificates
        let right = [
            "--prometheus-ca-file": files.path("ca.pem"), "--prometheus-certificate-file": files.path("client.pem"),
            "--prometheus-key-file": files.path("client.key"), "--prometheus-username": "assay",
            "--prometheus-password-file": try files.folder.write("hunter2\n", to: "password"),
        ]
        func code(
            _ changes: [String: String?] = [:],
            host: String = "127.0.0.1"
        ) async throws -> PrometheusError.Code? {
            let flags = right.merging(changes.compactMapValues { $0 }) { $1 }.filter { changes[$0.key] != .some(nil) }
            switch try await Self.query(flags, url: "https://\(host):\(server.port)") {
            case .success: return nil
            case .failure(let error):
                #expect(!"\(error)".contains("hunter2"))
                return error.code
            }
        }
        #expect(try await code() == nil)
        #expect(try await code(["--prometheus-ca-file": files.path("other.pem")]) == .unreachable)
        #expect(try await code(["--prometheus-ca-file": nil]) == .unreachable)
        #expect(try await code(host: "localhost") == .unreachable)
        let strangers = [
            "--prometheus-certificate-file": files.path("stranger.pem"),
            "--prometheus-key-file": files.path("stranger.key"),
        ]
        #expect(try await code(strangers) != nil)
        let withoutCertificate: [String: String?] = [
            "--prometheus-certificate-file": nil, "--prometheus-key-file": nil,
        ]
        #expect(try await code(withoutCertificate) != nil)
        #expect(
            try await code(["--prometheus-password-file": files.folder.write("wrong", to: "wrong")]) == .unauthorized
        )
        #expect(try await code(["--prometheus-username": nil]) == .unauthorized)
    }

    @Test func `tokens and secret headers come from files that are read again`() async throws {
        let answer = #"{"status":"success","data":{"resultType":"matrix","result":[]}}"#
        let server = try TestHTTPServer { _ in [.respond(200, headers: ["Content-Type: application/json"], answer)] }
        let folder = try TemporaryFolder()
        let token = try folder.write("token-1\n", to: "token")
        let headers = try folder.write("# of the tenant\nX-Scope-OrgID: one\nX-Key: a:b\n", to: "headers")
        let settings = try SettingsLoader(
            .serve,
            arguments: ["--prometheus-bearer-token-file", token, "--prometheus-headers-file", headers],
            environment: [:]
        ).load()
        TestProxy.avoid()
        let http = try HTTPClients.prometheus(settings)
        let client = PrometheusClient(baseURL: server.url, http: http)
        _ = try await client.rangeQuery("up", start: 0, end: 60_000, step: 60_000)
        try folder.write("token-2\n", to: "token")
        try folder.write("X-Scope-OrgID: two", to: "headers")
        _ = try await client.rangeQuery("up", start: 0, end: 60_000, step: 60_000)
        let sent = server.statistics.requests.map(\.headers)
        #expect(sent.map { $0["authorization"] } == ["Bearer token-1", "Bearer token-2"])
        #expect(sent.map { $0["x-scope-orgid"] } == ["one", "two"])
        #expect(sent.map { $0["x-key"] } == ["a:b", nil])
        await http.close()
    }
}
