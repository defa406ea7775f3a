import Analysis

/// How many unfinished sessions event sources may still open, as far as that is known.
package struct SourcePlaces: Sendable {
    /// For one source; nil for no limit.
    package let maximum: Int?
    private var unfinished: [String: Int] = [:]

    package init(maximum: Int?) {
        self.maximum = maximum
    }

    /// Whether the sessions of a source have to be counted before it opens one.
    package func isUnknown(_ source: String) -> Bool { maximum != nil && unfinished[source] == nil }

    /// Says how many unfinished sessions a source has; a number above the maximum need not be told exactly.
    package mutating func set(_ count: Int, of source: String) { unfinished[source] = count }

    package func left(of source: String) -> Int {
        maximum.map { max(0, $0 - unfinished[source, default: 0]) } ?? .max
    }

    /// Counts what the answer to an event of the source opens and ends. Returns false, and counts nothing, where it opens
    /// more than it ends and there is no room for that.
    package mutating func admit(_ change: StoreChange, of source: String) -> Bool {
        guard maximum != nil else { return true }
        let opened = change.opened.count { $0.phase != .finished }
        var ended: [String: Int] = [:]
        for stored in change.written where stored.session.phase == .finished {
            ended[stored.session.event.identity.source, default: 0] += 1
        }
        let more = opened - ended[source, default: 0]
        guard more <= 0 || more <= left(of: source) else { return false }
        ended[source, default: 0] -= opened
        for (source, count) in ended where unfinished[source] != nil {
            unfinished[source] = max(0, unfinished[source, default: 0] - count)
        }
        return true
    }
}
