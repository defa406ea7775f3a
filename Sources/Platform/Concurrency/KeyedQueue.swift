/// Work queues by key: one key's work is done in order, different keys' work at the same time.
package struct KeyedQueue<Key: Hashable & Sendable, Work: Sendable>: Sendable {
    private var waiting: [Key: [Work]] = [:]

    package init() {}

    package var count: Int { waiting.count }

    /// Adds work; true when no work of the key is under way, so that the caller has to start it.
    package mutating func add(_ work: Work, to key: Key) -> Bool {
        let isNew = waiting[key] == nil
        waiting[key, default: []].append(work)
        return isNew
    }

    /// The next work of a key; nil when there is none, and the key is forgotten.
    package mutating func next(in key: Key) -> Work? {
        guard var queue = waiting[key], !queue.isEmpty else {
            waiting[key] = nil
            return nil
        }
        let work = queue.removeFirst()
        waiting[key] = queue
        return work
    }
}
