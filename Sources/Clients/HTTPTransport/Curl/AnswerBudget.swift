/// Bytes of answers that one client holds at a time: of requests under way, and of answers that their callers still have.
///
/// A request begins with a share that nearly every answer fits in. One that grows beyond takes more while there is room.
/// Where there is none it ends, and is sent again as soon as there is room for the largest answer that it may get: so
/// many small answers go side by side, and large ones wait for each other.
struct AnswerBudget {
    static let firstShare = 64 << 10

    private let maximum: Int
    /// Of requests under way.
    private var shares: [UInt64: Int] = [:]
    private var reserved = 0
    /// Of answers that callers have.
    private var handedOver = 0

    init(maximum: Int) {
        self.maximum = maximum
    }

    /// Whether anything is counted.
    var isBounded: Bool { maximum < .max }

    var total: Int { reserved + handedOver }

    /// Takes the first share of a request; false when it has to wait. One request alone always gets its share.
    mutating func begin(_ id: UInt64, bytes: Int) -> Bool {
        guard fits(bytes) || total == 0 else { return false }
        shares[id] = bytes
        reserved += bytes
        return true
    }

    /// Raises the share of a request to what has arrived; false when there is no room.
    mutating func grow(_ id: UInt64, to bytes: Int) -> Bool {
        guard let share = shares[id], bytes > share else { return true }
        guard fits(bytes - share) || total == share else { return false }
        shares[id] = bytes
        reserved += bytes - share
        return true
    }

    /// Gives the share of a request back.
    mutating func end(_ id: UInt64) {
        reserved -= shares.removeValue(forKey: id) ?? 0
    }

    /// An answer goes to its caller, and counts until the caller lets go of it.
    mutating func handOver(_ bytes: Int) { handedOver += bytes }

    mutating func takeBack(_ bytes: Int) { handedOver -= bytes }

    private func fits(_ bytes: Int) -> Bool { bytes <= maximum - total }
}

/// The budget where callbacks of a transfer reach it. Confined to the transfer thread.
final class SharedAnswerBudget {
    var budget: AnswerBudget

    init(_ budget: AnswerBudget) {
        self.budget = budget
    }
}
