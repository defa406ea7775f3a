package import Analysis
package import Store

/// A sink that takes one message at a time: at least once, each key in order, keys side by side.
package protocol SingleMessageSink: MessageSink {
    /// Delivers one message and returns the receiver's name for it, if there is one. `mayHaveArrived` says that
    /// an earlier attempt, or another process, may have delivered it.
    func deliver(_ message: OutboxMessage, mayHaveArrived: Bool) async throws(DeliveryFailure) -> String?
}

extension SingleMessageSink {
    package var batch: Int { 32 }

    package func startDelivery(_ lease: ShardLease, at takenAt: Timestamp) -> any ShardDelivery {
        SingleMessageDelivery(sink: self, takenAt: takenAt)
    }
}

private struct SingleMessageDelivery: ShardDelivery {
    let sink: any SingleMessageSink
    let takenAt: Timestamp

    /// The oldest message of each key: delivering the next may need what is noted about it.
    func deliver(_ messages: [OutboxMessage]) async -> [DeliveryResult] {
        let oldest = Dictionary(messages.map { ($0.key, $0) }) { first, _ in first }
        let results = await withTaskGroup(of: DeliveryResult.self) { group in
            for message in oldest.values.sorted(by: { $0.sequence < $1.sequence }) {
                group.addTask { await deliver(message) }
            }
            return await group.reduce(into: [DeliveryResult]()) { $0.append($1) }
        }
        return results.sorted { $0.message.sequence < $1.message.sequence }
    }

    private func deliver(_ message: OutboxMessage) async -> DeliveryResult {
        do throws(DeliveryFailure) {
            let mayHaveArrived = message.attempts > 0 || message.createdAt <= takenAt
            return DeliveryResult(message, .success(try await sink.deliver(message, mayHaveArrived: mayHaveArrived)))
        } catch {
            return DeliveryResult(message, .failure(error))
        }
    }

    func close() async {}
}
