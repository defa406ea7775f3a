import Analysis
import Store

extension MemoryTables {
    mutating func keep(_ added: [KnownChange]) -> [InboxOutcome] {
        added.map { change in
            guard let known = changes.first(where: { $0.change.event.identity == change.event.identity }) else {
                keep(change)
                return .accepted
            }
            return change.event.conflict(with: known.change.event).map { .conflict($0) } ?? .duplicate
        }
    }

    /// One that is kept already is left alone.
    mutating func keep(releases: [KnownChange]) {
        for release in releases where !changes.contains(where: { $0.change.event.identity == release.event.identity }) {
            keep(release)
        }
    }

    private mutating func keep(_ change: KnownChange) {
        lastChange += 1
        changes.append(ListedChange(cursor: ChangeCursor(at: change.at, sequence: lastChange), change: change))
    }

    func changes(_ query: ChangeQuery) -> [ListedChange] {
        func fits(_ listed: ListedChange) -> Bool {
            let event = listed.change.event
            let isShared = event.application == nil || event.place.isShared
            let isMeant = query.applications.map { names in
                event.application.map(names.contains) ?? false || query.withShared && isShared
            }
            return isMeant ?? true && query.environment.map { $0 == event.environment } ?? true
                && query.kind.map { $0 == event.kind } ?? true && query.since.map { listed.change.at >= $0 } ?? true
                && query.until.map { listed.change.at <= $0 } ?? true
                && query.after.map { Self.place(listed.cursor) < Self.place($0) } ?? true
        }
        return Array(
            changes.filter(fits).sorted { Self.place($0.cursor) > Self.place($1.cursor) }.prefix(query.limit)
        )
    }

    private static func place(_ cursor: ChangeCursor) -> (Timestamp, Int64) { (cursor.at, cursor.sequence) }

    mutating func deleteChanges(before time: Timestamp, _ limit: Int) -> Int {
        let expired = changes.filter { $0.change.at < time }.sorted { $0.change.at < $1.change.at }.prefix(limit)
        let places = Set(expired.map(\.cursor.sequence))
        changes.removeAll { places.contains($0.cursor.sequence) }
        return expired.count
    }
}
