import Analysis

/// What sessions need between their looks, so that a look need not read the store for what it has seen.
///
/// It counts only for the version of the session that it was kept at: another replica may have taken a look
/// meanwhile. What is not here is read from the store, so that anything may be dropped at any time.
struct MemoryCache {
    private struct Entry {
        var version: Int64
        var memory: SessionMemory
        /// The session's next wake time. If it is long past, another replica has taken the session and the entry is evicted.
        var wakeAt: Timestamp
    }

    /// Numbers kept in all; 8 bytes each.
    private let capacity: Int
    private var entries: [String: Entry] = [:]
    private var count = 0
    private var nextSweep = Timestamp(milliseconds: 0)

    init(capacity: Int = 8_000_000) {
        self.capacity = capacity
    }

    /// Removes and returns the memory of a session, if it is the one of that version.
    mutating func removeMemory(of session: String, version: Int64) -> SessionMemory? {
        guard let entry = remove(session), entry.version == version else { return nil }
        return entry.memory
    }

    mutating func insert(_ memory: SessionMemory, of session: String, version: Int64, wakeAt: Timestamp) {
        remove(session)
        guard count + memory.size <= capacity else { return }
        count += memory.size
        entries[session] = Entry(version: version, memory: memory, wakeAt: wakeAt)
    }

    /// Drops what others have gone on with; looks at most every ten seconds.
    mutating func sweep(at now: Timestamp) {
        guard now >= nextSweep else { return }
        nextSweep = now + .seconds(10)
        for (session, entry) in entries where entry.wakeAt + .seconds(60) < now { remove(session) }
    }

    @discardableResult
    private mutating func remove(_ session: String) -> Entry? {
        guard let entry = entries.removeValue(forKey: session) else { return nil }
        count -= entry.memory.size
        return entry
    }
}
