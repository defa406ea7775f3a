import Kafka
import Logging
import Processes

/// `assay broker`, and what is on its topics.
struct Broker: Sendable {
    let process: ChildProcess
    let address: String

    /// The flags with which a program of ours reaches it.
    var flags: [String] { ["--kafka-brokers", address, "--kafka-embedded"] }

    static func start(_ bench: Bench) async throws -> Broker {
        let file = bench.path("broker.port")
        let process = try bench.startAssay("broker", ["broker", "--port-file", file])
        let address = try await Waiting.until("the broker is ready") {
            LogTail.lines(of: file, count: 1).first
        }
        return Broker(process: process, address: address)
    }

    /// Everything that is on a topic now.
    func records(_ topic: String) async throws -> [KafkaRecord] {
        let reader = try KafkaReader(
            configuration: .embedded(address, clientID: "assay-test"),
            topic: topic,
            from: .beginning,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            let records = try await reader.recordsUpToEnd(timeout: .seconds(60))
            await reader.close()
            return records
        } catch {
            await reader.close()
            throw error
        }
    }
}
