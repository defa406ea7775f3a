import HTTPTestServer
import HTTPTransport
import Processes
import Testing

/// TLS, HTTP/2 and client certificates against nginx, with certificates made on the spot.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(
        if: Program.find("nginx") != nil && Program.find("openssl") != nil,
        "needs the Debian packages nginx-light and openssl"
    )
)
struct TLSTests {
    static let password = "key-password"

    /// nginx with two servers: one for everybody, one for holders of a client certificate.
    final class Server: Sendable {
        let folder: TemporaryFolder
        let port: UInt16
        let mutualPort: UInt16
        private let process: BackgroundProgram

        init() async throws {
            folder = try TemporaryFolder()
            port = try LoopbackSocket.freePort()
            mutualPort = try LoopbackSocket.freePort()
            let openssl = try #require(Program.find("openssl"))
            let script = try folder.write(Self.certificates, to: "certificates.sh")
            #expect(try await Program.run("/bin/sh", ["-e", script, openssl], in: folder.url).status == 0)
            try folder.write(Self.configuration(port, mutualPort), to: "nginx.conf")
            let nginx = try #require(Program.find("nginx"))
            process = try BackgroundProgram(
                nginx,
                ["-p", folder.path("."), "-c", "nginx.conf", "-e", "error.log", "-g", "daemon off;"],
                in: folder.url
            )
        }

        static let certificates = """
            quiet() { "$@" 2>/dev/null; }
            for ca in ca other; do
                quiet "$1" req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$ca" -keyout $ca.key -out $ca.pem
            done
            printf 'subjectAltName=IP:127.0.0.1' > names
            for name in server client; do
                quiet "$1" req -newkey rsa:2048 -nodes -subj "/CN=$name" -keyout $name.key -out $name.csr
                quiet "$1" x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out $name.pem
            done
            quiet "$1" rsa -aes256 -passout pass:key-password -in client.key -out locked.key
            """

        static func configuration(_ port: UInt16, _ mutualPort: UInt16) -> String {
            let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .map { "\($0)_temp_path \($0);" }.joined(separator: " ")
            let common = "ssl_certificate server.pem; ssl_certificate_key server.key; default_type text/plain;"
            return """
                pid nginx.pid;
                events {}
                http {
                    access_log off; \(temporary)
                    server {
                        listen 127.0.0.1:\(port) ssl http2; \(common)
                        location / { return 200 "$server_protocol $connection"; }
                    }
                    server {
                        listen 127.0.0.1:\(mutualPort) ssl http2; \(common)
                        ssl_client_certificate ca.pem; ssl_verify_client on;
                        location / { return 200 "$ssl_client_s_dn"; }
                    }
                }
                """
        }

        func client(_ tls: (Server) -> TLSOptions) throws -> HTTPClient {
            var configuration = HTTPClient.Configuration()
            configuration.proxy = .none
            configuration.tls = tls(self)
            // The server may still be starting.
            configuration.retry = RetryPolicy(
                maximumAttempts: 1000,
                baseDelay: .milliseconds(20),
                maximumDelay: .milliseconds(50)
            )
            return try HTTPClient(configuration: configuration)
        }
    }

    @Test func certificatesAndVersions() async throws {
        let server = try await Server()
        let ca = server.folder.path("ca.pem")
        let url = "https://127.0.0.1:\(server.port)/"
        let mutualURL = "https://127.0.0.1:\(server.mutualPort)/"

        let trusting = try server.client { _ in TLSOptions(caFile: ca) }
        let response = try await trusting.execute(HTTPRequest(url: url))
        #expect(response.httpVersion == .http2)
        #expect(String(decoding: response.body, as: UTF8.self).hasPrefix("HTTP/2.0 "))

        // All at once: one connection carries them, because the others wait for it to say whether it can.
        let bodies = try await withThrowingTaskGroup(of: [UInt8].self) { group in
            for _ in 0..<20 { group.addTask { try await trusting.execute(HTTPRequest(url: url)).body } }
            return try await group.reduce(into: Set<[UInt8]>()) { $0.insert($1) }
        }
        #expect(bodies == [response.body])

        // No client certificate: nginx answers 400.
        #expect(try await trusting.execute(HTTPRequest(url: mutualURL)).status == 400)

        let suspicious = try server.client { TLSOptions(caFile: $0.folder.path("other.pem")) }
        #expect(await HTTPClientTests.failure(suspicious, HTTPRequest(url: url))?.code == .tls)
        let system = try server.client { _ in TLSOptions() }
        #expect(await HTTPClientTests.failure(system, HTTPRequest(url: url))?.code == .tls)
        let misnamed = await HTTPClientTests.failure(trusting, HTTPRequest(url: "https://localhost:\(server.port)/"))
        #expect(misnamed?.code == .tls)
        let insecure = try server.client { _ in TLSOptions(isInsecure: true) }
        #expect(try await insecure.execute(HTTPRequest(url: url)).status == 200)
        let missing = try server.client { _ in TLSOptions(caFile: "/nonexistent.pem") }
        #expect(await HTTPClientTests.failure(missing, HTTPRequest(url: url))?.code == .tls)

        for (key, password) in [("client.key", nil), ("locked.key", Secret(Self.password))] {
            let mutual = try server.client {
                TLSOptions(
                    caFile: ca,
                    certificateFile: $0.folder.path("client.pem"),
                    keyFile: $0.folder.path(key),
                    keyPassword: password
                )
            }
            let answer = try await mutual.execute(HTTPRequest(url: mutualURL))
            #expect(String(decoding: answer.body, as: UTF8.self) == "CN=client")
        }
        let locked = try server.client {
            TLSOptions(
                caFile: ca,
                certificateFile: $0.folder.path("client.pem"),
                keyFile: $0.folder.path("locked.key"),
                keyPassword: Secret("wrong")
            )
        }
        #expect(await HTTPClientTests.failure(locked, HTTPRequest(url: mutualURL))?.code == .tls)
    }
}
