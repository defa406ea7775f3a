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

    /// An answer with an error status. The status counts, not the body: VictoriaMetrics and proxies put other words there.
    init(status: Int, body: [UInt8], query: String) {
        let detail = Self.detail(of: body)
        let reason = detail.map { ": \($0)" } ?? ""
        switch status {
        case 400, 422:
            self.init(.badQuery, "Prometheus refused the query\(reason).", query: query)
        case 401, 403:
            self.init(.unauthorized, "Prometheus refused the credentials (status \(status))\(reason).", query: query)
        case 300..<400:
            let meaning = "as a login page would; redirects are not followed"
            self.init(
                .unauthorized,
                "Prometheus answered with a redirect (status \(status)), \(meaning).",
                query: query
            )
        case 404, 405, 410:
            let message = "Nothing answers queries at this address (status \(status))\(reason); check the base URL."
            self.init(.notFound, message, query: query)
        case 408, 429, 499, 503, 504:
            self.init(.overloaded, "Prometheus is too busy to answer (status \(status))\(reason).", query: query)
        case 402, 406..<500:
            self.init(.badQuery, "Prometheus refused the query (status \(status))\(reason).", query: query)
        default:
            self.init(.unreachable, "Prometheus failed to answer (status \(status))\(reason).", query: query)
        }
    }

    /// Status 200, but an error in the body: some proxies do so.
    init(errorType: String, detail: String, query: String) {
        let code: Code =
            switch errorType {
            case "bad_data", "execution": .badQuery
            case "timeout", "canceled", "too_many_requests": .overloaded
            default: .unreachable
            }
        let text = Text.oneLine(detail)
        let type = Text.oneLine(errorType, maximumCharacters: 40)
        self.init(code, "Prometheus answered with an error (\(type)): \(text).", query: query)
    }

    /// The server's own words: the `error` of its JSON, or the first line of plain text.
    private static func detail(of body: [UInt8]) -> String? {
        guard let first = body.first(where: { $0 > 32 }) else { return nil }
        var text: String
        switch first {
        case UInt8(ascii: "<"): return nil
        case UInt8(ascii: "{"):
            var parser = ResponseParser(grid: nil, limits: .none)
            guard let error = try? parser.parse(body).error else { return nil }
            text = error
        default:
            text = String(decoding: body.prefix(1000), as: UTF8.self)
        }
        text = Text.oneLine(text)
        while text.last == "." { text.removeLast() }
        return text.isEmpty ? nil : text
    }
}
