import DequeModule
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
    private let state = Mutex(State())

    private struct State {
        var known: Set<String>?
        /// Everybody who needs the topic read while it is being read shares that reading.
        var reading: Task<Result<Set<String>, DeliveryFailure>, Never>?
    }

    package init(configuration: KafkaConfiguration, topic: String, logger: Logger) {
        self.configuration = configuration
        self.topic = topic
        self.logger = logger
    }

    /// Whether the verdict stands on the topic; `refresh` reads it anew. Throws a transient failure when the topic cannot
    /// be read to its end.
    package func contains(_ id: String, refresh: Bool) async throws(DeliveryFailure) -> Bool {
        if !refresh, let known = state.withLock({ $0.known }) { return known.contains(id) }
        let reading = state.withLock { state in
            if let reading = state.reading { return reading }
            let reading = Task {
                let result = await self.read()
                self.state.withLock { state in
                    state.reading = nil
                    if case .success(let ids) = result { state.known = ids }
                }
                return result
            }
            state.reading = reading
            return reading
        }
        return try await reading.value.get().contains(id)
    }

    private func read() async -> Result<Set<String>, DeliveryFailure> {
        do throws(KafkaError) {
            let reader = try KafkaReader(configuration: configuration, topic: topic, from: .beginning, logger: logger)
            var newest: Deque<String> = []
            do throws(KafkaError) {
                try await reader.readUpToEnd(timeout: .seconds(60)) { record in
                    guard let id = record.header("ce_id") else { return }
                    newest.append(String(decoding: id, as: UTF8.self))
                    if newest.count > Self.capacity { newest.removeFirst() }
                }
                await reader.close()
                return .success(Set(newest))
            } catch {
                await reader.close()
                throw error
            }
        } catch {
            return .failure(DeliveryFailure("the verdict topic cannot be read: \(error)", isTransient: true))
        }
    }
}
