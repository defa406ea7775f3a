import Hummingbird
import Logging
import PlanFormats

/// Lets requests pass that carry a token of the service whose roles allow them; others are answered with 401 or 403.
struct BearerToken: RouterMiddleware {
    let access: WebAccess
    let refusals: RefusedTokens
    /// How a caller without a right token is asked for one: a browser asks its user for a name and a password.
    var challenge = "Bearer"

    func handle(
        _ request: Request,
        context: WebContext,
        next: (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        let finding: WebAccess.Finding
        do { finding = try await access.caller(of: request) } catch {
            context.logger.error("token cannot be read", metadata: ["error": "\(error)"])
            throw HTTPError(.serviceUnavailable, message: "the token of this service cannot be read")
        }
        var context = context
        switch finding {
        case .known(let caller):
            guard caller.may(request) || access.isPublic(request) else { throw Self.refusal(of: caller, request) }
            context.caller = caller
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

    private static func refusal(of caller: Caller, _ request: Request) -> HTTPError {
        let needed = RouteRoles.needed(for: request.method, request.uri.path).map(\.rawValue).sorted()
        let roles = caller.roles.map(\.rawValue).sorted().joined(separator: ", ")
        return HTTPError(
            .forbidden,
            message: "this needs a token with the role \(needed.joined(separator: " or ")); \(caller.name) has \(roles)"
        )
    }
}
