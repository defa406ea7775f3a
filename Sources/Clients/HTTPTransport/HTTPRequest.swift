/// One request. The limits travel with it, so that no request is without them.
package struct HTTPRequest: Sendable, CustomStringConvertible {
    package var method: HTTPMethod
    /// An absolute `http:` or `https:` URL, percent-encoded.
    package var url: String
    package var headers: HTTPHeaders
    package var body: [UInt8]?
    /// The time from the moment the request is sent to its answer. It is sent again only while it lasts, counted from the
    /// beginning: waiting for a free slot included, so that a client that is busy repeats nothing.
    package var timeout: Duration
    /// The most bytes of body accepted, counted after decompression.
    package var maximumResponseBytes: Int
    /// Whether the request may be sent again after a failure. A POST that only asks may say so.
    package var isIdempotent: Bool

    package init(
        method: HTTPMethod = .get,
        url: String,
        headers: HTTPHeaders = [:],
        body: [UInt8]? = nil,
        timeout: Duration = .seconds(30),
        maximumResponseBytes: Int = 16 << 20,
        isIdempotent: Bool? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumResponseBytes = maximumResponseBytes
        self.isIdempotent = isIdempotent ?? method.isIdempotent
    }

    /// Method and URL without user, password and query.
    package var description: String { Self.name(method, url) }

    static func name(_ method: HTTPMethod, _ url: String) -> String { "\(method.rawValue) \(Redaction.url(url))" }
}
