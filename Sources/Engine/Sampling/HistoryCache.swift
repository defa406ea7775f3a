import Analysis

/// Sample histories of sessions between their looks, so that a look need not read the store for what it has seen.
///
/// A history counts only for the version of the session that it was kept at: another replica may have taken a look
/// meanwhile. What is not here is read from the store, so that anything may be dropped at any time.
struct HistoryCache {
    private struct Entry {
        var version: Int64
        var history: SampleHistory
        /// The session's next wake time. If it is long past, another replica has taken the session and the entry is evicted.
        var wakeAt: Timestamp
    }

    /// Samples kept in all; 8 bytes each.
    private let capacity: Int
    private var entries: [String: Entry] = [:]
    private var count = 0
    private var nextSweep = Timestamp(milliseconds: 0)

    init(capacity: Int = 8_000_000) {
        self.capacity = capacity
    }

    /// Removes and returns the history of a session, if it is the one of that version.
    mutating func removeHistory(of session: String, version: Int64) -> SampleHistory? {
        guard let entry = remove(session), entry.version == version else { return nil }
        return entry.history
    }

    mutating func insert(_ history: SampleHistory, of session: String, version: Int64, wakeAt: Timestamp) {
        remove(session)
        guard count + history.count <= capacity else { return }
        count += history.count
        entries[session] = Entry(version: version, history: history, wakeAt: wakeAt)
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
        count -= entry.history.count
        return entry
    }
}
