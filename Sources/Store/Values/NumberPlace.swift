/// A place in rows that are numbered when they are written, and may become visible in another order.
///
/// A number that was passed over belongs to a transaction that has not ended, or to one that was undone. It is asked for
/// again some times before it is given up.
package struct NumberPlace: Sendable, Equatable {
    /// Times that a number is asked for again: at one a second, longer than a transaction takes.
    static let attempts = 30
    static let maximumMissing = 1000
    /// Numbers before the end that a reader that begins there may not see yet.
    static let doubtful: Int64 = 64

    /// The largest number that was seen.
    package private(set) var last: Int64
    /// Numbers below it that were not seen, and how often they were asked for.
    private var asked: [Int64: Int] = [:]
    /// Where the reader began, until it has looked once: what lies before was there.
    private var start: Int64?

    /// Behind `last`, and all that lies before it.
    package init(after last: Int64) {
        self.last = last
    }

    /// Behind all that is visible, of which `last` is the largest; what is not visible yet is still to come.
    package init(end last: Int64) {
        self.last = last
        start = last
        for number in max(1, last - Self.doubtful + 1)..<max(1, last + 1) { asked[number] = 0 }
    }

    /// In order.
    package var missing: [Int64] { asked.keys.sorted() }

    /// Everything up to it has been passed: a reader that goes on from there misses nothing.
    package var settled: Int64 { (asked.keys.min() ?? last + 1) - 1 }

    /// True the first time that the number comes.
    package mutating func pass(_ number: Int64) -> Bool {
        if number > last {
            for missed in max(last + 1, number - Int64(Self.maximumMissing))..<number { asked[missed] = 0 }
            last = number
            drop()
            return true
        }
        return asked.removeValue(forKey: number) != nil && number > start ?? 0
    }

    /// All that is visible has been passed.
    package mutating func endLook() {
        start = nil
        for number in asked.keys { asked[number, default: 0] += 1 }
        asked = asked.filter { $0.value < Self.attempts }
    }

    private mutating func drop() {
        guard asked.count > Self.maximumMissing else { return }
        for number in missing.prefix(asked.count - Self.maximumMissing) { asked[number] = nil }
    }
}
