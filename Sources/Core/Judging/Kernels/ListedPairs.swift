/// Pairs of an x and a y, listed one after another, in memory that is kept for the next ones.
struct ListedPairs: Sendable {
    var x: [Double] = []
    var y: [Double] = []
    /// How many samples each pair stands for; meaningful when they were listed with their weights.
    var weights: [Int64] = []
    var count = 0

    /// Makes room for so many pairs and the vectors that are written past the last.
    mutating func reserve(_ count: Int) {
        let room = count + 16
        guard x.count < room else { return }
        x = Array(repeating: 0, count: room + room / 2)
        y = x
        weights = Array(repeating: 0, count: x.count)
    }
}
