import HTTPTransport

/// Requests to a service's HTTP interface.
struct Web: Sendable {
    struct Answer: Sendable, CustomStringConvertible {
        var status: Int
        var text: String
        var headers: HTTPHeaders

        var description: String { "\(status) \(text)" }
    }

    let http: HTTPClient
    let url: String

    func get(_ path: String) async throws -> Answer {
        try await send(HTTPRequest(url: url + path, timeout: .seconds(60)))
    }

    func post(_ path: String, _ headers: HTTPHeaders, _ body: [UInt8]) async throws -> Answer {
        let timeout = Duration.seconds(60)
        return try await send(
            HTTPRequest(method: .post, url: url + path, headers: headers, body: body, timeout: timeout)
        )
    }

    private func send(_ request: HTTPRequest) async throws -> Answer {
        let response = try await http.execute(request)
        return Answer(
            status: response.status,
            text: String(decoding: response.body, as: UTF8.self),
            headers: response.headers
        )
    }
}
