import HTTPTypes
import Hummingbird

private let referrerPolicyName = HTTPField.Name("Referrer-Policy")

/// What a browser may do with a page, and that it must not take it for something else: nothing is loaded from elsewhere, no
/// script or style stands in a page, no other site may frame it or learn its address. Of its own forms a browser says where they come from, which it does not
/// with `no-referrer`.
struct PageHeaders<Context: RequestContext>: RouterMiddleware {
    private static var policy: String {
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self';"
            + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    }

    func handle(
        _ request: Request,
        context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        Self.add(to: &response)
        return response
    }

    static func add(to response: inout Response) {
        response.headers[.contentSecurityPolicy] = policy
        response.headers[.xContentTypeOptions] = "nosniff"
        if let referrerPolicyName { response.headers[referrerPolicyName] = "same-origin" }
    }
}
