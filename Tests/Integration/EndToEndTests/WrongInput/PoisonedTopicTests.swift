import Analysis
import Foundation
import Judging
import Kafka
import Logging
import Processes
import Testing

extension EndToEndTests {
    /// Batches of a few kilobytes that become hundreds of megabytes, before a good event on the same partition.
    @Suite("Poisoned topic", .serialized, .timeLimit(.minutes(5)))
    struct PoisonedTopicTests {
        private static let megabyte = 1 << 20

        @Test(
            "zstd and gzip bombs are set aside in bounded memory, and the event behind them is judged",
            .enabled(if: kafkaLibraryHas("zstd"))
        )
        func bombs() async throws {
            try await Bench.run { bench in
                try TestPlan.good.write(to: bench)
                let prometheus = try await PrometheusServer.prepare(bench)
                _ = try await prometheus.start()
                let broker = try await Broker.start(bench)
                let service = try await Service.start(bench, broker, prometheus: prometheus.url)
                let kcat = Kcat(bench: bench, broker: broker)
                // What the library gives up on for its own limit, and what it does not: as much as the largest batch of
                // gzip that a created topic takes may hold.
                for _ in 0..<4 { try await send("zstd", bytes: 120 * Self.megabyte, to: broker) }
                for _ in 0..<2 { try await send("gzip", bytes: 290 * Self.megabyte, to: broker) }
                try await TopicFollower.follow("canary.deadletter", of: broker) { letters in
                    try await Waiting.until("the bombs are set aside") { letters.records.count == 6 }
                    let classes = letters.records.compactMap { $0.text("dlq.error.class") }.sorted()
                    #expect(classes == ["tooLarge", "tooLarge"] + Array(repeating: "unreadable", count: 4))
                    let unreadable = letters.records.filter { $0.text("dlq.error.class") == "unreadable" }
                    #expect(unreadable.allSatisfy { $0.value == nil && $0.text("dlq.original.lastOffset") != nil })
                }
                try await TopicFollower.follow("canary.verdicts", of: broker) { verdicts in
                    try await kcat.sendBinary(TestEvent(application: "good", version: "1"))
                    #expect(try await verdicts.finalVerdict(on: "good", "1").result == .pass)
                }
                let metrics = try await service.web.get("/metrics").text
                #expect(metrics.contains("assay_deploy_topic_unreadable_total 4"))
                #expect(metrics.contains("assay_dead_letters_total{reason=\"unreadable\"} 4"))
                #expect(metrics.contains("assay_kafka_errors_total{kind=\"unreadable\"} 4"))
                #expect(metrics.contains("assay_deploy_topic_open_transactions 0"))
                // One of the large ones at a time, and room for everything else.
                let peak = try #require(Self.peakMemory(of: service.process.id))
                #expect(peak < 600 * Self.megabyte, "\(peak / Self.megabyte) MiB")
                #expect(service.process.exit == nil)
            }
        }

        private func send(_ codec: String, bytes: Int, to broker: Broker) async throws {
            let producer = try KafkaProducer(
                configuration: .embedded(
                    broker.address,
                    properties: ["compression.type": codec, "message.max.bytes": "500000000"]
                ),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            let value = [UInt8](repeating: 32, count: bytes)
            _ = try await producer.send(KafkaMessage(topic: "deploy.events", value: value, partition: 0))
            await producer.close()
        }

        /// Bytes that were resident at most.
        private static func peakMemory(of process: Int32) -> Int? {
            let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let line = status?.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
            return line?.split(separator: " ").compactMap { Int($0) }.first.map { $0 * 1024 }
        }
    }
}
