/// Why a request of Kayenta's API is not done, as its error body says it.
package struct KayentaProblem: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Kind: Sendable {
        /// What was sent has no meaning here.
        case invalid
        case notFound
        /// As much as may be under way is under way.
        case busy
        /// The metrics cannot be had now.
        case unavailable
    }

    package var kind: Kind
    /// One sentence.
    package var message: String

    package init(_ message: String, kind: Kind = .invalid) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }
}
