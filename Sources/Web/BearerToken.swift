import Hummingbird
import Logging

/// Lets requests pass that carry a token of the service; others are answered with 401.
struct BearerToken<Context: RequestContext>: RouterMiddleware {
    /// Asked for at each request, so that a replaced token counts at once. Of several, each is good: while one is being
    /// replaced, callers have the old or the new one.
    let tokens: @Sendable () throws -> [String]
    let refusals: RefusedTokens

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let expected: [String]
        do { expected = try tokens() } catch {
            context.logger.error("token cannot be read", metadata: ["error": "\(error)"])
            throw HTTPError(.serviceUnavailable, message: "the token of this service cannot be read")
        }
        let given = request.headers[.authorization] ?? ""
        let (scheme, rest) = (given.prefix(7), given.dropFirst(7))
        guard scheme.lowercased() == "bearer ", Self.isAny(Array(rest.utf8), of: expected) else {
            refusals.record(given.isEmpty ? .missing : .wrong, path: request.uri.path)
            if !given.isEmpty { try await refusals.pause() }
            throw HTTPError(
                .unauthorized,
                headers: [.wwwAuthenticate: "Bearer"],
                message: "send the token of this service as Authorization: Bearer …"
            )
        }
        return try await next(request, context)
    }

    /// Compares with all of them, also after one was right.
    private static func isAny(_ given: [UInt8], of expected: [String]) -> Bool {
        expected.reduce(false) { found, token in isSame(given, Array(token.utf8)) || found }
    }

    /// Takes as long for a wrong token as for the right one, so that its bytes cannot be found one after the other.
    static func isSame(_ given: [UInt8], _ expected: [UInt8]) -> Bool {
        guard !expected.isEmpty else { return false }
        var difference = given.count ^ expected.count
        for (index, byte) in given.enumerated() { difference |= Int(byte ^ expected[index % expected.count]) }
        return difference == 0
    }
}
