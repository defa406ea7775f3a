import HTTPTypes
import Hummingbird

private let fetchSiteName = HTTPField.Name("Sec-Fetch-Site")

/// Refuses what the page of another site makes a browser send (cross-site request forgery): requests that may change
/// something and whose `Origin`, or `Sec-Fetch-Site`, says that no page of this host sent them. Programs that are no
/// browser send neither.
struct OriginCheck<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if request.method != .get, request.method != .head, Self.isOfAnotherSite(request.head) {
            throw HTTPError(.forbidden, message: "requests of other sites' pages are not answered")
        }
        return try await next(request, context)
    }

    static func isOfAnotherSite(_ request: HTTPRequest) -> Bool {
        let fetchSite = fetchSiteName.flatMap { request.headerFields[$0] }
        if let fetchSite, fetchSite != "same-origin", fetchSite != "none" { return true }
        guard let origin = request.headerFields[.origin] else { return false }
        guard let authority = request.authority, let separator = origin.firstRange(of: "://") else { return true }
        return origin[separator.upperBound...].lowercased() != authority.lowercased()
    }
}
