import Hummingbird
import Logging
import Store

/// Answers every error with its status and one sentence as JSON; what is not meant for the caller stays inside.
struct ErrorRendering<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError {
            var response = try JSONBody.response(
                ErrorBody(error: error.body ?? error.status.reasonPhrase),
                status: error.status
            )
            for field in error.headers { response.headers[field.name] = field.value }
            return response
        } catch let error as StoreFailure {
            context.logger.error("store failed", metadata: ["error": "\(error.error)"])
            var response = try JSONBody.response(ErrorBody(error: error.sentence), status: error.status)
            if let pause = error.retryAfter { response.headers[.retryAfter] = "\(pause)" }
            return response
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            return try JSONBody.response(ErrorBody(error: "internal error"), status: .internalServerError)
        }
    }
}
