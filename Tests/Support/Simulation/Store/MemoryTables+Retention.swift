import Analysis
import Store

extension MemoryTables {
    mutating func deleteExpired(_ cutoffs: RetentionCutoffs, limit: Int) -> [RetainedKind: Int] {
        var deleted: [RetainedKind: Int] = [:]
        for kind in RetainedKind.allCases {
            guard let time = cutoffs[kind] else { continue }
            deleted[kind] =
                switch kind {
                case .sessions: deleteSessions(before: time, limit)
                case .samples: deleteSamples(before: time, limit)
                case .events: deleteEvents(before: time, limit)
                case .messages: deleteMessages(before: time, limit)
                case .changes: deleteChanges(before: time, limit)
                case .noise: deleteNoise(before: time, limit)
                case .pastAnalyses: deletePastAnalyses(before: time, limit)
                }
        }
        return deleted
    }

    private func finished(before time: Timestamp) -> [String] {
        sessions.values.filter { $0.session.phase == .finished && $0.session.openedAt < time }
            .sorted { ($0.session.openedAt, $0.session.id) < ($1.session.openedAt, $1.session.id) }
            .map(\.session.id)
    }

    private mutating func deleteSessions(before time: Timestamp, _ limit: Int) -> Int {
        let expired = finished(before: time).prefix(limit)
        for id in expired {
            sessions[id] = nil
            samples[id] = nil
            states[id] = nil
            verdicts[id] = nil
            transitions[id] = nil
            transitionNumbers[id] = nil
            actions.removeAll { $0.session == id }
            droppedActions[id] = nil
        }
        return expired.count
    }

    private mutating func deleteSamples(before time: Timestamp, _ limit: Int) -> Int {
        var left = limit
        for id in finished(before: time) {
            let count = min(left, samples[id]?.count ?? 0)
            samples[id]?.removeFirst(count)
            left -= count
        }
        return limit - left
    }

    private mutating func deleteEvents(before time: Timestamp, _ limit: Int) -> Int {
        let expired = inbox.indices.filter { index in inbox[index]?.answer.map { $0.at < time } ?? false }.prefix(limit)
        for index in expired {
            if let identity = inbox[index]?.event.event.identity { inboxSequences[identity] = nil }
            inbox[index] = nil
        }
        return expired.count
    }

    private mutating func deleteNoise(before time: Timestamp, _ limit: Int) -> Int {
        let expired = noise.values.filter { $0.learnedAt < time }.prefix(limit).map(\.key)
        for key in expired { noise[key] = nil }
        return expired.count
    }

    private mutating func deleteMessages(before time: Timestamp, _ limit: Int) -> Int {
        let expired = outbox.indices.filter { index in outbox[index]?.settledAt.map { $0 < time } ?? false }.prefix(
            limit
        )
        for index in expired {
            if let message = outbox[index]?.message {
                outboxSequences[MessageKey(sink: message.sink, id: message.id)] = nil
            }
            outbox[index] = nil
        }
        return expired.count
    }
}
