import Hummingbird

/// Answers methods that no route has, as an address that there is not, before anything counts them: their names come from
/// outside, and a metric keeps one series for each.
struct KnownMethods<Context: RequestContext>: RouterMiddleware {
    private static var known: Set<HTTPRequest.Method> { [.get, .head, .post, .put, .delete, .patch, .options] }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard Self.known.contains(request.method) else { throw HTTPError(.notFound) }
        return try await next(request, context)
    }
}
