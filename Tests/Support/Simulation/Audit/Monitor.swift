import Analysis
import Store

/// Looks at the store from time to time: whether everything has come to rest, and whether something waits too long.
struct Monitor {
    let world: World

    /// What still goes on; nil when everything is done.
    func unsettled() -> String? {
        let waiting = world.store.read { tables -> String? in
            if !tables.unanswered.isEmpty { return "\(tables.unanswered.count) events without an answer" }
            if !tables.unfinished.isEmpty { return "\(tables.unfinished.count) unfinished sessions" }
            return tables.unsettled.isEmpty ? nil : "\(tables.unsettled.count) messages not delivered"
        }
        let lag = world.bus.lag(of: Topics.intakeGroup)
        if lag > 0 { return "\(lag) deploy records not taken in" }
        if let waiting { return waiting }
        let behind = world.bus.lag(of: Topics.rolloutGroup)
        return behind > 0 ? "\(behind) verdicts not answered" : nil
    }

    /// What has waited for longer than recovery may take, when nothing has been wrong for that long.
    func overdue(at now: Timestamp) -> String? {
        let limit = now - world.scenario.pace.recovery
        return world.store.read { tables in
            for id in tables.unfinished {
                if let wakeAt = tables.sessions[id]?.session.wakeAt, wakeAt < limit {
                    return "session \(id) has been due since \(wakeAt)"
                }
            }
            let events = tables.unanswered.compactMap { tables.inbox[Int($0) - 1]?.event }
            if let event = events.first(where: { $0.receivedAt < limit }) {
                return "event \(event.event.identity.id) has no answer"
            }
            let messages = tables.unsettled.compactMap { tables.outbox[Int($0) - 1] }
            if let row = messages.first(where: { $0.dueAt < limit }) {
                return "message \(row.message.id) has not been delivered"
            }
            return nil
        }
    }
}
