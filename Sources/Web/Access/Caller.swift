import Hummingbird
package import PlanFormats

/// Who sent a request, as far as the service knows: the name of the token, never the token.
package struct Caller: Sendable, Equatable {
    package var name: String
    package var roles: Set<AccessRole>

    func may(_ request: Request) -> Bool { may(request.method, request.uri.path) }

    func may(_ method: HTTPRequest.Method, _ path: String) -> Bool {
        roles.contains(.admin) || !roles.isDisjoint(with: RouteRoles.needed(for: method, path))
    }
}
