/// Why the store did not do what it was asked; nothing of it was done.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable {
        /// Somebody else has written or claimed the session meanwhile.
        case conflict
        /// The disk or a quota is full.
        case full
        /// Another process holds the store for too long, or it cannot be reached.
        case unavailable
        /// The store cannot be read: it is damaged, or not ours.
        case corrupt
        /// The store was made by a newer version.
        case schema
    }

    package let code: Code
    /// One sentence.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { "store \(code.rawValue): \(message)" }
}
