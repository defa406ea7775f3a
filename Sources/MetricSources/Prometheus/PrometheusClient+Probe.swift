import HTTPTransport

extension PrometheusClient {
    /// What answers at the address.
    package struct Identity: Sendable, Equatable {
        /// As the server says it; nil when it does not.
        package var version: String?
    }

    /// Asks the shortest question there is, so that a wrong address is noticed before a release needs it.
    package func probe() async throws(PrometheusError) -> Identity {
        let query = "vector(1)"
        _ = try await ask("/api/v1/query", [("query", query)], about: query) { body throws(ResponseFailure) -> Bool? in
            var parser = ResponseParser(grid: nil, limits: .none)
            let response = try parser.parse(body)
            if response.status == "error" { return nil }
            guard response.status == "success" else { throw .malformed("its status is missing") }
            return true
        }
        return Identity(version: await version())
    }

    /// Those that speak Prometheus' API need not tell their version.
    private func version() async -> String? {
        let url = "\(baseURL)/api/v1/status/buildinfo"
        let request = HTTPRequest(url: url, timeout: .seconds(5), maximumResponseBytes: 64 << 10)
        guard let response = try? await http.execute(request), response.isSuccess else { return nil }
        var version: String?
        var scanner = JSONScanner(response.body)
        try? scanner.object { scanner, key throws(ResponseFailure) in
            guard key == "data" else { return try scanner.skipValue() }
            try scanner.object { scanner, key throws(ResponseFailure) in
                guard key == "version", scanner.peek() == UInt8(ascii: "\"") else { return try scanner.skipValue() }
                version = Text.oneLine(redacted(try scanner.string()), maximumCharacters: 40)
            }
        }
        return version
    }
}
