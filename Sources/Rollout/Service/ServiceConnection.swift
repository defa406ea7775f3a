import Analysis
package import HTTPTransport
import JSON
import Text

/// The service's HTTP interface, as a rollout controller uses it.
package struct ServiceConnection: Sendable {
    /// Base URL without a slash at its end.
    let url: String
    private let http: any HTTPExecuting

    /// - Parameter http: with the service's token.
    package init(url: String, http: any HTTPExecuting) {
        self.url = String(url.reversed().drop { $0 == "/" }.reversed())
        self.http = http
    }

    struct Answer: Sendable {
        var status: Int
        var body: JSONObject
        /// What the body was read from.
        var text: [UInt8] = []
    }

    /// The object that is answered; nil for 404.
    func get(_ path: String, timeout: Duration = .seconds(30)) async throws(ServiceFailure) -> JSONObject? {
        try await text(path, timeout: timeout)?.object
    }

    /// The object that is answered, and the text that it was read from; nil for 404.
    func text(_ path: String, timeout: Duration) async throws(ServiceFailure) -> (object: JSONObject, text: [UInt8])? {
        let request = HTTPRequest(url: url + path, timeout: timeout, maximumResponseBytes: Self.maximumResponseBytes)
        let answer = try await send(request)
        return answer.status == 404 ? nil : (answer.body, answer.text)
    }

    /// Sends a body that may be sent again without harm.
    func send(
        _ method: HTTPMethod,
        _ path: String,
        contentType: String = "application/json",
        body: [UInt8]
    ) async throws(ServiceFailure) -> Answer {
        try await send(
            HTTPRequest(
                method: method,
                url: url + path,
                headers: ["Content-Type": contentType],
                body: body,
                maximumResponseBytes: 1 << 20,
                isIdempotent: true
            )
        )
    }

    private static let maximumResponseBytes = 16 << 20

    private func send(_ request: HTTPRequest) async throws(ServiceFailure) -> Answer {
        let response: HTTPResponse
        do throws(HTTPError) { response = try await http.execute(request) } catch {
            throw ServiceFailure(
                description: error.description,
                mayPass: error.isTransient || error.code == .tls || error.code == .protocolError
            )
        }
        let object = try? JSONParser.parse(response.body, maximumDepth: 64).object
        if response.status == 404, object?["error"] != nil { return Answer(status: 404, body: JSONObject()) }
        guard response.isSuccess else {
            let reason = object?["error"]?.text.map { ": \(http.redacted($0).excerpt(300))" } ?? ""
            throw ServiceFailure(
                description: "\(request) was answered with status \(response.status)\(reason)",
                // What a proxy answers says nothing about the service.
                mayPass: object?["error"] == nil || response.status >= 500
                    || [408, 425, 429].contains(response.status),
                status: object?["error"] == nil ? nil : response.status
            )
        }
        guard let object else {
            throw ServiceFailure(
                description: "\(request) was answered with something else than a JSON object",
                mayPass: true
            )
        }
        return Answer(status: response.status, body: object, text: response.body)
    }
}

/// Why the service gave no usable answer, in one sentence.
package struct ServiceFailure: PassingFailure, Equatable, CustomStringConvertible {
    package var description: String
    package var mayPass: Bool
    /// What the service itself answered; nil where no answer is its own.
    package var status: Int?

    package var refusesCredentials: Bool { status == 401 || status == 403 }
}
