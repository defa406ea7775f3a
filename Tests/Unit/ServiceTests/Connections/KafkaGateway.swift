import Foundation
import HTTPTestServer
import Kafka
import TestPrograms
import Testing

/// The embedded broker behind a gateway that speaks TLS and SASL.
final class KafkaGateway: @unchecked Sendable {
    // `process` is only changed by the one test that has the gateway.
    static let isPossible = TestCertificates.isPossible && Program.find("python3") != nil

    enum Security: String, Sendable {
        case plaintext
        case tls
        /// With a client certificate.
        case mutual
    }

    let broker: EmbeddedBroker
    let certificates: TestCertificates
    let port: UInt16
    private let isAuthenticating: Bool
    private let security: Security
    private var process: ChildProcess?

    var address: String { "127.0.0.1:\(port)" }

    init(_ security: Security, isAuthenticating: Bool = false) async throws {
        broker = try EmbeddedBroker(partitions: 1)
        try broker.createTopic("t")
        certificates = try await TestCertificates.make()
        port = try LoopbackSocket.freePort()
        self.security = security
        self.isAuthenticating = isAuthenticating
        try start()
    }

    private func start() throws {
        var settings: [String: Any] = [
            "port": Int(port), "backend": broker.bootstrapServers, "log": certificates.path("gateway.log"),
        ]
        if security != .plaintext {
            var tls = ["certificate": certificates.path("server.pem"), "key": certificates.path("server.key")]
            if security == .mutual { tls["clients"] = certificates.path("ca.pem") }
            settings["tls"] = tls
        }
        if isAuthenticating { settings["sasl"] = ["assay": certificates.path("broker-password")] }
        let text = String(decoding: try JSONSerialization.data(withJSONObject: settings), as: UTF8.self)
        let script = try #require(Bundle.module.path(forResource: "kafka_gateway", ofType: "py"))
        process = try ChildProcess(
            try #require(Program.find("python3")),
            [script, try certificates.folder.write(text, to: "gateway.json")],
            in: certificates.folder.url
        )
    }

    /// Ends every connection, and takes new ones.
    func restart() async throws {
        await process?.stop()
        try start()
    }

    /// What the broker takes for the password of `assay`.
    func expect(password: String) throws {
        try certificates.folder.write(password, to: "broker-password")
    }

    /// What has happened, a line each.
    var log: [String] {
        let text = (try? certificates.text("gateway.log")) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    deinit {
        process = nil
        broker.close()
    }
}
