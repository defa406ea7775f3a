/// Rows of ranks, one number per x each, in memory that is kept for the next pair.
struct RankBuffer: Sendable {
    var storage: [Int32] = []
    /// From the beginning of a row to that of the next: whole vectors.
    private(set) var stride = 0
    private(set) var rows = 0

    /// Forgets all rows and takes rows of so many ranks from now on.
    mutating func clear(count: Int) {
        stride = (count + 7) / 8 * 8
        rows = 0
    }

    /// Adds a row of any ranks and returns its position.
    mutating func append() -> Int {
        let needed = (rows + 1) * stride
        if storage.count < needed {
            storage.append(contentsOf: repeatElement(0, count: needed + needed / 2 - storage.count))
        }
        rows += 1
        return rows - 1
    }

    /// Adds a row of equal ranks and returns its position.
    mutating func append(repeating rank: Int) -> Int {
        let row = append()
        for index in row * stride..<rows * stride { storage[index] = Int32(truncatingIfNeeded: rank) }
        return row
    }

    subscript(row: Int, index: Int) -> Int { Int(storage[row * stride + index]) }
}
