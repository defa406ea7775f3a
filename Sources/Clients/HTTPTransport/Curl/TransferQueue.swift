/// Which transfers run and which wait. First come first served, except that a busy host does not hold up the others.
struct TransferQueue {
    struct Entry: Equatable {
        var id: UInt64
        var host: String
        var deadline: ContinuousClock.Instant
    }

    private let maximumRunning: Int
    private let maximumRunningPerHost: Int
    private(set) var waiting: [Entry] = []
    private var running: [UInt64: String] = [:]
    private var runningPerHost: [String: Int] = [:]

    init(maximumRunning: Int, maximumRunningPerHost: Int) {
        self.maximumRunning = max(1, maximumRunning)
        self.maximumRunningPerHost = max(1, maximumRunningPerHost)
    }

    /// The earliest deadline of those that wait.
    var nextDeadline: ContinuousClock.Instant? { waiting.map(\.deadline).min() }

    mutating func enqueue(_ entry: Entry) {
        waiting.append(entry)
    }

    /// Takes the next transfer that may start now; it counts as running until ``finish(_:)``.
    mutating func next() -> Entry? {
        guard running.count < maximumRunning,
            let index = waiting.firstIndex(where: { runningPerHost[$0.host, default: 0] < maximumRunningPerHost })
        else { return nil }
        let entry = waiting.remove(at: index)
        running[entry.id] = entry.host
        runningPerHost[entry.host, default: 0] += 1
        return entry
    }

    /// Forgets a transfer, wherever it is.
    mutating func finish(_ id: UInt64) {
        if let host = running.removeValue(forKey: id) {
            let left = runningPerHost[host, default: 1] - 1
            // Hosts that are idle are forgotten, so that the table stays as small as what runs.
            runningPerHost[host] = left > 0 ? left : nil
        } else {
            waiting.removeAll { $0.id == id }
        }
    }

    /// Takes out those that waited past their deadline.
    mutating func expire(at now: ContinuousClock.Instant) -> [Entry] {
        let expired = waiting.filter { $0.deadline <= now }
        if !expired.isEmpty { waiting.removeAll { $0.deadline <= now } }
        return expired
    }
}
