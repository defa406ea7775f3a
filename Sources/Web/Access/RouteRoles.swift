package import Hummingbird
package import PlanFormats

/// Which roles a request needs: one of those named is enough, and `admin` always is.
///
/// What is not in the table needs `admin`: a route that was forgotten here is closed, and not open.
package enum RouteRoles {
    package struct Rule: Sendable {
        package var method: HTTPRequest.Method
        package var path: RouterPath
        package var roles: Set<AccessRole>

        init(_ method: HTTPRequest.Method, _ path: RouterPath, _ roles: AccessRole...) {
            self.method = method
            self.path = path
            self.roles = Set(roles)
        }
    }

    /// What is not only read: requests that may change something, those that only ask and have a body, and the pages with a
    /// form for one of them.
    package static let rules = interface + kayenta

    private static let interface: [Rule] = [
        Rule(.post, "v1/events", .emit),
        Rule(.post, "v1/hooks/:format", .emit),
        Rule(.post, "v1/gate/flagger/:hook", .read),
        Rule(.post, "v1/actions", .act),
        Rule(.put, "v1/verdicts/readers/:name", .act),
        Rule(.put, "v1/verdicts/readers/:name/lease", .act),
        Rule(.post, "v1/releases/reset", .admin),
        Rule(.post, "v1/analyses", .emit),
        Rule(.post, "v1/plans/validate", .emit),
        Rule(.post, "v1/plans/try", .emit),
        Rule(.post, "v1/sessions/:id/retry", .approve),
        Rule(.post, "v1/sessions/:id/approve", .approve),
        Rule(.post, "v1/sessions/:id/abort", .approve),
        Rule(.post, "v1/sessions/:id/cancel", .emit, .approve),
        Rule(.post, "v1/sessions/:id/feedback", .emit, .approve),
        Rule(.get, "sessions/:id/approve", .approve), Rule(.post, "sessions/:id/approve", .approve),
        Rule(.get, "sessions/:id/abort", .approve), Rule(.post, "sessions/:id/abort", .approve),
        Rule(.get, "sessions/:id/cancel", .emit, .approve), Rule(.post, "sessions/:id/cancel", .emit, .approve),
        Rule(.get, "sessions/:id/feedback", .emit, .approve), Rule(.post, "sessions/:id/feedback", .emit, .approve),
    ]

    /// Kayenta's API: a pipeline runs canaries, and configs are the operator's.
    private static let kayenta: [Rule] = [
        Rule(.post, "kayenta/canaryConfig", .admin),
        Rule(.put, "kayenta/canaryConfig/:id", .admin),
        Rule(.delete, "kayenta/canaryConfig/:id", .admin),
        Rule(.post, "kayenta/canary", .emit),
        Rule(.post, "kayenta/canary/:id", .emit),
        Rule(.post, "kayenta/standalone_canary_analysis", .emit),
        Rule(.post, "kayenta/standalone_canary_analysis/:id", .emit),
        Rule(.put, "kayenta/pipelines/:id/cancel", .emit, .approve),
        Rule(.post, "kayenta/judges/judge", .read),
        Rule(.post, "kayenta/fetch/prometheus/query", .emit),
        Rule(.post, "kayenta/metricSetPairList", .emit),
        Rule(.delete, "kayenta/metricSetPairList/:id", .admin),
    ]

    package static func needed(for method: HTTPRequest.Method, _ path: String) -> Set<AccessRole> {
        let segments = path.split(separator: "/")
        let asked = method == .head ? .get : method
        let rule = rules.first { $0.method == asked && fits(segments, $0.path) }
        return rule?.roles ?? (asked == .get ? [.read] : [.admin])
    }

    private static func fits(_ segments: [Substring], _ path: RouterPath) -> Bool {
        segments.count == path.components.count && zip(path.components, segments).allSatisfy { $0 ~= $1 }
    }
}
