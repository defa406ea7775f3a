/// A request checked and completed: everything libcurl is told about it.
struct PreparedRequest: Sendable {
    var method: HTTPMethod
    var url: String
    /// Scheme, host and port: what the bound on requests per host counts.
    var host: String
    var isTLS: Bool { host.hasPrefix("https:") }
    /// Complete header lines.
    var headerLines: [String]
    var basic: (user: String, password: String)?
    var keyPassword: String?
    var body: [UInt8]?
    var maximumResponseBytes: Int
    /// Names the request in messages, without credentials: made when there is something to say.
    var name: String { HTTPRequest.name(method, url) }

    /// Throws ``HTTPError`` for what cannot be sent safely, before anything is sent.
    init(
        _ request: HTTPRequest,
        defaults: HTTPHeaders,
        secretHeaders: SecretHeaders? = nil,
        authentication: HTTPAuthentication,
        tls: TLSOptions
    ) throws(HTTPError) {
        method = request.method
        url = request.url
        host = try Libcurl.host(of: request.url)
        body = request.body
        maximumResponseBytes = max(0, request.maximumResponseBytes)
        headerLines = []
        var headers = try defaults.overridden(by: secretHeaders?.headers ?? [:]).overridden(by: request.headers)
        keyPassword = tls.keyPassword?.value
        switch authentication {
        case .none: break
        case .bearer(let token): headers["Authorization"] = "Bearer " + token.value
        case .basic(let user, let password): basic = (user, password.value)
        }
        headerLines = try Self.lines(headers, name: HTTPRequest.name(request.method, request.url))
        if let basic, basic.user.utf8.contains(0) || basic.user.contains(":") || basic.password.utf8.contains(0) {
            throw HTTPError(.credentials, "The user name for \(name) holds a colon or a NUL character.")
        }
    }

    private static func lines(_ headers: HTTPHeaders, name: @autoclosure () -> String) throws(HTTPError) -> [String] {
        // Larger bodies would wait a second for a "100 Continue" that many servers never send.
        var lines = ["Expect:"]
        // libcurl would call every body a form.
        if headers["Content-Type"] == nil { lines.append("Content-Type:") }
        for field in headers.fields {
            guard !field.name.isEmpty, field.name.utf8.allSatisfy(isTokenByte) else {
                throw HTTPError(.invalidRequest, "\(name()) has a header whose name is not a token.")
            }
            // A line end in a value would be a second header, or a second request.
            guard field.value.utf8.allSatisfy({ $0 >= 32 && $0 != 127 || $0 == 9 }) else {
                throw HTTPError(.invalidRequest, "\(name()) has control characters in its header \(field.name).")
            }
            lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
        }
        return lines
    }

    /// RFC 9110, section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default:
            "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
