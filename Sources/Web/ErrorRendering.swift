import HTTPTypes
import Hummingbird
import Logging
import Store

/// Answers every error with its status and one sentence, as JSON, or as a page where people read; what is not meant for
/// the caller stays inside.
struct ErrorRendering<Context: RequestContext>: RouterMiddleware {
    /// Tells an address that takes other methods from one that there is not.
    var routes = KnownRoutes()
    /// Nil where there are no pages.
    var pages: ErrorPages?

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
            if error.status == .notFound, error.body == nil, let allowed = methods(of: request) {
                return try answer(request, .methodNotAllowed, nil, headers: [.allow: allowed])
            }
            return try answer(request, error.status, error.body, headers: error.headers)
        } catch let error as StoreFailure {
            return try answer(request, error, context)
        } catch let error as StoreError {
            let failure = StoreFailure(error: error, activity: request.method == .get ? .reading : .takingIn)
            return try answer(request, failure, context)
        } catch let error as RequestBytes.BrokenOff {
            // Nothing is wrong here, and any caller can do it as often as it likes.
            context.logger.debug("request broke off", metadata: ["error": "\(error.reason)"])
            return try answer(request, .badRequest, "the body broke off", headers: [.connection: "close"])
        } catch {
            context.logger.error("request failed", metadata: ["error": "\(error)"])
            return try answer(request, .internalServerError, "internal error")
        }
    }

    /// The methods of the address; nil where no route has it, or the one that was asked for.
    private func methods(of request: Request) -> String? {
        let methods = routes.methods(of: request.uri.path)
        return methods.isEmpty || methods.contains(request.method.rawValue) ? nil : methods.joined(separator: ", ")
    }

    private func answer(_ request: Request, _ failure: StoreFailure, _ context: Context) throws -> Response {
        context.logger.error("store failed", metadata: ["error": "\(failure.error)"])
        let headers: HTTPFields = failure.retryAfter.map { [.retryAfter: "\($0)"] } ?? [:]
        return try answer(request, failure.status, failure.sentence, headers: headers)
    }

    private func answer(
        _ request: Request,
        _ status: HTTPResponse.Status,
        _ problem: String?,
        headers: HTTPFields = [:]
    ) throws -> Response {
        var response: Response
        if let pages, ErrorPages.cover(request.uri.path) {
            response = pages.response(status, problem)
        } else if KayentaErrors.cover(request.uri.path) {
            response = KayentaErrors.response(status, problem)
        } else {
            response = try JSONBody.response(Problem(status, problem), status: status)
            response.headers[.contentType] = Problem.contentType
        }
        for field in headers { response.headers[field.name] = field.value }
        return response
    }
}
