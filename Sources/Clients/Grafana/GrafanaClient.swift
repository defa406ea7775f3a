import Foundation
package import HTTPTransport

/// Grafana's annotations API (`/api/annotations`).
package struct GrafanaClient: Sendable {
    private let annotationsURL: String
    private let http: any HTTPExecuting
    private let timeout: Duration
    private let unixSeconds: @Sendable () -> Int64

    /// `baseURL` may have a path (Grafana behind a prefix). Credentials belong to `http`.
    package init(
        baseURL: String,
        http: any HTTPExecuting,
        timeout: Duration = .seconds(15),
        unixSeconds: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }
    ) {
        annotationsURL = (baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL) + "/api/annotations"
        self.http = http
        self.timeout = timeout
        self.unixSeconds = unixSeconds
    }

    /// Creates an annotation and returns its id. Repeating it makes a second one: look with `find` first.
    package func create(_ annotation: Annotation) async throws(GrafanaError) -> Int64 {
        struct Created: Decodable { var id: Int64 }
        let answer = try await send(.post, annotationsURL, body: annotation)
        return try decode(Created.self, answer).id
    }

    /// Changes the given fields of an annotation. Repeating it changes nothing more.
    package func update(_ id: Int64, _ patch: AnnotationPatch) async throws(GrafanaError) {
        _ = try await send(.patch, "\(annotationsURL)/\(id)", body: patch, isIdempotent: true)
    }

    /// Removes an annotation.
    package func delete(_ id: Int64) async throws(GrafanaError) {
        _ = try await send(.delete, "\(annotationsURL)/\(id)", body: String?.none)
    }

    /// Annotations with all of `tags` that overlap the time from `from` to `to` (milliseconds since the epoch).
    ///
    /// - Parameter dashboardUID: only those of this dashboard.
    package func find(
        tags: [String],
        from: Int64,
        to: Int64,
        dashboardUID: String? = nil,
        limit: Int = 100
    ) async throws(GrafanaError) -> [StoredAnnotation] {
        var parameters: [(name: String, value: String)] = [
            ("from", "\(from)"), ("to", "\(to)"), ("type", "annotation"), ("limit", "\(limit)"),
        ]
        if let dashboardUID { parameters.append(("dashboardUID", dashboardUID)) }
        parameters += tags.map { ("tags", AnnotationTag.sanitised($0)) }
        let url = annotationsURL + "?" + PercentEncoding.query(parameters)
        return try decode([StoredAnnotation].self, try await send(.get, url, body: String?.none))
    }

    private func send(
        _ method: HTTPMethod,
        _ url: String,
        body: (some Encodable)?,
        isIdempotent: Bool? = nil
    ) async throws(GrafanaError) -> HTTPResponse {
        var request = HTTPRequest(
            method: method,
            url: url,
            headers: ["Accept": "application/json"],
            timeout: timeout,
            maximumResponseBytes: 4 << 20,
            isIdempotent: isIdempotent
        )
        if let body {
            request.headers.append(name: "Content-Type", value: "application/json")
            do { request.body = [UInt8](try JSONEncoder().encode(body)) } catch {
                throw GrafanaError(.rejected, "the annotation cannot be written as JSON")
            }
        }
        let response: HTTPResponse
        do { response = try await http.execute(request) } catch {
            throw GrafanaError(.unavailable, "Grafana cannot be reached: \(error)")
        }
        guard response.isSuccess else { throw failure(response) }
        return response
    }

    private func failure(_ response: HTTPResponse) -> GrafanaError {
        struct Body: Decodable { var message: String }
        let said = try? JSONDecoder().decode(Body.self, from: Data(response.body.prefix(4096))).message
        let message =
            "Grafana answered \(response.status)" + (said.map { ": \(Text.oneLine(http.redacted($0)))" } ?? "")
        return switch response.status {
        case 401, 403: GrafanaError(.unauthorized, message)
        case 404: GrafanaError(.notFound, message)
        case 408, 409, 412, 425, 429, 500...:
            GrafanaError(
                .unavailable,
                message,
                retryAfter: response.retryAfter(atMost: .seconds(3_600), unixSeconds: unixSeconds())
            )
        default: GrafanaError(.rejected, message)
        }
    }

    private func decode<Value: Decodable>(
        _ type: Value.Type,
        _ response: HTTPResponse
    ) throws(GrafanaError) -> Value {
        do { return try JSONDecoder().decode(type, from: Data(response.body)) } catch {
            throw GrafanaError(.malformedResponse, "Grafana's answer is not what its API promises")
        }
    }
}
