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
        let response = try await answer(request, context: context, next: next)
        // An answer to HEAD has no body, also where there is no route for it.
        return request.method == .head && response.body.contentLength != 0 ? response.createHeadResponse() : response
    }

    private func answer(
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
            return try Self.answer(error, context)
        } catch let error as StoreError {
            let failure = StoreFailure(error: error, activity: request.method == .get ? .reading : .takingIn)
            return try Self.answer(failure, context)
        } catch let error as RequestBytes.BrokenOff {
            // Nothing is wrong here, and any caller can do it as often as it likes.
            context.logger.debug("request broke off", metadata: ["error": "\(error.reason)"])
            var response = try JSONBody.response(ErrorBody(error: "the body broke off"), status: .badRequest)
            response.headers[.connection] = "close"
            return response
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            return try JSONBody.response(ErrorBody(error: "internal error"), status: .internalServerError)
        }
    }

    private static func answer(_ failure: StoreFailure, _ context: Context) throws -> Response {
        context.logger.error("store failed", metadata: ["error": "\(failure.error)"])
        var response = try JSONBody.response(ErrorBody(error: failure.sentence), status: failure.status)
        if let pause = failure.retryAfter { response.headers[.retryAfter] = "\(pause)" }
        return response
    }
}
