import Hummingbird
import Synchronization

/// The routes of a server, which are complete once all have been added: which methods an address takes.
final class KnownRoutes: Sendable {
    private struct Route {
        var path: RouterPath
        var method: HTTPRequest.Method
    }

    private let routes = Mutex<[Route]>([])

    func take(from router: Router<WebContext>) {
        let known = router.routes.map { Route(path: $0.path, method: $0.method) }
        routes.withLock { $0 = known }
    }

    /// What an address may be asked by, in the order of their names; empty for one that no route has.
    func methods(of path: String) -> [String] {
        let segments = path.split(separator: "/")
        var methods: Set<String> = []
        routes.withLock { routes in
            for route in routes where Self.fits(segments, route.path) { methods.insert(route.method.rawValue) }
        }
        if methods.contains("GET") { methods.insert("HEAD") }
        return methods.sorted()
    }

    private static func fits(_ segments: [Substring], _ route: RouterPath) -> Bool {
        segments.count == route.components.count && zip(route.components, segments).allSatisfy { $0 ~= $1 }
    }
}
