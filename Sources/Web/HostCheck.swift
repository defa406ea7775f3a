import Hummingbird

/// Refuses requests that do not say once which host they are for (RFC 9112, 3.2), and where hosts are given, those for
/// another one.
///
/// A page of the web can make a browser send requests here by a name of its own that it lets point to this address (DNS
/// rebinding). Its `Host` gives it away. An address in `Host` cannot be rebound, so any is accepted.
struct HostCheck<Context: RequestContext>: RouterMiddleware {
    /// Names that requests may be for, in small letters: `*` for any; nil where that is not asked.
    var names: [String]?

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        // The first one is the authority, and a second one a header like others.
        guard let authority = request.head.authority,
            !request.headers.contains(where: { $0.name.canonicalName == "host" })
        else {
            throw HTTPError(.badRequest, message: "a request has one Host")
        }
        if let names, !Self.isAny(of: names, authority) {
            throw HTTPError(
                .misdirectedRequest,
                message: "this service is not called by this host: name it in web.hosts, or ask for a token"
            )
        }
        return try await next(request, context)
    }

    /// - Parameter authority: a name or an address, with a port or not.
    static func isAny(of names: [String], _ authority: String) -> Bool {
        if authority.isEmpty || names.contains("*") { return true }
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return false }
            let (address, port) = (authority[..<end].dropFirst(), authority[end...].dropFirst())
            return (port.isEmpty || port.hasPrefix(":")) && isIPv6(address)
        }
        let parts = authority.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 1 || parts[1].utf8.allSatisfy({ (48...57).contains($0) }) else { return false }
        var name = parts[0].lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        return isIPv4(name) || name == "localhost" || name.hasSuffix(".localhost") || names.contains(name)
    }

    private static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { $0.utf8.count <= 3 && UInt8($0) != nil && !$0.hasPrefix("+") }
    }

    private static func isIPv6(_ text: Substring) -> Bool {
        !text.isEmpty && text.contains(":") && text.allSatisfy { $0.isHexDigit && $0.isASCII || $0 == ":" || $0 == "." }
    }
}
