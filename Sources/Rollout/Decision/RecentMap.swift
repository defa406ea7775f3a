/// A dictionary that forgets what was not used for long: two generations, so that every operation is O(1).
///
/// Keeps at least the `capacity` entries used last, and at most twice as many.
struct RecentMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    let capacity: Int
    private var young: [Key: Value] = [:]
    private var old: [Key: Value] = [:]

    init(capacity: Int) {
        self.capacity = max(1, capacity)
    }

    var count: Int { young.count + old.count }

    /// Reads without counting as a use.
    func peek(_ key: Key) -> Value? { young[key] ?? old[key] }

    mutating func set(_ key: Key, _ value: Value) {
        old[key] = nil
        young[key] = value
        guard young.count >= capacity else { return }
        old = young
        young = [:]
    }

    mutating func remove(_ key: Key) {
        young[key] = nil
        old[key] = nil
    }

    /// Reads, and counts as a use.
    mutating func use(_ key: Key) -> Value? {
        guard let value = peek(key) else { return nil }
        set(key, value)
        return value
    }
}
