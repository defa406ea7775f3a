import Kafka
import Testing

@testable import Service

@Suite struct KafkaWiringTests {
    private func wiring(_ flags: [String], as role: KafkaWiring.Role = .serve) throws -> KafkaWiring {
        let reader: Setting.Reader = role == .rollout ? .rollout : .serve
        let settings = try SettingsLoader(reader, arguments: flags, environment: [:]).load()
        return try KafkaWiring(settings, as: role, brokers: "b:9092", isEmbedded: false)
    }

    @Test(arguments: [
        (KafkaWiring.Role.serve, "assay-7d9f", "assay-serve-assay-7d9f"),
        (
            .rollout, String(repeating: "x", count: 60) + "-tail",
            "assay-rollout-" + String(repeating: "x", count: 35) + "-tail"
        ),
        (.emit, "höst 1", "assay-emit-h-st-1"),
    ])
    func `the client id names role and host, and is short`(role: KafkaWiring.Role, host: String, id: String) {
        #expect(KafkaWiring.clientID(of: role, host: host) == id)
    }

    @Test func `the client id can be set`() throws {
        #expect(try wiring(["--kafka-client-id", "canaries"]).configuration.clientID == "canaries")
        #expect(try wiring([]).configuration.clientID.hasPrefix("assay-serve-"))
    }

    @Test func `a process looks only at the topics that it uses`() throws {
        #expect(try wiring([]).topics.map(\.name) == ["deploy.events", "canary.deadletter", "canary.verdicts"])
        var intake = try wiring([])
        intake.limit(to: [.intake, .engine])
        #expect(intake.topics.map(\.name) == ["deploy.events", "canary.deadletter"])
        intake.limit(to: [.engine, .web])
        #expect(intake.topics.isEmpty)
        let rollout = try wiring([], as: .rollout)
        #expect(rollout.topics.map(\.name) == ["canary.verdicts", "canary.deadletter", "canary.rollouts"])
    }

    @Test func `topics are created as the settings say, and by the brokers' defaults without them`() throws {
        let events = KafkaTopic(
            "deploy.events",
            partitions: 4,
            replication: -1,
            settings: ["max.message.bytes": "307200"]
        )
        #expect(try wiring([]).topics.first == events)
        // A batch has to be small enough in memory whatever its codec.
        let byDefault = try wiring([]).topics + wiring([], as: .rollout).topics
        #expect(byDefault.allSatisfy { $0.settings["max.message.bytes"] == "307200" })
        let rollout = try wiring(
            [
                "--topics-partitions", "12", "--topics-replication", "3", "--topics-min-insync-replicas", "2",
                "--topics-max-message-bytes", "2000000", "--topics-retention", "7d", "--topics-rollout-retention",
                "90d",
            ],
            as: .rollout
        )
        let shared = ["min.insync.replicas": "2", "max.message.bytes": "2000000"]
        #expect(
            rollout.topics.first
                == KafkaTopic(
                    "canary.verdicts",
                    partitions: 12,
                    replication: 3,
                    settings: shared.merging(["retention.ms": "604800000"]) { $1 }
                )
        )
        #expect(rollout.topics.last?.settings["retention.ms"] == "7776000000")
    }

    @Test func `an answer of the brokers holds the largest batch that topics are created for`() throws {
        func answer(_ arguments: [String]) throws -> String? {
            try wiring(arguments).configuration.properties["receive.message.max.bytes"]
        }
        #expect(try answer([]) == nil)
        #expect(try answer(["--topics-max-message-bytes", "2000000"]) == nil)
        #expect(try answer(["--topics-max-message-bytes", "20000000"]) == "20065536")
        let own = ["--topics-max-message-bytes", "20000000", "--kafka-receive-message-max-bytes", "30000000"]
        #expect(try answer(own) == "30000000")
    }
}
