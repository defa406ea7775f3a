import Foundation
package import HTTPTestServer
package import Kafka
import Processes

/// The embedded broker behind a gateway that speaks TLS and SASL, and has access rules.
package final class KafkaGateway: @unchecked Sendable {
    // `process` is only changed by the one test that has the gateway.
    package static let isPossible = TestCertificates.isPossible && Program.find("python3") != nil

    package enum Security: String, Sendable {
        case plaintext
        case tls
        /// With a client certificate.
        case mutual
    }

    package let broker: EmbeddedBroker
    package let certificates: TestCertificates
    package let port: UInt16
    private let isAuthenticating: Bool
    private let hasRights: Bool
    private let security: Security
    private var process: BackgroundProgram?

    package var address: String { "127.0.0.1:\(port)" }

    /// - Parameter rights: what clients are allowed, a right each such as `READ topic a`; nil for no access rules.
    package init(
        _ security: Security,
        isAuthenticating: Bool = false,
        topics: [String] = ["t"],
        rights: [String]? = nil
    ) async throws {
        broker = try EmbeddedBroker(partitions: 1)
        for topic in topics { try broker.createTopic(topic) }
        certificates = try await TestCertificates.make()
        port = try LoopbackSocket.freePort()
        self.security = security
        self.isAuthenticating = isAuthenticating
        hasRights = rights != nil
        if let rights {
            try allow(rights)
            try leaveTransactionsOpen(on: [])
        }
        try start()
    }

    /// From the next request on.
    package func allow(_ rights: [String]) throws {
        // At once, or the gateway would read half of it.
        let file = certificates.path("rights")
        try rights.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
    }

    /// Topics at whose end a transaction is open from now on.
    package func leaveTransactionsOpen(on topics: [String]) throws {
        try topics.joined(separator: "\n").write(toFile: certificates.path("open"), atomically: true, encoding: .utf8)
    }

    /// The rights that clients have asked for so far, such as `READ topic a`, by client id.
    package var asked: [String: Set<String>] {
        var asked: [String: Set<String>] = [:]
        for line in log where line.hasPrefix("asks ") {
            guard let colon = line.firstRange(of: ": ") else { continue }
            asked[String(line[..<colon.lowerBound].dropFirst(5)), default: []].insert(String(line[colon.upperBound...]))
        }
        return asked
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
        if hasRights {
            settings["rights"] = certificates.path("rights")
            settings["open"] = certificates.path("open")
        }
        let text = String(decoding: try JSONSerialization.data(withJSONObject: settings), as: UTF8.self)
        let script = try file(Bundle.module.path(forResource: "kafka_gateway", ofType: "py"))
        process = try BackgroundProgram(
            try file(Program.find("python3")),
            [script, try certificates.folder.write(text, to: "gateway.json")],
            in: certificates.folder.url
        )
    }

    /// Ends every connection, and takes new ones.
    package func restart() async throws {
        await process?.stop()
        try start()
    }

    /// What the broker takes for the password of `assay`.
    package func expect(password: String) throws {
        try certificates.folder.write(password, to: "broker-password")
    }

    /// What has happened, a line each.
    package var log: [String] {
        let text = (try? certificates.text("gateway.log")) ?? ""
        return text.split(separator: "\n").map(String.init)
    }

    deinit {
        process = nil
        broker.close()
    }

    private func file(_ path: String?) throws -> String {
        guard let path else { throw CocoaError(.fileNoSuchFile) }
        return path
    }
}
