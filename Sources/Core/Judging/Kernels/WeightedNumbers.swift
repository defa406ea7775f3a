/// Ascending numbers without repeats, and how often each was there.
struct WeightedNumbers: Sendable {
    var numbers = NumberBuffer()
    /// How often each number was there; meaningful after `weigh`, otherwise every number was there once.
    private(set) var weights: [Int64] = []
    /// The sum of the weights before each number, and of all at the end.
    private(set) var before: [Int64] = []
    /// Σ(t³ - t) over the numbers that were there t times.
    private(set) var tieSum = 0.0

    /// Counts the repeats in `numbers` and leaves one of each.
    mutating func weigh() {
        let room = numbers.count + 16
        if weights.count < room {
            weights = Array(repeating: 0, count: room + room / 2)
            before = weights
        }
        tieSum = 0
        var index = 0
        var sum: Int64 = 0
        numbers.removeRepeats { length in
            weights[index] = Int64(length)
            before[index] = sum
            sum += Int64(length)
            let t = Double(length)
            tieSum += t * t * t - t
            index += 1
        }
        before[index] = sum
    }

    /// Counts every number once.
    mutating func forgetWeights() { tieSum = 0 }
}
