import Foundation
import Hummingbird
import HummingbirdTesting
import JSON
import PlanFormats
import Testing

@testable import Web

/// Which token may do what: each route of the service with each role.
@Suite(.timeLimit(.minutes(5))) struct RouteRolesTests {
    /// The roles that open a route, of those that must be named; `admin` opens all of them. Reading is told by its method.
    private static let table: [(route: String, roles: Set<AccessRole>)] = [
        ("POST /v1/events", [.emit]),
        ("POST /v1/hooks/argo", [.emit]), ("POST /v1/hooks/cdevents", [.emit]), ("POST /v1/hooks/flagger", [.emit]),
        ("POST /v1/hooks/github", [.emit]), ("POST /v1/hooks/keptn", [.emit]), ("POST /v1/hooks/spinnaker", [.emit]),
        ("POST /v1/hooks/{format}", [.emit]),
        ("POST /v1/gate/flagger/{hook}", [.read]),
        ("POST /v1/actions", [.act]),
        ("PUT /v1/verdicts/readers/{name}", [.act]), ("PUT /v1/verdicts/readers/{name}/lease", [.act]),
        ("POST /v1/releases/reset", []),
        ("POST /v1/analyses", [.emit]), ("POST /v1/plans/validate", [.emit]), ("POST /v1/plans/try", [.emit]),
        ("POST /v1/sessions/{id}/retry", [.approve]),
        ("POST /v1/sessions/{id}/approve", [.approve]), ("POST /v1/sessions/{id}/abort", [.approve]),
        ("POST /v1/sessions/{id}/cancel", [.emit, .approve]), ("POST /v1/sessions/{id}/feedback", [.emit, .approve]),
        ("GET /sessions/{id}/approve", [.approve]), ("POST /sessions/{id}/approve", [.approve]),
        ("GET /sessions/{id}/abort", [.approve]), ("POST /sessions/{id}/abort", [.approve]),
        ("GET /sessions/{id}/cancel", [.emit, .approve]), ("POST /sessions/{id}/cancel", [.emit, .approve]),
        ("GET /sessions/{id}/feedback", [.emit, .approve]), ("POST /sessions/{id}/feedback", [.emit, .approve]),
    ]

    /// Kayenta's API, below `/kayenta`.
    private static let kayenta: [(route: String, roles: Set<AccessRole>)] = [
        ("POST /kayenta/canaryConfig", []), ("PUT /kayenta/canaryConfig/{id}", []),
        ("DELETE /kayenta/canaryConfig/{id}", []),
        ("POST /kayenta/canary", [.emit]), ("POST /kayenta/canary/{id}", [.emit]),
        ("POST /kayenta/standalone_canary_analysis", [.emit]),
        ("POST /kayenta/standalone_canary_analysis/{id}", [.emit]),
        ("PUT /kayenta/pipelines/{id}/cancel", [.emit, .approve]),
        ("POST /kayenta/judges/judge", [.read]), ("POST /kayenta/fetch/prometheus/query", [.emit]),
        ("POST /kayenta/metricSetPairList", [.emit]), ("DELETE /kayenta/metricSetPairList/{id}", []),
    ]

    private static func name(_ route: (path: RouterPath, method: HTTPRequest.Method)) -> String {
        "\(route.method.rawValue) /\(route.path.components.map(\.description).joined(separator: "/"))"
    }

    /// What every caller gets.
    private static func isOpen(_ route: String) -> Bool {
        let path = route.split(separator: " ")[1]
        return ["/livez", "/readyz", "/metrics", "/version", "/v1/openapi.json", "/kayenta/health"].contains(path)
            || path.hasPrefix("/assets/")
    }

    private static let access = WebAccess(
        tokens: { ["everything"] },
        readTokens: { ["reading"] },
        namedTokens: {
            AccessRole.allCases.map { role in
                AccessToken(
                    name: "t-\(role.rawValue)",
                    roles: [role],
                    hashes: [AccessToken.hash(Array("token-\(role.rawValue)".utf8))]
                )
            }
        }
    )

    @Test("Each route lets in the roles that it needs, and no others")
    func eachRoute() async throws {
        let routes = try await TestWebServer(access: Self.access).routes()
            .filter { $0.method != .head }.map(Self.name).filter { !Self.isOpen($0) }
        let changing = Set(routes.filter { !$0.hasPrefix("GET ") })
        let table = Self.table + Self.kayenta
        #expect(
            changing == Set(table.map(\.route).filter { !$0.hasPrefix("GET ") }),
            "each route that is not read is in the table"
        )
        try await TestWebServer(access: Self.access).run { client, _ in
            for route in routes {
                let parts = route.split(separator: " ")
                let path = parts[1].split(separator: "/").map { $0.hasPrefix("{") ? "x" : String($0) }
                let opening = table.first { $0.route == route }?.roles ?? [.read]
                func status(_ authorization: String?) async throws -> Int {
                    // Forms are taken of pages of this service alone.
                    var headers: HTTPFields = [.origin: "http://localhost"]
                    headers[.authorization] = authorization
                    return try await client.execute(
                        // A stream would go on.
                        uri: "/" + path.joined(separator: "/") + (path.last == "stream" ? "?wait=x" : ""),
                        method: try #require(HTTPRequest.Method(String(parts[0]))),
                        headers: headers
                    ) { Int($0.status.code) }
                }
                for role in AccessRole.allCases {
                    let found = try await status("Bearer token-\(role.rawValue)")
                    let isOpen = role == .admin || opening.contains(role)
                    #expect(isOpen ? ![401, 403].contains(found) : found == 403, "\(route) as \(role): \(found)")
                }
                let (missing, wrong) = (try await status(nil), try await status("Bearer token-rea"))
                #expect(missing == 401 && wrong == 401, "\(route)")
                let (writing, reading) = (try await status("Bearer everything"), try await status("Bearer reading"))
                #expect(![401, 403].contains(writing), "\(route)")
                #expect((reading == 403) == !opening.contains(.read), "\(route)")
            }
        }
    }

    @Test("What is not in the table needs admin, however the address is written")
    func others() {
        for path in [
            "/v1/none", "/v1/sessions/a/approve/x", "/v1/sessions/approve", "/v1/Events", "/v1/events%2F", "/",
        ] {
            #expect(RouteRoles.needed(for: .post, path) == [.admin], "\(path)")
        }
        #expect(RouteRoles.needed(for: .delete, "/v1/events") == [.admin])
        #expect(RouteRoles.needed(for: .post, "//v1//events/") == [.emit])
        #expect(RouteRoles.needed(for: .post, "/v1/gate/flagger/x/y") == [.admin])
    }

    @Test("A token is also good as a password, and its refusal says which role is missing and never the token")
    func passwords() async throws {
        try await TestWebServer(access: Self.access).run { client, _ in
            let basic = "Basic " + Data("anyone:token-read".utf8).base64EncodedString()
            for (method, expected) in [(HTTPRequest.Method.get, 200), (.post, 403)] {
                let uri = method == .get ? "/v1/sessions" : "/v1/releases/reset"
                try await client.execute(uri: uri, method: method, headers: [.authorization: basic]) { response in
                    #expect(Int(response.status.code) == expected)
                    let text = String(buffer: response.body)
                    #expect(!text.contains("token-read"))
                    guard expected == 403 else { return }
                    #expect(text.contains("this needs a token with the role admin; t-read has read"))
                }
            }
        }
    }
}
