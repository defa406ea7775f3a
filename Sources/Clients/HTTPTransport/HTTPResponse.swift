/// One answer, whatever its status: an HTTP error status is an answer, not an ``HTTPError``.
package struct HTTPResponse: Sendable, Equatable {
    package enum Version: String, Sendable {
        case http10 = "HTTP/1.0"
        case http11 = "HTTP/1.1"
        case http2 = "HTTP/2"
        case http3 = "HTTP/3"
    }

    package var status: Int
    package var headers: HTTPHeaders
    package var body: [UInt8]
    package var httpVersion: Version

    package init(
        status: Int,
        headers: HTTPHeaders = [:],
        body: [UInt8] = [],
        httpVersion: Version = .http11
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.httpVersion = httpVersion
    }

    /// Whether the status is 2xx.
    package var isSuccess: Bool { (200..<300).contains(status) }
}
