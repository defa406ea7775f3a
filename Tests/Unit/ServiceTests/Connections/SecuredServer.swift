import HTTPTestServer
import TestPrograms
import Testing

/// nginx that only talks to holders of a client certificate, and answers by what they send along.
final class SecuredServer: Sendable {
    static let isPossible = TestCertificates.isPossible && Program.find("nginx") != nil

    let certificates: TestCertificates
    let port: UInt16
    private let process: ChildProcess

    var url: String { "https://127.0.0.1:\(port)" }

    /// - Parameter token: what must be sent; others are answered with 401.
    init(token: String) async throws {
        certificates = try await TestCertificates.make()
        port = try LoopbackSocket.freePort()
        let folder = certificates.folder
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "\($0)_temp_path \($0);" }.joined(separator: " ")
        let configuration = """
            pid nginx.pid;
            events {}
            http {
                access_log off; \(temporary)
                server {
                    listen 127.0.0.1:\(port) ssl http2;
                    ssl_certificate server.pem; ssl_certificate_key server.key;
                    ssl_client_certificate ca.pem; ssl_verify_client on;
                    default_type application/json;
                    if ($http_authorization != "Bearer \(token)") { return 401 '{"message":"Invalid API key"}'; }
                    location / { return 200 '[]'; }
                }
            }
            """
        try folder.write(configuration, to: "nginx.conf")
        process = try ChildProcess(
            try #require(Program.find("nginx")),
            ["-p", folder.path("."), "-c", "nginx.conf", "-e", "error.log", "-g", "daemon off;"],
            in: folder.url
        )
    }
}
