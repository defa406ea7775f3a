internal import CPostgres

/// What is needed to cancel the running statement of a connection from another thread.
///
/// `@unchecked Sendable`: libpq allows `PQcancel` on one object from any thread at any time.
final class NativeCancel: @unchecked Sendable {
    private let handle: OpaquePointer

    init(_ handle: OpaquePointer) {
        self.handle = handle
    }

    deinit {
        PQfreeCancel(self.handle)
    }

    /// Asks the server, over a connection of its own (without TLS: it carries no data but a key). Blocks.
    func request() {
        var text = [CChar](repeating: 0, count: 256)
        // When it fails, the statement ends by its time limit or the connection is given up.
        _ = PQcancel(self.handle, &text, 256)
    }
}
