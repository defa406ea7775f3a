import Hummingbird
import Synchronization

/// Pages that were made a moment ago, for readers that say that such a one will do (`Cache-Control: max-age=1`, RFC 9111, 5.2.1.1),
/// as the script of live pages does: when something happens all who look at an analysis ask for its page at once.
final class RecentPages: Sendable {
    private struct Page {
        var begunAt: ContinuousClock.Instant
        var bytes: [UInt8]
    }

    static let age = Duration.seconds(1)
    /// A page may have a megabyte.
    static let maximum = 16

    private let pages = Mutex<[String: Page]>([:])
    private let now: @Sendable () -> ContinuousClock.Instant

    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.now = now
    }

    /// The page at an address: one that is at most a second old, counted from before the store was read, where the request
    /// takes it.
    func page(_ request: Request, _ make: @Sendable () async throws -> [UInt8]) async throws -> [UInt8] {
        // What a page offers may depend on who asks.
        let address = "\(request.uri.string) \((request.headers[.authorization] ?? "").hashValue)"
        let begunAt = now()
        if request.headers[.cacheControl] == "max-age=1",
            let page = pages.withLock({ $0[address] }), begunAt - page.begunAt < Self.age
        {
            return page.bytes
        }
        let bytes = try await make()
        pages.withLock { pages in
            pages = pages.filter { begunAt - $0.value.begunAt < Self.age }
            guard pages[address] != nil || pages.count < Self.maximum else { return }
            pages[address] = Page(begunAt: begunAt, bytes: bytes)
        }
        return bytes
    }
}
