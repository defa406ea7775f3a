/// Why a request got no usable answer. The message is one sentence and holds no credentials.
package struct HTTPError: Error, Sendable, Equatable, CustomStringConvertible {
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, Sendable {
            case invalidURL, invalidRequest, credentials, unreachable, timedOut, tls, responseTooLarge
            case cancelled, closed, protocolError, overloaded
        }

        private let base: Base

        /// The URL is not an absolute http or https URL.
        package static let invalidURL = Self(base: .invalidURL)
        /// A header or body that cannot be sent.
        package static let invalidRequest = Self(base: .invalidRequest)
        /// A secret could not be read.
        package static let credentials = Self(base: .credentials)
        /// Name not found, connection refused, reset or ended early.
        package static let unreachable = Self(base: .unreachable)
        package static let timedOut = Self(base: .timedOut)
        /// The certificates do not fit, or the handshake failed.
        package static let tls = Self(base: .tls)
        package static let responseTooLarge = Self(base: .responseTooLarge)
        /// The calling task was cancelled.
        package static let cancelled = Self(base: .cancelled)
        /// The client is closed.
        package static let closed = Self(base: .closed)
        /// The answer is not HTTP, or libcurl refused.
        package static let protocolError = Self(base: .protocolError)
        /// Too many requests wait already.
        package static let overloaded = Self(base: .overloaded)

        package var description: String { base.rawValue }
    }

    package var code: Code
    package var message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Whether the same request may succeed later with the same settings.
    package var isTransient: Bool {
        [.unreachable, .timedOut, .overloaded].contains(code)
    }

    package var description: String { message }
}
