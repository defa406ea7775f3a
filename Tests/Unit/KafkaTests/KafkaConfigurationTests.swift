import Logging
import Testing

@testable import Kafka

@Suite("Configuration")
struct KafkaConfigurationTests {
    @Test("Nothing that speaks of a secret is shown")
    func redaction() {
        let configuration = KafkaConfiguration(
            brokers: "kafka:9092",
            properties: [
                "sasl.password": "hunter2", "SSL.Key.Password": "x", "ssl.certificate.pem": "y",
                "sasl.oauthbearer.client.secret": "z", "sasl.oauthbearer.token.endpoint.url": "u",
                "security.protocol": "sasl_ssl", "ssl.key.location": "/tls/key.pem",
            ]
        )
        let shown = configuration.redacted
        #expect(shown["ssl.key.location"] == "/tls/key.pem")
        #expect(shown["security.protocol"] == "sasl_ssl")
        #expect(shown["bootstrap.servers"] == "kafka:9092")
        #expect(shown.values.count { $0 == "<redacted>" } == 5)
        struct Holder { var configuration: KafkaConfiguration }
        var texts = ["\(configuration)", String(reflecting: configuration), "\(Holder(configuration: configuration))"]
        dump(Holder(configuration: configuration), to: &texts[0])
        #expect(texts.allSatisfy { !$0.contains("hunter2") && $0.contains("kafka:9092") })
    }

    @Test(
        "What a property cannot be set to is told beforehand",
        arguments: [
            ("sasl.password", "hunter2", nil), ("sasl.username", "", nil), ("acks", "x", "acks"),
            ("group.id", "x", "managed"), ("no.such.property", "x", "neither a setting nor a property"),
            ("ssl.key.pem", "hunter2\u{0}", "zero byte"),
        ] as [(String, String, String?)]
    )
    func problems(name: String, value: String, problem: String?) {
        let found = KafkaConfiguration.problem(of: name, value: value)
        #expect((found == nil) == (problem == nil), "\(found ?? "")")
        if let problem { #expect(found?.contains(problem) == true, "\(found ?? "")") }
        #expect(found?.contains("hunter2") != true)
        #expect(KafkaConfiguration.isProperty(name) == (name != "no.such.property"))
    }

    @Test("A refused secret is not repeated in the error")
    func refusedSecret() {
        let configuration = KafkaConfiguration(
            brokers: "127.0.0.1:1",
            properties: ["enable.ssl.certificate.verification": "maybe", "ssl.key.pem": "hunter2"]
        )
        let error = #expect(throws: KafkaError.self) { try KafkaProducer(configuration: configuration, logger: quiet) }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains("hunter2") == false)
    }

    @Test(
        "Cooperative rebalancing only where the library is up to it",
        arguments: [(0x0200_02ff as Int32, "range"), (0x0206_00ff, "range"), (0x0206_01ff, "cooperative-sticky")]
    )
    func assignor(version: Int32, strategy: String) throws {
        let properties = try ClientProperties.consumer(
            KafkaConfiguration(brokers: "b"),
            groupID: "g",
            commitInterval: .seconds(1),
            version: version
        )
        #expect(properties["partition.assignment.strategy"] == strategy)
        #expect(properties["enable.auto.offset.store"] == "false")
        #expect(properties["enable.auto.commit"] == "true")
        #expect(properties["auto.commit.interval.ms"] == "1000")
        #expect(properties["auto.offset.reset"] == "earliest")
    }

    @Test(
        "A member that dies loses its partitions with its other work, within what brokers and the library allow",
        arguments: [(1, "6000"), (6, "6000"), (30, "30000"), (300, "300000"), (3600, "300000")]
    )
    func sessionTimeout(lease: Int, milliseconds: String) throws {
        let properties = try ClientProperties.consumer(
            KafkaConfiguration(brokers: "b"),
            groupID: "g",
            commitInterval: .seconds(1),
            sessionTimeout: .seconds(lease),
            version: 0
        )
        #expect(properties["session.timeout.ms"] == milliseconds)
    }

    @Test("The time of a session is the user's where the user says one, and the brokers' where nothing is said")
    func sessionTimeoutOfOthers() throws {
        func timeout(_ given: [String: String], _ lease: Duration?) throws -> String? {
            try ClientProperties.consumer(
                KafkaConfiguration(brokers: "b", properties: given),
                groupID: "g",
                commitInterval: .seconds(1),
                sessionTimeout: lease,
                version: 0x020c_00ff
            )["session.timeout.ms"]
        }
        #expect(try timeout([:], nil) == nil)
        #expect(try timeout(["session.timeout.ms": "45000"], .seconds(30)) == "45000")
        // The library refuses it with the new protocol.
        #expect(try timeout(["group.protocol": "consumer"], .seconds(30)) == nil)
    }

    @Test(
        "What an answer may hold is bounded, and follows larger messages that are configured",
        arguments: [
            ([:], 16_384, 8_454_144), (["message.max.bytes": "20000000"], 16_384, 20_065_536),
            (["fetch.max.bytes": "9000000"], 9_000_000, 9_065_536),
            (["receive.message.max.bytes": "1000000"], 16_384, 1_000_000),
            (["message.max.bytes": "1000000000", "fetch.max.bytes": "2147483135"], 2_147_483_135, 2_147_483_647),
        ] as [([String: String], Int, Int)]
    )
    func fetchLimits(given: [String: String], fetch: Int, answer: Int) throws {
        let configuration = KafkaConfiguration(brokers: "127.0.0.1:1", properties: given)
        let properties = try ClientProperties.consumer(
            configuration,
            groupID: "g",
            commitInterval: .seconds(1),
            version: NativeLibrary.versionNumber
        )
        #expect(properties["fetch.max.bytes"] == "\(fetch)")
        #expect(properties["receive.message.max.bytes"] == "\(answer)")
        // The library wants them in order.
        #expect(properties["message.max.bytes"].flatMap { Int($0) }.map { $0 <= fetch } == true)
        let consumer = try KafkaConsumer(configuration: configuration, groupID: "g", topics: ["t"], logger: quiet)
        withExtendedLifetime(consumer) {}
    }

    @Test("The consumer protocol leaves the assignment to the broker, and telemetry is off where it crashes")
    func newProtocol() throws {
        var configuration = KafkaConfiguration(brokers: "b", properties: ["group.protocol": "consumer"])
        let properties = try ClientProperties.consumer(
            configuration,
            groupID: "g",
            commitInterval: .seconds(1),
            version: 0x020c_00ff
        )
        #expect(properties["partition.assignment.strategy"] == nil)
        let early = #expect(throws: KafkaError.self) {
            try ClientProperties.consumer(
                configuration,
                groupID: "g",
                commitInterval: .seconds(1),
                version: 0x020b_00ff
            )
        }
        #expect(early?.code == .configuration && early?.message.contains("2.12") == true)
        configuration.properties = [:]
        let old = try ClientProperties.producer(configuration, linger: .milliseconds(5), version: 0x0205_02ff)
        #expect(old["enable.metrics.push"] == "false")
        #expect(old["partitioner"] == "murmur2_random" && old["linger.ms"] == "5")
    }

    @Test("Messages expire before their transaction, and what could undo it is not taken over")
    func transactional() throws {
        var configuration = KafkaConfiguration(brokers: "b", properties: ["delivery.timeout.ms": "900000"])
        let properties = try ClientProperties.transactional(configuration, id: "s", timeout: .seconds(20), version: 0)
        #expect(properties["transactional.id"] == "s" && properties["transaction.timeout.ms"] == "20000")
        #expect(properties["message.timeout.ms"] == "15000" && properties["socket.timeout.ms"] == "6666")
        #expect(properties["enable.idempotence"] == "true" && properties["delivery.timeout.ms"] == nil)
        configuration.properties = ["message.timeout.ms": "1000", "socket.timeout.ms": "60000"]
        let lower = try ClientProperties.transactional(configuration, id: "s", timeout: .seconds(20), version: 0)
        #expect(lower["message.timeout.ms"] == "1000" && lower["socket.timeout.ms"] == "6666")
        for (id, timeout) in [("", Duration.seconds(20)), ("s", .milliseconds(999)), ("s", .seconds(901))] {
            #expect(throws: KafkaError.self) {
                try ClientProperties.transactional(configuration, id: id, timeout: timeout, version: 0)
            }
        }
        configuration.properties = ["acks": "1"]
        #expect(throws: KafkaError.self) {
            try TransactionalProducer(configuration: configuration, transactionalID: "s", logger: quiet)
        }
    }

    @Test("Messages are compressed where the library can")
    func compression() throws {
        #expect(NativeLibrary.features.contains("snappy") || NativeLibrary.features.contains("lz4"))
        for (features, expected) in [(["lz4", "ssl"], "lz4"), (["ssl"], "none")] {
            let properties = try ClientProperties.producer(
                KafkaConfiguration(brokers: "b"),
                linger: .zero,
                version: 0,
                features: Set(features)
            )
            #expect(properties["compression.type"] == expected)
        }
    }

    @Test("A long client name is cut, no brokers are refused")
    func limits() throws {
        let long = KafkaConfiguration(brokers: "b", clientID: String(repeating: "x", count: 300))
        let properties = try ClientProperties.producer(long, linger: .zero, version: 0)
        #expect(properties["client.id"]?.count == 60)
        #expect(throws: KafkaError.self) {
            try ClientProperties.admin(KafkaConfiguration(brokers: ""), version: 0)
        }
    }

    @Test(
        "Topic names follow Kafka's rule",
        arguments: [
            ("deploy.events", true), ("A_b-9", true), ("", false), (".", false), ("..", false), ("a b", false),
            ("ä", false), ("a\u{0}b", false), (String(repeating: "x", count: 250), false), ("^a.*", false),
        ]
    )
    func topicNames(name: String, isValid: Bool) {
        #expect(((try? KafkaTopic.validate(name)) != nil) == isValid)
    }

    @Test("The library tells its version")
    func version() {
        #expect(kafkaLibraryVersion().split(separator: ".").count >= 3)
    }

    @Test("Statistics tolerate missing fields and other text")
    func statistics() {
        let json = """
            {"brokers":{"b/1":{"nodeid":1,"state":"UP","source":"learned"},"GroupCoordinator":{"nodeid":1,"state":"UP",
            "source":"logical"},"boot":{"nodeid":-1,"state":"UP"}},"topics":{"t":{"partitions":{"0":
            {"stored_offset":5,"committed_offset":2,"lo_offset":0,"hi_offset":9,"ls_offset":9},"1":{"stored_offset":-1001,
            "committed_offset":6,"hi_offset":9},"2":{"hi_offset":-1001},"3":{"stored_offset":-1001,"committed_offset":-1001,
            "lo_offset":2,"hi_offset":4,"consumer_lag":-1},"-1":{"stored_offset":5,"hi_offset":9}}},"u":{}}}
            """
        let statistics = LibraryStatistics(json: Array(json.utf8))
        #expect(
            statistics?.lag == [
                KafkaPartition(topic: "t", partition: 0): 4, KafkaPartition(topic: "t", partition: 1): 3,
                // Nothing was read of it yet.
                KafkaPartition(topic: "t", partition: 3): 2,
            ]
        )
        #expect(statistics?.connectedBrokers == 1)
        #expect(LibraryStatistics(json: Array("{}".utf8))?.lag == [:])
        #expect(LibraryStatistics(json: Array("nonsense".utf8)) == nil)
    }

    @Test("syslog's severities become levels, and expected warnings do not alarm")
    func levels() {
        #expect(
            (0...7).map { logLevel(syslog: $0, facility: "F", message: "") }
                == [.critical, .critical, .critical, .error, .warning, .notice, .info, .debug]
        )
        let expected = "Configuration property group.id is a consumer property and will be ignored by this producer"
        #expect(logLevel(syslog: 4, facility: "CONFWARN", message: expected) == .debug)
    }

    @Test("Durations become the milliseconds C can take")
    func milliseconds() {
        #expect(Duration.milliseconds(1500).wholeMilliseconds == 1500)
        #expect(Duration.nanoseconds(1).wholeMilliseconds == 0)
        #expect(Duration.seconds(Int64.max).wholeMilliseconds == 2_000_000_000)
    }
}
