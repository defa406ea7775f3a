import HTTPTransport

/// Why a query has no result: whose fault it is, and one sentence for a person.
package struct PrometheusError: Error, Sendable, Equatable, CustomStringConvertible {
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, Sendable {
            case badQuery, overloaded, unreachable, tooManySeries, tooManyPoints, responseTooLarge, malformedResponse
            case unauthorized, notFound, misconfigured, cancelled
        }

        private let base: Base

        /// The server refuses the query (400, 422).
        package static let badQuery = Self(base: .badQuery)
        /// Too busy or too slow (429, 503, 504, timeouts).
        package static let overloaded = Self(base: .overloaded)
        /// No answer, or a server error.
        package static let unreachable = Self(base: .unreachable)
        package static let tooManySeries = Self(base: .tooManySeries)
        package static let tooManyPoints = Self(base: .tooManyPoints)
        package static let responseTooLarge = Self(base: .responseTooLarge)
        /// The answer is not a range query's.
        package static let malformedResponse = Self(base: .malformedResponse)
        /// The credentials are missing, wrong or not enough (401, 403, a redirect to a login page).
        package static let unauthorized = Self(base: .unauthorized)
        /// Nothing answers queries at the base URL (404, 405).
        package static let notFound = Self(base: .notFound)
        /// The URL or the credentials cannot be used at all.
        package static let misconfigured = Self(base: .misconfigured)
        package static let cancelled = Self(base: .cancelled)

        package var description: String { base.rawValue }
    }

    package var code: Code
    /// One sentence, one line, bounded.
    package var message: String
    /// The query's beginning, on one line.
    package var query: String
    /// The metric of the plan, where the caller named it.
    package var metric: String?

    package init(_ code: Code, _ message: String, query: String, metric: String? = nil) {
        self.code = code
        self.message = message
        self.query = Text.oneLine(query, maximumCharacters: 200)
        self.metric = metric
    }

    /// Whether the same query may succeed later without anybody changing a setting.
    package var isTransient: Bool { code == .overloaded || code == .unreachable }

    package func forMetric(_ name: String) -> PrometheusError {
        var error = self
        error.metric = name
        return error
    }

    package var description: String {
        guard let metric else { return message }
        return "Metric \"\(Text.oneLine(metric, maximumCharacters: 100))\": \(message)"
    }
}
