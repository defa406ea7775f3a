/// Lines that wait to be written: as many as have room. What has none is dropped, and counted.
struct LogQueue {
    /// What happens while nothing can be written has its beginning here.
    static let maximumBytes = 1 << 20

    struct Dropped: Equatable {
        /// There was no room: the lines are not read as fast as they come.
        var full = 0
        /// Writing failed.
        var failed = 0
    }

    private(set) var dropped = Dropped()
    private var waiting: [UInt8] = []
    /// Dropped lines that no line has told of.
    private var unsaid = 0
    /// Whether what was written last got through: only then can dropped lines be told of.
    private var isOpen = true
    /// What was written last ends in the middle of a line.
    private var isCut = false

    var isEmpty: Bool { waiting.isEmpty }

    /// - Parameter line: ends with a line feed.
    mutating func add(_ line: some Collection<UInt8>) {
        guard line.count <= Self.maximumBytes - waiting.count else {
            dropped.full += 1
            unsaid += 1
            return
        }
        waiting += line
    }

    /// Everything that waits, and after it a line about what was dropped; nil when there is nothing to write.
    ///
    /// - Parameter notice: makes that line for a number of dropped lines.
    mutating func take(notice: (Int) -> String) -> [UInt8]? {
        var taken = waiting
        waiting.removeAll(keepingCapacity: true)
        if isOpen, unsaid > 0 {
            taken += notice(unsaid).utf8
            unsaid = 0
        }
        guard !taken.isEmpty else { return nil }
        return isCut ? [UInt8(ascii: "\n")] + taken : taken
    }

    /// What was taken has been written.
    mutating func written() {
        isOpen = true
        isCut = false
    }

    /// Of what was taken, this many bytes could be written.
    mutating func failed(_ taken: [UInt8], after count: Int) {
        let lines = taken[count...].count { $0 == UInt8(ascii: "\n") }
        dropped.failed += lines
        unsaid += lines
        isOpen = false
        if count > 0 { isCut = taken[count - 1] != UInt8(ascii: "\n") }
    }
}
