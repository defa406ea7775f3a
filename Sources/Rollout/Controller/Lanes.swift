/// Work queues by key: one key's work is done in order, different keys' work at the same time.
struct Lanes<Key: Hashable & Sendable, Work: Sendable>: Sendable {
    private var waiting: [Key: [Work]] = [:]

    var count: Int { waiting.count }

    /// Adds work; true when nobody works on the lane yet, so that the caller has to start it.
    mutating func add(_ work: Work, to lane: Key) -> Bool {
        let isNew = waiting[lane] == nil
        waiting[lane, default: []].append(work)
        return isNew
    }

    /// The next work of a lane; nil closes it.
    mutating func next(in lane: Key) -> Work? {
        guard var queue = waiting[lane], !queue.isEmpty else {
            waiting[lane] = nil
            return nil
        }
        let work = queue.removeFirst()
        waiting[lane] = queue
        return work
    }
}
