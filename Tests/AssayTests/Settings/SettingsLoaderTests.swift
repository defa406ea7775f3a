import Foundation
import Testing

@testable import assay

@Suite struct SettingsLoaderTests {
    private func load(
        _ reader: Setting.Reader = .serve,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        file: String? = nil
    ) throws -> Settings {
        var arguments = arguments
        if let file {
            let path = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString).yaml")
            try Data(file.utf8).write(to: path)
            arguments += ["--config", path.path]
        }
        return try SettingsLoader(reader, arguments: arguments, environment: environment).load()
    }

    @Test func `flags win over variables, and those over the file`() throws {
        let file = "store: {path: file.db}\nsource: /file\nplans.directory: file\nlog: {level: debug}\n"
        let settings = try load(
            .serve,
            ["--store-path", "flag.db"],
            environment: ["STORE_PATH": "variable.db", "SOURCE": "/variable", "PLANS_DIRECTORY": ""],
            file: file
        )
        #expect(settings.text("store.path") == "flag.db")
        #expect(settings.text("source") == "/variable")
        #expect(settings.text("log.level") == "debug")
        #expect(settings.text("log.format") == "json")
    }

    @Test func `a list in the file is a comma-separated text`() throws {
        let settings = try load(file: "kafka: {brokers: [a:9092, b:9092]}")
        #expect(settings.text("kafka.brokers") == "a:9092,b:9092")
        #expect(settings.list("kafka.brokers") == ["a:9092", "b:9092"])
    }

    @Test func `other kafka settings go to librdkafka`() throws {
        let settings = try load(
            .kafka,
            ["--kafka-sasl-mechanism", "PLAIN"],
            environment: ["KAFKA_SECURITY_PROTOCOL": "ssl", "KAFKA_HEAP_OPTS": "-Xmx1g", "KAFKA_SASL_MECHANISM": "x"],
            file: "kafka: {security.protocol: plaintext, socket: {keepalive.enable: true}}"
        )
        #expect(
            settings.kafkaProperties == [
                "sasl.mechanism": "PLAIN", "security.protocol": "ssl", "socket.keepalive.enable": "true",
            ]
        )
    }

    @Test func `what Kubernetes announces for services is no setting`() throws {
        let settings = try load(
            environment: [
                "WEB_PORT": "tcp://10.0.0.1:80", "KAFKA_BROKER_PORT": "tcp://10.0.0.1:9092",
                "KAFKA_BROKER_SERVICE_HOST": "10.0.0.1", "KAFKA_CLIENT_ID": "x",
                "KAFKA_ISOLATION_LEVEL": "read_committed",
            ]
        )
        #expect(try settings.integer("web.port", in: 0...65_535) == 8080)
        #expect(settings.kafkaProperties == ["isolation.level": "read_committed"])
    }

    @Test(arguments: [
        (["--store-pth", "x"], "unknown option --store-pth (did you mean --store-path?); see --help"),
        (["x"], "unexpected argument x"),
    ])
    func `what no setting knows is an error`(arguments: [String], message: String) {
        #expect(throws: SettingsError(message)) { try load(.serve, arguments) }
    }

    @Test func `an unknown key of the file is an error`() {
        #expect(throws: SettingsError.self) { try load(file: "store: {pth: x}") }
    }
}
