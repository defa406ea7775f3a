/// The last few actions by their key, so that a repeat is known as one.
struct RecentActions: Sendable {
    private let capacity: Int
    private var orders: [String: RolloutOrder] = [:]
    private var keys: [String] = []

    init(capacity: Int) {
        self.capacity = capacity
    }

    subscript(key: String) -> RolloutOrder? { orders[key] }

    mutating func insert(_ order: RolloutOrder, for key: String) {
        guard orders.updateValue(order, forKey: key) == nil else { return }
        keys.append(key)
        guard keys.count > capacity else { return }
        orders[keys.removeFirst()] = nil
    }
}
