import Hummingbird
import JSON
import KayentaFormats
import Logging
import Store

/// Answers what goes wrong below `/kayenta` as Kayenta does: `{"message": …}`.
struct KayentaErrors: RouterMiddleware {
    typealias Context = WebContext

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as KayentaProblem {
            return Self.response(problem)
        } catch let error as StoreError {
            // What was to be taken in has an id that its caller does not know: a repeat makes another execution at worst.
            context.logger.error("store failed", metadata: ["error": "\(error)"])
            let failure = StoreFailure(error: error, activity: .reading)
            return Self.response(failure.status, failure.sentence, retryAfter: failure.retryAfter)
        } catch let error as HTTPError {
            var response = Self.response(error.status, error.body ?? error.status.reasonPhrase)
            for field in error.headers where field.name != .contentType { response.headers[field.name] = field.value }
            return response
        }
    }

    private static func response(_ problem: KayentaProblem) -> Response {
        switch problem.kind {
        case .invalid: response(.badRequest, problem.message)
        case .notFound: response(.notFound, problem.message)
        case .busy: response(.tooManyRequests, problem.message, retryAfter: 5)
        case .unavailable: response(.serviceUnavailable, problem.message, retryAfter: 5)
        }
    }

    private static func response(
        _ status: HTTPResponse.Status,
        _ message: String,
        retryAfter: Int? = nil
    ) -> Response {
        var response = JSONBody.response(["message": .string(message)], status: status)
        response.headers[.retryAfter] = retryAfter.map(String.init)
        return response
    }
}
