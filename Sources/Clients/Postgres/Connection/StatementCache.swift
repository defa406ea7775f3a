/// What a prepared statement is known by.
struct StatementKey: Hashable {
    var sql: String
    var types: [PostgresType]
}

/// The prepared statements of one connection: the most recently used ones, up to a number.
struct StatementCache {
    private struct Entry {
        var name: String
        var lastUse: UInt64
    }

    let capacity: Int
    private var entries: [StatementKey: Entry] = [:]
    private var uses: UInt64 = 0
    private var names: UInt64 = 0
    /// Statements that the server still has and that are to be dropped there, oldest first.
    private(set) var discarded: [String] = []

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { self.entries.count }

    /// The name of the statement, and whether it has to be prepared first.
    mutating func name(for key: StatementKey) -> (name: String, isNew: Bool) {
        self.uses &+= 1
        if let entry = self.entries[key] {
            self.entries[key]?.lastUse = self.uses
            return (entry.name, false)
        }
        if self.entries.count >= self.capacity,
            let oldest = self.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            self.discard(oldest.key)
        }
        self.names &+= 1
        let name = "assay_\(self.names)"
        self.entries[key] = Entry(name: name, lastUse: self.uses)
        return (name, true)
    }

    /// Forgets a statement that the server does not have.
    mutating func forget(_ key: StatementKey) {
        self.entries[key] = nil
    }

    /// Forgets a statement that the server has and that is of no more use.
    mutating func discard(_ key: StatementKey) {
        if let entry = self.entries.removeValue(forKey: key) { self.discarded.append(entry.name) }
    }

    /// The server has dropped it, or never had it.
    mutating func dropped(_ name: String) {
        self.discarded.removeAll { $0 == name }
    }
}
