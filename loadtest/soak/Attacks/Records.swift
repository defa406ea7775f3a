import Kafka
import LoadRig
import Processes

/// Records of one byte on the deploy topic.
struct Rubbish: Attack {
    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let topic = target.world.broker.names.deployEvents
        let sent = try await RecordFlood(target.world.broker, codec: "lz4")
            .send(target.scaled(200_000), until: target.end) { _ in
                KafkaMessage(topic: topic, value: Array("x".utf8))
            }
        return AttackOutcome(did: "sent \(sent) records of one byte")
    }
}

/// Batches that grow when they are decompressed, on the topics of deploy events and of verdicts, before good records of the
/// same partitions.
struct Bombs: Attack {
    var codec: String
    /// Of one record.
    var bytes: Int
    /// For each topic.
    var count: Int

    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        guard kafkaLibraryHas(codec) else { throw AttackFailure("the library of Kafka has no \(codec)") }
        let names = target.world.broker.names
        let topics = [names.deployEvents, names.verdicts]
        let value = [UInt8](repeating: 32, count: target.scaled(bytes))
        // One at a time: this process has to hold them.
        let sent = try await RecordFlood(target.world.broker, codec: codec)
            .send(count * topics.count, until: target.end, atLeast: topics.count, concurrently: 1) {
                let (partition, topic) = $0.quotientAndRemainder(dividingBy: topics.count)
                return KafkaMessage(topic: topics[topic], value: value, partition: Int32(partition))
            }
        guard sent >= topics.count else { throw AttackFailure("the broker took \(sent) bombs") }
        return AttackOutcome(did: "sent \(sent) records of \(codec), \(value.count >> 20) MiB each when decompressed")
    }
}

/// A transaction that begins, and does not end. The embedded broker's transactions have no effect: there this shows that
/// a record of one does no harm.
struct StandingTransaction: Attack {
    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let broker = target.world.broker
        let properties = broker.configuration.properties.filter { !$0.key.hasPrefix("allow.") }
            .sorted { $0.key < $1.key }.flatMap { ["-X", "\($0.key)=\($0.value)"] }
        // Its own writer, so that it waits for more for ever.
        let script = #"mkfifo "$1" && exec 3<>"$1" && echo rubbish >&3 && shift && exec "$@" <&3"#
        let kcat = [
            try Programs.find("kcat"), "-P", "-b", broker.configuration.brokers, "-t", broker.names.deployEvents, "-p",
            "0", "-X", "transactional.id=soak", "-X", "transaction.timeout.ms=20000",
        ]
        let rig = target.world.rig
        let process = try rig.start("kcat", "/bin/sh", ["-c", script, "sh", rig.path("kcat.in")] + kcat + properties)
        await target.wait()
        let early = process.exit
        process.send(signal: 9)
        _ = await process.waitUntilExit()
        if let early { throw AttackFailure("kcat \(early), and held no transaction open") }
        return AttackOutcome(
            did: "kept a transaction open on one partition"
                + (broker.isEmbedded ? " (without effect on the embedded broker)" : "")
        )
    }
}

/// Releases of many applications at once, all by one source, by a plan of the directory.
struct ManyApplications: Attack {
    func run(_ target: AttackTarget) async throws -> AttackOutcome {
        let topic = target.world.broker.names.deployEvents
        let sent = try await RecordFlood(target.world.broker).send(target.scaled(50_000), until: target.end) {
            SoakEvent.message(SoakEvent.make("\(SoakPlan.many.applications)\($0)"), topic: topic)
        }
        return AttackOutcome(did: "released \(sent) applications of one source")
    }
}
