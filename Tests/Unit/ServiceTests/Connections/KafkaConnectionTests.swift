import HTTPTestServer
import Kafka
import KafkaGateway
import Logging
import Synchronization
import Testing

@testable import Service

/// TLS and SASL from the settings to the wire, through librdkafka, against a gateway in front of the embedded broker.
@Suite(
    .timeLimit(.minutes(5)),
    .enabled(if: KafkaGateway.isPossible, "needs the Debian packages python3 and openssl")
)
struct KafkaConnectionTests {
    /// How sending a message ends.
    private struct Outcome {
        var isDelivered: Bool
        /// What the client logged, in one text.
        var log: String
        var failures: [KafkaError.Code: Int]
    }

    /// - Parameter isRefused: whether the broker refuses the client, which then gives up soon: what cannot work does
    ///   not work later either.
    private static func wiring(
        _ gateway: KafkaGateway,
        _ flags: [String],
        address: String? = nil,
        isRefused: Bool = false
    ) throws -> KafkaWiring {
        let files = gateway.certificates
        let arguments =
            flags.map { $0.replacing("FILES/", with: files.path("") + "/") } + [
                "--kafka-message-timeout-ms", isRefused ? "3000" : "60000", "--kafka-reconnect-backoff-ms", "50",
                "--kafka-reconnect-backoff-max-ms", "200",
            ]
        let settings = try SettingsLoader(.kafka, arguments: arguments, environment: [:]).load()
        return try KafkaWiring(settings, as: .serve, brokers: address ?? gateway.address, isEmbedded: true)
    }

    private static func send(_ wiring: KafkaWiring) async throws -> Outcome {
        let log = CollectedLog()
        let producer = try KafkaProducer(configuration: wiring.configuration, logger: log.logger)
        var isDelivered = true
        do { _ = try await producer.send(KafkaMessage(topic: "t", value: [1])) } catch { isDelivered = false }
        await producer.close()
        return Outcome(isDelivered: isDelivered, log: log.text, failures: wiring.watch.clients.failures)
    }

    private static let tls = ["--kafka-security-protocol", "ssl", "--kafka-ssl-ca-location", "FILES/ca.pem"]
    private static let certificate = [
        "--kafka-ssl-certificate-location", "FILES/client.pem", "--kafka-ssl-key-location", "FILES/client.key",
    ]

    @Test func `a broker with a certificate of a trusted authority is talked to`() async throws {
        let gateway = try await KafkaGateway(.tls)
        let outcome = try await Self.send(Self.wiring(gateway, Self.tls))
        #expect(outcome.isDelivered, "\(outcome.log)")
    }

    @Test(arguments: [
        (["--kafka-security-protocol", "ssl", "--kafka-ssl-ca-location", "FILES/other.pem"], "127.0.0.1"),
        (tls, "localhost"),
    ])
    func `another authority and another host name are refused`(flags: [String], host: String) async throws {
        let gateway = try await KafkaGateway(.tls)
        let outcome = try await Self.send(
            Self.wiring(gateway, flags, address: "\(host):\(gateway.port)", isRefused: true)
        )
        #expect(!outcome.isDelivered)
        #expect(outcome.log.contains("certificate verify failed"), "\(outcome.log)")
        #expect(outcome.failures[.authentication] ?? 0 > 0, "\(outcome.failures)")
    }

    @Test func `a client certificate is shown, and missed where it is needed`() async throws {
        let gateway = try await KafkaGateway(.mutual)
        let outcome = try await Self.send(Self.wiring(gateway, Self.tls + Self.certificate))
        #expect(outcome.isDelivered, "\(outcome.log)")
        #expect(gateway.log.contains("certificate assay"), "\(gateway.log)")
        let refused = try await Self.send(Self.wiring(gateway, Self.tls, isRefused: true))
        #expect(!refused.isDelivered)
        #expect(refused.failures.values.reduce(0, +) > 0, "\(refused.failures)")
        #expect(refused.log.contains("certificate required") || refused.log.contains("SSL"), "\(refused.log)")
    }

    @Test(arguments: ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
    func `the right password is taken and a wrong one refused, with a reason`(mechanism: String) async throws {
        let gateway = try await KafkaGateway(.tls, isAuthenticating: true)
        try gateway.expect(password: "hunter2")
        var flags = Self.tls
        flags[1] = "sasl_ssl"
        flags += ["--kafka-sasl-mechanism", mechanism, "--kafka-sasl-username", "assay"]
        let outcome = try await Self.send(Self.wiring(gateway, flags + ["--kafka-sasl-password", "hunter2"]))
        #expect(outcome.isDelivered, "\(outcome.log)")
        #expect(gateway.log.contains("mechanism \(mechanism)") && gateway.log.contains("accepted assay"))

        let refused = try await Self.send(
            Self.wiring(gateway, flags + ["--kafka-sasl-password", "wr0ng"], isRefused: true)
        )
        #expect(!refused.isDelivered)
        #expect(gateway.log.contains("refused assay"))
        #expect(refused.log.contains("Invalid username or password"), "\(refused.log)")
        #expect(refused.failures[.authentication] ?? 0 > 0, "\(refused.failures)")
        #expect(!refused.log.contains("wr0ng"))
        // A client without SASL is refused.
        #expect(try await !Self.send(Self.wiring(gateway, Self.tls, isRefused: true)).isDelivered)
    }

    @Test func `a password file that is replaced is used by running clients`() async throws {
        let gateway = try await KafkaGateway(.tls, isAuthenticating: true)
        try gateway.expect(password: "first")
        let file = try gateway.certificates.folder.write("first\n", to: "password")
        var flags = Self.tls
        flags[1] = "sasl_ssl"
        flags += [
            "--kafka-sasl-mechanism", "SCRAM-SHA-512", "--kafka-sasl-username", "assay", "--kafka-sasl-password-file",
            file,
        ]
        let wiring = try Self.wiring(gateway, flags)
        let refused = try KafkaProducer(
            configuration: Self.wiring(gateway, flags, isRefused: true).configuration,
            logger: CollectedLog().logger
        )
        let producer = try KafkaProducer(configuration: wiring.configuration, logger: CollectedLog().logger)
        let consumer = try KafkaConsumer(
            configuration: wiring.configuration,
            groupID: "g",
            topics: ["t"],
            logger: CollectedLog().logger
        )
        _ = try await producer.send(KafkaMessage(topic: "t", value: [1]))
        #expect(try await consumer.nextBatch()?.records.map(\.value) == [[1]])

        try gateway.expect(password: "second")
        try gateway.certificates.folder.write("second\n", to: "password")
        try await gateway.restart()
        await #expect(throws: KafkaError.self) { try await refused.send(KafkaMessage(topic: "t", value: [2])) }
        // What the process does every ten seconds.
        wiring.watch.service?.work(.time)
        _ = try await producer.send(KafkaMessage(topic: "t", value: [3]))
        // What was not committed may come again to a member that had to join again.
        var values: [[UInt8]?] = []
        while !values.contains([3]), let batch = try await consumer.nextBatch() { values += batch.records.map(\.value) }
        #expect(values.contains([3]) && !values.contains([2]))
        for producer in [producer, refused] { await producer.close() }
        await consumer.close()
        #expect(gateway.log.filter { $0 == "accepted assay" }.count >= 2)
    }

    @Test func `a password file needs a user`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("hunter2", to: "password")
        let settings = try SettingsLoader(.kafka, arguments: ["--kafka-sasl-password-file", file], environment: [:])
            .load()
        #expect(throws: SettingsError.self) { try KafkaWiring(settings, as: .serve, brokers: "b:1", isEmbedded: false) }
    }
}

/// Everything that is logged, at any level.
final class CollectedLog: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: CollectedLog
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            log.lines.withLock { $0.append("\(event.level): \(event.message) \(all)") }
        }
    }
}
