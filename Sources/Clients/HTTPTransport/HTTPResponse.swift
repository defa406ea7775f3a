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
    /// What the client counts the body by.
    var lease: AnswerLease?

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

    package static func == (one: Self, other: Self) -> Bool {
        (one.status, one.headers, one.body, one.httpVersion)
            == (other.status, other.headers, other.body, other.httpVersion)
    }

    /// Whether the status is 2xx.
    package var isSuccess: Bool { (200..<300).contains(status) }
}
