import DequeModule
import HeapModule

/// Which transfers run and which wait. First come first served, except that a busy host does not hold up the others.
///
/// Each host has a line of its own, and the ends of waiting stand in a heap: what an entry costs does not depend on how
/// many wait. Entries that leave early are left where they stand and passed over, until they are many.
struct TransferQueue {
    struct Entry: Equatable {
        var id: UInt64
        var host: String
        /// When it gives up waiting. Its own time limit begins only when it is sent.
        var waitsUntil: ContinuousClock.Instant
        /// Bytes of its answer that it needs room for before it is sent.
        var share = 0
    }

    private struct Line {
        /// In order of arrival. The first is always one that waits.
        var places: Deque<Place> = []
        /// Places whose entry has left.
        var abandoned = 0
        var running = 0

        var isIdle: Bool { places.isEmpty && running == 0 }
    }

    private struct Place {
        var arrival: UInt64
        var id: UInt64
    }

    private struct Limit: Comparable {
        var instant: ContinuousClock.Instant
        var id: UInt64

        init(_ entry: Entry) {
            instant = entry.waitsUntil
            id = entry.id
        }

        static func < (one: Limit, other: Limit) -> Bool { (one.instant, one.id) < (other.instant, other.id) }
    }

    /// Abandoned places that are never worth an effort.
    private static let slack = 64

    private let maximumRunning: Int
    private let maximumRunningPerHost: Int
    private var lines: [String: Line] = [:]
    private var waiting: [UInt64: Entry] = [:]
    private var running: [UInt64: String] = [:]
    private var limits = Heap<Limit>()
    private var arrivals: UInt64 = 0

    init(maximumRunning: Int, maximumRunningPerHost: Int) {
        self.maximumRunning = max(1, maximumRunning)
        self.maximumRunningPerHost = max(1, maximumRunningPerHost)
    }

    var waitingCount: Int { waiting.count }

    /// Places and limits that are kept, of entries that wait and of those that have left.
    var keptCount: Int { lines.values.reduce(limits.count) { $0 + $1.places.count } }

    /// When the first of those that wait gives up.
    var nextLimit: ContinuousClock.Instant? {
        mutating get {
            while let limit = limits.min, waiting[limit.id] == nil { limits.removeMin() }
            return limits.min?.instant
        }
    }

    mutating func enqueue(_ entry: Entry) {
        arrivals += 1
        waiting[entry.id] = entry
        lines[entry.host, default: Line()].places.append(Place(arrival: arrivals, id: entry.id))
        limits.insert(Limit(entry))
    }

    /// Takes the next transfer that may start now; it counts as running until ``finish(_:)``.
    ///
    /// - Parameter mayStart: whether there is room for it. While there is none, those behind it wait too.
    mutating func next(where mayStart: (Entry) -> Bool = { _ in true }) -> Entry? {
        guard running.count < maximumRunning else { return nil }
        var first: Place?
        // There are few hosts.
        for line in lines.values where line.running < maximumRunningPerHost {
            guard let place = line.places.first, place.arrival < first?.arrival ?? .max else { continue }
            first = place
        }
        guard let first, let head = waiting[first.id], mayStart(head), let entry = leave(first.id) else { return nil }
        running[entry.id] = entry.host
        lines[entry.host, default: Line()].running += 1
        return entry
    }

    /// Forgets a transfer, wherever it is.
    mutating func finish(_ id: UInt64) {
        guard let host = running.removeValue(forKey: id) else {
            _ = leave(id)
            return
        }
        lines[host]?.running -= 1
        forgetIfIdle(host)
    }

    /// Takes out those that have waited for long enough, the first to give up first.
    mutating func expire(at now: ContinuousClock.Instant) -> [Entry] {
        var expired: [Entry] = []
        while let limit = limits.min, limit.instant <= now {
            limits.removeMin()
            if let entry = leave(limit.id) { expired.append(entry) }
        }
        return expired
    }

    private mutating func leave(_ id: UInt64) -> Entry? {
        guard let entry = waiting.removeValue(forKey: id) else { return nil }
        lines[entry.host]?.abandoned += 1
        tidy(entry.host)
        if limits.count > 2 * waiting.count + Self.slack { limits = Heap(waiting.values.map(Limit.init)) }
        return entry
    }

    /// Brings one that waits to the front of a line, and drops the abandoned places when they are most of it.
    private mutating func tidy(_ host: String) {
        guard var line = lines.removeValue(forKey: host) else { return }
        while let first = line.places.first, waiting[first.id] == nil {
            line.places.removeFirst()
            line.abandoned -= 1
        }
        if line.abandoned > Self.slack, line.abandoned > line.places.count / 2 {
            line.places.removeAll { waiting[$0.id] == nil }
            line.abandoned = 0
        }
        lines[host] = line
        forgetIfIdle(host)
    }

    /// Hosts that are idle are forgotten, so that the table stays as small as what is under way.
    private mutating func forgetIfIdle(_ host: String) {
        if lines[host]?.isIdle == true { lines[host] = nil }
    }
}
