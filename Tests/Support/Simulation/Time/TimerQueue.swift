/// Actions by the time at which they are due; those of one time in the order they were added.
struct TimerQueue: Sendable {
    private struct Entry: Sendable {
        var at: Int64
        var id: UInt64
        var action: @Sendable () -> Void

        func isBefore(_ other: Entry) -> Bool { at == other.at ? id < other.id : at < other.at }
    }

    /// A binary heap, the next one first.
    private var heap: [Entry] = []
    private var cancelled: Set<UInt64> = []
    private var nextID: UInt64 = 0

    /// Adds an action, and returns what it is cancelled by.
    mutating func add(at time: Int64, _ action: @escaping @Sendable () -> Void) -> UInt64 {
        nextID += 1
        heap.append(Entry(at: time, id: nextID, action: action))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
        return nextID
    }

    /// Must not be called for an action that has been taken.
    mutating func cancel(_ id: UInt64) {
        cancelled.insert(id)
    }

    /// Takes the next action out; nil when there is none.
    mutating func popFirst() -> (at: Int64, action: @Sendable () -> Void)? {
        while let first = removeFirst() {
            if !cancelled.isEmpty, cancelled.remove(first.id) != nil { continue }
            return (first.at, first.action)
        }
        return nil
    }

    private mutating func removeFirst() -> Entry? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].isBefore(heap[least]) { least = child }
            }
            guard least != parent else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
