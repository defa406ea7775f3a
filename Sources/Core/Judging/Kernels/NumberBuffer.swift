import JudgingKernels

/// Numbers in memory that is kept for the next ones, with the room behind them that the vector kernels need.
struct NumberBuffer: RandomAccessCollection, Sendable {
    /// The numbers and the room behind them.
    var storage = [Double](repeating: 0, count: room(for: 0))
    private(set) var count = 0

    init() {}

    init(_ numbers: [Double]) {
        resize(numbers.count)
        for (index, number) in numbers.enumerated() { storage[index] = number }
    }

    var startIndex: Int { 0 }
    var endIndex: Int { count }

    /// Known after `restoreZeros`.
    private(set) var hasNegativeZero = false

    /// The ends of sorted numbers; there must be one.
    var lowest: Double { storage[0] }
    var highest: Double { storage[count - 1] }

    subscript(index: Int) -> Double {
        get { storage[index] }
        set { storage[index] = newValue }
    }

    /// Changes the count. What is there stays; new numbers are what the memory held.
    mutating func resize(_ count: Int) {
        let room = Self.room(for: count)
        if storage.count < room {
            // Half as much again, so that a growing window is not copied at every look.
            storage.append(contentsOf: repeatElement(0, count: room + room / 2 - storage.count))
        }
        self.count = count
    }

    mutating func copy(_ other: NumberBuffer) {
        resize(other.count)
        hasNegativeZero = other.hasNegativeZero
        // With the infinity behind them.
        for index in 0..<Self.room(for: count) { storage[index] = other.storage[index] }
    }

    /// Keeps the numbers that fulfil a condition, in order.
    mutating func keep(where isKept: (Double) -> Bool) {
        var kept = 0
        for index in 0..<count where isKept(storage[index]) {
            storage[kept] = storage[index]
            kept += 1
        }
        count = kept
    }

    /// Puts negative zeros before positive ones, in sorted numbers that are otherwise those of `original`: sorting by
    /// comparison takes one for the other.
    mutating func restoreZeros(of original: NumberBuffer) {
        hasNegativeZero = false
        guard count > 0, lowest <= 0, highest >= 0 else { return }
        var start = 0
        var end = count
        while start < end {
            let middle = (start + end) / 2
            if storage[middle] < 0 { start = middle + 1 } else { end = middle }
        }
        while end < count, storage[end] == 0 { end += 1 }
        guard start < end else { return }
        let negative = original.count { $0 == 0 && $0.sign == .minus }
        guard negative > 0 else { return }
        hasNegativeZero = true
        for index in start..<end { storage[index] = index < start + negative ? -0.0 : 0 }
    }

    /// Leaves one of each run of equal numbers, calls `closing` with the run's length, and puts infinity behind them.
    mutating func removeRepeats(closing: (Int) -> Void) {
        var distinct = 0
        var length = 0
        for index in 0..<count {
            length += 1
            let number = storage[index]
            if index + 1 < count, storage[index + 1] == number { continue }
            storage[distinct] = number
            distinct += 1
            closing(length)
            length = 0
        }
        count = distinct
        for index in distinct..<Self.room(for: distinct) { storage[index] = .infinity }
    }

    private static func room(for count: Int) -> Int {
        let padding = Int(JudgingKernelsPadding)
        return (count + padding - 1) / padding * padding + padding
    }
}
