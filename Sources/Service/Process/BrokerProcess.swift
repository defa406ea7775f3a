import Foundation
import Kafka

/// The embedded broker as a process of its own.
package enum BrokerProcess {
    /// Runs until the process is told to stop.
    ///
    /// - Parameter portFile: a file that receives host:port; nil for none.
    package static func run(partitions: Int, topics: [String], portFile: String?) async throws {
        let broker = try EmbeddedBroker(partitions: partitions)
        for topic in topics { try broker.createTopic(topic, partitions: partitions) }
        if let portFile { try write(broker.bootstrapServers, to: portFile) }
        print("KAFKA_BROKERS=\(broker.bootstrapServers)")
        fflush(nil)
        await TerminationSignal.wait()
        broker.close()
    }

    private static func write(_ address: String, to path: String) throws(SettingsError) {
        do { try PortFile.write("\(address)\n", to: path) } catch {
            throw SettingsError("--port-file: \(path) cannot be written")
        }
    }
}
