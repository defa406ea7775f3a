/// Pairs of an x and a y, listed one after another, in memory that is kept for the next ones.
struct ListedPairs: Sendable {
    private var x: [Double] = []
    private var y: [Double] = []
    private var weights: [Int64] = []
    private(set) var count = 0

    /// Makes room for so many pairs and the vectors that are written past the last.
    mutating func reserve(_ count: Int) {
        let room = count + 16
        guard x.count < room else { return }
        x = Array(repeating: 0, count: room + room / 2)
        y = x
        weights = Array(repeating: 0, count: x.count)
    }

    /// Lets `body` write pairs and say how many they are.
    mutating func fill(
        _ body: (UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Int64>) -> Int
    ) {
        count = x.withUnsafeMutableBufferPointer { x in
            y.withUnsafeMutableBufferPointer { y in
                weights.withUnsafeMutableBufferPointer { weights in
                    guard let x = x.baseAddress, let y = y.baseAddress, let weights = weights.baseAddress else {
                        preconditionFailure("room is reserved before pairs are listed")
                    }
                    return body(x, y, weights)
                }
            }
        }
    }

    func withPointers<Result>(
        _ body: (UnsafePointer<Double>, UnsafePointer<Double>, UnsafePointer<Int64>) -> Result
    ) -> Result {
        x.withUnsafeBufferPointer { x in
            y.withUnsafeBufferPointer { y in
                weights.withUnsafeBufferPointer { weights in
                    guard let x = x.baseAddress, let y = y.baseAddress, let weights = weights.baseAddress else {
                        preconditionFailure("room is reserved before pairs are listed")
                    }
                    return body(x, y, weights)
                }
            }
        }
    }
}
