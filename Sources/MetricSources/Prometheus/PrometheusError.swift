import HTTPTransport

/// Why a query has no result: whose fault it is, and one sentence for a person.
package struct PrometheusError: Error, Sendable, Equatable, CustomStringConvertible {
    package struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Base: String, Sendable {
            case badQuery, overloaded, unreachable, tooManySeries, tooManyPoints, responseTooLarge, malformedResponse
            case unauthorized, notFound, misconfigured, cancelled, evaluationFailed, notNumbers, notPrometheus
        }

        private let base: Base

        /// Prometheus itself refuses the query (`bad_data` with 400 or 422).
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
        /// Nothing answers queries at the base URL (404, 405, 410, 501).
        package static let notFound = Self(base: .notFound)
        /// The URL or the credentials cannot be used at all.
        package static let misconfigured = Self(base: .misconfigured)
        package static let cancelled = Self(base: .cancelled)
        /// Prometheus failed while it evaluated the query: storage is away, or the data do not fit the query now.
        package static let evaluationFailed = Self(base: .evaluationFailed)
        /// The query gives histograms where numbers are meant.
        package static let notNumbers = Self(base: .notNumbers)
        /// What answers is not Prometheus' API: a login page, a proxy.
        package static let notPrometheus = Self(base: .notPrometheus)

        package var description: String { base.rawValue }
    }

    package var code: Code
    /// One sentence, one line, bounded.
    package var message: String
    /// The query's beginning, on one line.
    package var query: String
    /// The status of the answer, where there was one.
    package var status: Int?

    package init(_ code: Code, _ message: String, query: String) {
        self.code = code
        self.message = message
        self.query = Text.oneLine(query, maximumCharacters: 200)
    }

    /// Whether the same query may succeed later with the same settings.
    package var isTransient: Bool { [.overloaded, .unreachable, .evaluationFailed].contains(code) }

    /// Whether Prometheus has understood the request and says something about the query.
    var isAboutTheQuery: Bool {
        [.badQuery, .evaluationFailed, .notNumbers, .tooManySeries, .tooManyPoints].contains(code)
    }

    package var description: String { message }

    /// The same, with a message that holds no secrets.
    func redacted(by redacted: (String) -> String) -> Self {
        var error = self
        error.message = redacted(message)
        return error
    }
}
