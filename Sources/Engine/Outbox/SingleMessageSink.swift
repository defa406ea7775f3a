package import Analysis
package import Store

/// A sink that takes one message at a time: at least once, each key in order, keys side by side.
package protocol SingleMessageSink: MessageSink {
    /// Delivers one message and returns what the receiver calls it, if it has a name for it. `mayHaveArrived` says that
    /// an earlier attempt, or another process, may have delivered it.
    func deliver(_ message: OutboxMessage, mayHaveArrived: Bool) async throws(DeliveryFailure) -> String?
}

extension SingleMessageSink {
    package var batch: Int { 32 }

    package func take(_ lease: ShardLease, at takenAt: Timestamp) -> any ShardDelivery {
        SingleMessageDelivery(sink: self, takenAt: takenAt)
    }
}

private struct SingleMessageDelivery: ShardDelivery {
    let sink: any SingleMessageSink
    let takenAt: Timestamp

    func deliver(_ messages: [OutboxMessage]) async -> [DeliveryResult] {
        let keys = Dictionary(grouping: messages, by: \.key).values.sorted { $0[0].sequence < $1[0].sequence }
        let results = await withTaskGroup(of: [DeliveryResult].self) { group in
            for messages in keys { group.addTask { await deliver(key: messages) } }
            return await group.reduce(into: [DeliveryResult]()) { $0 += $1 }
        }
        return results.sorted { $0.message.sequence < $1.message.sequence }
    }

    /// In order, up to the first that does not arrive and may still do.
    private func deliver(key messages: [OutboxMessage]) async -> [DeliveryResult] {
        var results: [DeliveryResult] = []
        for message in messages {
            do throws(DeliveryFailure) {
                let mayHaveArrived = message.attempts > 0 || message.createdAt <= takenAt
                let reference = try await sink.deliver(message, mayHaveArrived: mayHaveArrived)
                results.append(DeliveryResult(message, .success(reference)))
            } catch {
                results.append(DeliveryResult(message, .failure(error)))
                if error.isTransient { break }
            }
        }
        return results
    }

    func close() async {}
}
