import Hummingbird
import Logging

/// Lets requests pass that carry a token of the service; others are answered with 401.
struct BearerToken<Context: RequestContext>: RouterMiddleware {
    let access: WebAccess
    let refusals: RefusedTokens
    /// How a caller without a right token is asked for one: a browser asks its user for a name and a password.
    var challenge = "Bearer"

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let caller: WebAccess.Caller
        do { caller = try access.caller(of: request) } catch {
            context.logger.error("token cannot be read", metadata: ["error": "\(error)"])
            throw HTTPError(.serviceUnavailable, message: "the token of this service cannot be read")
        }
        switch caller {
        case .writer: break
        case .reader:
            guard WebAccess.reads(request) else {
                throw HTTPError(.forbidden, message: "this token is for reading only: send one that may write")
            }
        case .unknown(let sentToken):
            // A wrong token is told even where none is needed: its sender takes it for a right one.
            guard sentToken || !access.isPublic(request) else { break }
            refusals.record(sentToken ? .wrong : .missing, path: request.uri.path)
            if sentToken { try await refusals.pause() }
            throw HTTPError(
                .unauthorized,
                headers: [.wwwAuthenticate: challenge],
                message: "send the token of this service as Authorization: Bearer …"
            )
        }
        return try await next(request, context)
    }
}
