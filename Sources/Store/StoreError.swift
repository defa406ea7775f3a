package import StoredFormats

/// Why the store did not do what it was asked; nothing of it was done, unless the code is `unknown`.
package struct StoreError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// Another process has written or claimed meanwhile what was to be written.
        case conflict
        /// The disk or a quota is full.
        case full
        /// Another process holds the store for too long, or it cannot be reached.
        case unavailable
        /// The SQLite file was deleted or replaced under the process: what is written would be lost.
        case replaced
        /// The connection broke while the change was being made durable: it was made, or it was not.
        case unknown
        /// The store cannot be read: it is damaged, or not ours.
        case corrupt
        /// The store was made by a version that this one cannot work with, or has not been migrated.
        case schema
    }

    package let code: Code
    /// One sentence.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package init(_ error: FormError) {
        self.init(.corrupt, error.message)
    }

    package var description: String { "store \(code.rawValue): \(message)" }
}
