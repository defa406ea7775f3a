package import Analysis
package import Store

extension MemoryTables {
    mutating func setAside(_ id: String, version: Int64, because reason: String, at now: Timestamp) throws(StoreError) {
        guard sessions[id]?.version == version else {
            throw StoreError(.conflict, "session \(id) has been taken over")
        }
        sessions[id]?.version += 1
        sessions[id]?.leaseOwner = nil
        sessions[id]?.leaseUntil = nil
        sessions[id]?.problem = SetAside.Row(id: id, reason: .unreadable, detail: reason)
        sessions[id]?.setAsideAt = now
    }

    func setAside() -> SetAside {
        let rows = unfinished.compactMap { sessions[$0]?.problem }
        let events = inbox.compactMap { row -> SetAside.Row? in
            guard let row, row.answer == nil, let problem = row.problem else { return nil }
            let identity = row.event.event.identity
            return SetAside.Row(id: "\(identity.source) \(identity.id)", reason: .unreadableEvent, detail: problem)
        }
        var found = SetAside()
        for row in rows + events { found.counts[row.reason, default: 0] += 1 }
        found.rows = Array((rows + events).prefix(SetAside.maximumRows))
        return found
    }

    /// Whether an unfinished session that this version does not work on may be of that release.
    func isBlocked(_ release: ReleaseIdentity) -> Bool {
        unfinished.compactMap { sessions[$0] }.contains { row in
            guard row.problem != nil else { return false }
            let other = row.session.event.release
            return other.key == release.key && (release.cluster == nil || other.cluster == release.cluster)
                && (release.namespace == nil || other.namespace == release.namespace)
        }
    }
}

extension MemoryStore {
    /// Makes a session one that this version does not work on.
    package func spoil(session id: String, _ reason: SetAsideReason, detail: String) {
        read(changing: { tables in tables.sessions[id]?.problem = SetAside.Row(id: id, reason: reason, detail: detail) }
        )
    }

    /// Makes an event one that cannot be read.
    package func spoil(event identity: EventIdentity, detail: String) {
        read(changing: { tables in
            guard let sequence = tables.inboxSequences[identity] else { return }
            tables.inbox[Int(sequence) - 1]?.problem = detail
        })
    }
}
