import Hummingbird
import JSON
import KayentaFormats
import Store

/// Errors below `/kayenta`, which are told as Kayenta tells them: `{"message": …}`.
struct KayentaErrors: RouterMiddleware {
    typealias Context = WebContext

    static func cover(_ path: String) -> Bool { path.split(separator: "/").first == "kayenta" }

    static func response(_ status: HTTPResponse.Status, _ sentence: String?) -> Response {
        JSONBody.response(["message": .string(sentence ?? status.reasonPhrase)], status: status)
    }

    /// Gives each its status.
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as KayentaProblem {
            throw Self.error(problem)
        } catch let error as StoreError {
            // An execution that may have been taken in can be begun again: another one, at worst.
            throw StoreFailure(error: error, activity: .reading)
        }
    }

    private static func error(_ problem: KayentaProblem) -> HTTPError {
        switch problem.kind {
        case .invalid: HTTPError(.badRequest, message: problem.message)
        case .notFound: HTTPError(.notFound, message: problem.message)
        case .busy: HTTPError(.tooManyRequests, headers: [.retryAfter: "5"], message: problem.message)
        case .unavailable: HTTPError(.serviceUnavailable, headers: [.retryAfter: "5"], message: problem.message)
        }
    }
}
