import Hummingbird
import Logging

/// Lets requests pass that carry the token; others are answered with 401.
struct BearerToken<Context: RequestContext>: RouterMiddleware {
    /// Asked for at each request, so that a replaced token counts at once.
    let token: @Sendable () throws -> String

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let expected: String
        do { expected = try token() } catch {
            context.logger.error("token cannot be read", metadata: ["error": "\(error)"])
            throw HTTPError(.serviceUnavailable, message: "the token of this service cannot be read")
        }
        let given = request.headers[.authorization] ?? ""
        let (scheme, rest) = (given.prefix(7), given.dropFirst(7))
        guard scheme.lowercased() == "bearer ", Self.isSame(Array(rest.utf8), Array(expected.utf8)) else {
            throw HTTPError(
                .unauthorized,
                headers: [.wwwAuthenticate: "Bearer"],
                message: "send the token of this service as Authorization: Bearer …"
            )
        }
        return try await next(request, context)
    }

    /// Takes as long for a wrong token as for the right one, so that its bytes cannot be found one after the other.
    static func isSame(_ given: [UInt8], _ expected: [UInt8]) -> Bool {
        guard !expected.isEmpty else { return false }
        var difference = given.count ^ expected.count
        for (index, byte) in given.enumerated() { difference |= Int(byte ^ expected[index % expected.count]) }
        return difference == 0
    }
}
