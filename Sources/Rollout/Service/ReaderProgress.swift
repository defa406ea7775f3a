/// Which of the items that were handed out are done: a value without I/O.
///
/// A place may be stored once everything before it is done too.
struct ReaderProgress: Sendable {
    private struct Item: Sendable {
        var place: String
        var isDone = false
    }

    /// From ``first`` on, in order.
    private var items: [Item] = []
    private var first = 0
    /// Behind everything that is done, and not stored yet.
    private var unsaved: String?
    /// Items that were done since a place was stored.
    private var doneSinceSaved = 0
    private static let doneAtOnce = 50

    /// The number of an item that is handed out.
    mutating func add(_ place: String) -> Int {
        items.append(Item(place: place))
        return first + items.count - 1
    }

    /// The place to store now; nil while others before it are under way, or more are about to be done.
    mutating func finish(_ number: Int) -> String? {
        guard items.indices.contains(number - first) else { return nil }
        items[number - first].isDone = true
        let done = items.prefix { $0.isDone }.count
        guard done > 0 else { return nil }
        unsaved = items[done - 1].place
        items.removeFirst(done)
        first += done
        doneSinceSaved += done
        return items.isEmpty || doneSinceSaved >= Self.doneAtOnce ? takeUnsaved() : nil
    }

    mutating func takeUnsaved() -> String? {
        defer {
            unsaved = nil
            doneSinceSaved = 0
        }
        return unsaved
    }
}
