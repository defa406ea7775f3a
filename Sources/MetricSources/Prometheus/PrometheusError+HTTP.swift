import HTTPTransport

extension PrometheusError {
    /// A request that got no answer.
    init(_ error: HTTPError, query: String) {
        let code: Code =
            switch error.code {
            case .timedOut, .overloaded: .overloaded
            case .responseTooLarge: .responseTooLarge
            case .cancelled: .cancelled
            case .invalidURL, .invalidRequest, .credentials: .misconfigured
            case .protocolError: .malformedResponse
            default: .unreachable
            }
        self.init(code, error.message, query: query)
    }

    /// An answer with an error status.
    ///
    /// Only Prometheus' own `bad_data` says that the query is wrong. Whatever else comes may come from a proxy, or from a
    /// part of the back end that is away, and passes.
    ///
    /// - Parameter methods: those that were answered so.
    init(status: Int, headers: HTTPHeaders = [:], words: ServerWords, to methods: [HTTPMethod], query: String) {
        let reason = words.text.map { ": \($0)" } ?? ""
        let told = "status \(status) to \(methods.map(\.rawValue).joined(separator: " and "))"
        let (code, message) =
            words.form.flatMap { Self.meaning(of: $0, status: status, told: told, reason: reason) }
            ?? Self.meaning(of: status, headers, told: told, reason: reason)
        self.init(code, message, query: query)
        self.status = status
    }

    /// Status 200, but an error in the body: some proxies do so. Prometheus itself does not, so that it refuses no query.
    init(form: ServerWords.ErrorForm, words: ServerWords, query: String) {
        let code: Code = ["timeout", "canceled", "too_many_requests"].contains(form.type) ? .overloaded : .unreachable
        let text = words.text.map { ": \($0)" } ?? ""
        self.init(code, "The back end answered with an error under status 200 (\(form.type))\(text).", query: query)
        status = 200
    }

    /// What a failure in Prometheus' own form means; nil where the status says it.
    private static func meaning(
        of form: ServerWords.ErrorForm,
        status: Int,
        told: String,
        reason: String
    ) -> (Code, String)? {
        switch (form.type, status) {
        case ("bad_data", 400), ("bad_data", 422):
            guard form.isAboutOtherParameter else { return (.badQuery, "Prometheus refused the query\(reason).") }
            let hint = "check prometheus.parameters, and proxies that lose the body of a POST"
            return (.misconfigured, "Prometheus could not read a parameter of the request (\(told))\(reason); \(hint).")
        case ("execution", _):
            // Storage that is away is told in the same way as a query that does not fit the data of the moment.
            return (
                form.isAboutSize ? .overloaded : .evaluationFailed,
                "Prometheus could not evaluate the query (execution, \(told))\(reason)."
            )
        default: return nil
        }
    }

    private static func meaning(
        of status: Int,
        _ headers: HTTPHeaders,
        told: String,
        reason: String
    ) -> (Code, String) {
        switch status {
        case 401, 407: (.unauthorized, "The back end refused the credentials (\(told))\(reason).")
        case 403: (.unauthorized, "The back end refused access (\(told))\(reason).")
        case 300..<400:
            (
                .unauthorized,
                "The back end answered with a redirect\(target(headers)) (\(told)), as a login does; redirects are not"
                    + " followed."
            )
        case 404, 405, 410, 501:
            (.notFound, "Nothing answers queries at this address (\(told))\(reason); check prometheus.url.")
        case 408, 429, 499, 503, 504: (.overloaded, "The back end is too busy to answer (\(told))\(reason).")
        case 400..<500:
            (
                .unreachable,
                "The request was refused on its way (\(told))\(reason). It is not Prometheus that says so of the query."
            )
        default: (.unreachable, "The back end failed to answer (\(told))\(reason).")
        }
    }

    private static func target(_ headers: HTTPHeaders) -> String {
        guard let location = headers["Location"] else { return "" }
        let shown = Redaction.url(Text.oneLine(location, maximumCharacters: 200))
        return shown.isEmpty ? "" : " to \(shown)"
    }
}
