package import Kafka
package import Logging
import Synchronization

/// Which verdicts stand on their topic already: read when a process starts with messages that an earlier one may have
/// sent without noting it, and before a second attempt.
package final class VerdictTopicHistory: Sendable {
    /// The newest ids that are remembered.
    static let capacity = 200_000

    private let configuration: KafkaConfiguration
    private let topic: String
    private let logger: Logger
    private let known = Mutex<Set<String>?>(nil)

    package init(configuration: KafkaConfiguration, topic: String, logger: Logger) {
        self.configuration = configuration
        self.topic = topic
        self.logger = logger
    }

    /// Throws a transient failure when the topic cannot be read to its end.
    package func contains(_ id: String, refresh: Bool) async throws(DeliveryFailure) -> Bool {
        if !refresh, let known = known.withLock({ $0 }) { return known.contains(id) }
        let ids = try await read()
        known.withLock { $0 = ids }
        return ids.contains(id)
    }

    private func read() async throws(DeliveryFailure) -> Set<String> {
        do throws(KafkaError) {
            let reader = try KafkaReader(configuration: configuration, topic: topic, from: .beginning, logger: logger)
            var ids: Set<String> = []
            do throws(KafkaError) {
                for record in try await reader.recordsUpToEnd(timeout: .seconds(60)) {
                    guard ids.count < Self.capacity,
                        let id = record.headers.first(where: { $0.key == "ce_id" })?.value
                    else { continue }
                    ids.insert(String(decoding: id, as: UTF8.self))
                }
                await reader.close()
                return ids
            } catch {
                await reader.close()
                throw error
            }
        } catch {
            throw DeliveryFailure("the verdict topic cannot be read: \(error)", isTransient: true)
        }
    }
}
