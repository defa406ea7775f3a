import Analysis
import Concurrency
import Engine
import Foundation
import Hummingbird
import HummingbirdTesting
import PlanFormats
import Reports
import Store
import Testing

@testable import Web

@Suite("Routes of pages", .timeLimit(.minutes(5))) struct PageRoutesTests {
    private func withServer(
        access: WebAccess? = nil,
        _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let shelf = PlanShelf(
            try PlanDirectory(plans: [], reader: PlanReader()),
            loadedAt: Timestamp(milliseconds: 0)
        )
        try await TestWebServer(access: access, plans: { shelf }).run { client, store in
            let now = SystemClock().now()
            var change = StoreChange()
            for version in ["1.0 α", "2.0"] {
                let (session, verdict) = AnalysisSession.rejected(
                    id: "s-\(version.prefix(1))",
                    event: DeployEvent(
                        identity: EventIdentity(source: "/ci", id: version),
                        application: "shop",
                        environment: "production",
                        version: version
                    ),
                    ending: .noPlan("a reason of its own"),
                    receivedAt: now,
                    at: now
                )
                change.opened.append(session)
                change.verdicts.append(verdict)
            }
            try await store.commit(change)
            try await body(client)
        }
    }

    @Test("Pages forbid what they do not need, and are not asked for twice in vain")
    func pages() async throws {
        try await withServer { client in
            for (path, content) in [
                ("/", "Analyses"), ("/sessions/s-1", "Could not be judged"), ("/?application=shop&phase=", "1.0 α"),
                ("/?application=other", "No analysis fits."),
            ] {
                let (tag, text) = try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status == .ok, "\(path)")
                    #expect(response.headers[.contentType] == "text/html; charset=utf-8")
                    #expect(response.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
                    #expect(response.headers[.contentSecurityPolicy]?.contains("unsafe") == false)
                    #expect(response.headers[.xContentTypeOptions] == "nosniff")
                    return (response.headers[.eTag], String(buffer: response.body))
                }
                #expect(text.contains(content), "\(path)")
                var headers: HTTPFields = [:]
                headers[.ifNoneMatch] = tag
                try await client.execute(uri: path, method: .get, headers: headers) { response in
                    #expect(response.status == .notModified && response.body.readableBytes == 0)
                }
            }
        }
    }

    @Test("Applications and plans have pages")
    func applicationsAndPlans() async throws {
        try await withServer { client in
            for (path, content) in [
                ("/a/shop", "All analyses in"), ("/a/shop/production", "a reason of its own"),
                ("/plans", "There are no plan files."),
            ] {
                try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status == .ok, "\(path)")
                    #expect(String(buffer: response.body).contains(content), "\(path)")
                }
            }
            for path in ["/a/other", "/a/shop/other", "/plans/none"] {
                try await client.execute(uri: path, method: .get) { #expect($0.status == .notFound, "\(path)") }
            }
        }
        try await TestWebServer().run { client, _ in
            try await client.execute(uri: "/plans", method: .get) { #expect($0.status == .notFound) }
        }
    }

    @Test("A version leads to its newest analysis; what is not there is not found")
    func addresses() async throws {
        try await withServer { client in
            try await client.execute(uri: "/a/shop/production/1.0%20%CE%B1", method: .get) { response in
                #expect(response.status == .found && response.headers[.location] == "/sessions/s-1")
            }
            for path in [
                "/a/shop/production/9", "/sessions/none", "/sessions/none/samples.csv", "/sessions/s-1/metrics/0",
                "/sessions/s-1/metrics/x",
                "/sessions/\(String(repeating: "x", count: 200))", "/assets/style-0.css",
            ] {
                try await client.execute(uri: path, method: .get) { #expect($0.status == .notFound, "\(path)") }
            }
            try await client.execute(uri: "/?limit=0", method: .get) { #expect($0.status == .badRequest) }
            try await client.execute(uri: "/sessions/s-1/samples.csv", method: .get) { response in
                #expect(String(buffer: response.body) == "metric,time,control,experiment\r\n")
                #expect(response.headers[.contentType] == "text/csv; charset=utf-8; header=present")
            }
        }
    }

    @Test(
        "What goes wrong on a page is told on a page",
        arguments: [
            ("/sessions/none", HTTPRequest.Method.get, 404, "There is no session none."),
            ("/sessions/%3Cscript%3Ealert(1)", .get, 404, "There is no session"),
            ("/sessions/s-1/metrics/x", .get, 404, "The analysis has no such metric."),
            ("/session/s-1", .get, 404, "There is no page at this address."),
            ("/a/shop/production/9", .get, 404, "There is no analysis of this version."),
            ("/?limit=0", .get, 400, "Limit must lie between 1 and"),
            ("/?phase=%3Cb%3E&x=1", .get, 400, "<h1>Cannot be asked so</h1>"),
            ("/?%3Cimg%20src=x%3E=1", .get, 400, "Unknown parameter"),
            ("/sessions/s-1", .post, 405, "Pages are read, and take nothing."),
            ("/", .delete, 405, "Pages are read, and take nothing."),
        ]
    )
    func errors(path: String, method: HTTPRequest.Method, status: Int, text: String) async throws {
        try await withServer { client in
            try await client.execute(uri: path, method: method) { response in
                #expect(response.status.code == status)
                #expect(response.headers[.contentType] == "text/html; charset=utf-8")
                #expect(response.headers[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
                #expect(response.headers[.allow] == (status == 405 ? "GET, HEAD" : nil))
                let page = String(buffer: response.body)
                #expect(page.contains(text) && page.contains("<a href=\"/\">All analyses</a>"), "\(page)")
                #expect(!page.contains("<script>") && !page.contains("<img") && !page.contains("<b>"), "\(page)")
            }
        }
    }

    @Test("What the page of an analysis shows is given as JSON, with or without samples")
    func report() async throws {
        try await withServer { client in
            let (tag, body) = try await client.execute(uri: "/v1/sessions/s-1/report", method: .get) { response in
                #expect(response.status == .ok)
                #expect(response.headers[.contentType] == "application/json; charset=utf-8")
                return (response.headers[.eTag], Data(response.body.readableBytesView))
            }
            let report = try DomainJSON.decode(AnalysisReport.self, from: body)
            #expect(report.form == AnalysisReport.currentForm && report.id == "s-1" && report.version == "1.0 α")
            #expect(report.ending?.cause == .noPlan && report.reason.contains("a reason of its own"))
            #expect(report.releases.map(\.id).contains("s-2"))
            var headers: HTTPFields = [:]
            headers[.ifNoneMatch] = tag
            try await client.execute(uri: "/v1/sessions/s-1/report?samples=false", method: .get, headers: headers) {
                #expect($0.status == .notModified)
            }
            for (path, status) in [
                ("none/report", 404), ("s-1/report?samples=maybe", 400), ("s-1/report?samples=true&samples=true", 400),
                ("s-1/report?before=1", 400), ("s-1/reports", 404),
            ] {
                try await client.execute(uri: "/v1/sessions/\(path)", method: .get) {
                    #expect($0.status.code == status, "\(path)")
                }
            }
        }
    }

    @Test("Callers who are shown the summary alone are given no report")
    func summary() async throws {
        try await withServer(access: WebAccess(tokens: { ["t"] }, publicReads: .summary)) { client in
            try await client.execute(uri: "/v1/sessions", method: .get) { #expect($0.status == .ok) }
            try await client.execute(uri: "/v1/sessions/s-1/report", method: .get) {
                #expect($0.status == .unauthorized)
            }
        }
    }

    @Test("A store that is not there is told on a page too, and when to come back")
    func storeAway() async throws {
        let store = StoreFailure(error: StoreError(.unavailable, "gone"), activity: .reading)
        let pages = ErrorPages(version: "1.2.3").response(store.status, store.sentence)
        #expect(pages.status == .serviceUnavailable && pages.headers[.contentType] == "text/html; charset=utf-8")
        let router = Router(context: WebContext.self)
        router.add(middleware: ErrorRendering(pages: ErrorPages(version: "1.2.3")))
        for path in ["sessions/a", "v1/sessions/a"] {
            router.get(RouterPath(path)) { _, _ -> Response in throw store }
        }
        try await Application(router: router).test(.router) { client in
            for (path, type) in [
                ("/sessions/a", "text/html; charset=utf-8"),
                ("/v1/sessions/a", "application/problem+json; charset=utf-8"),
            ] {
                try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status == .serviceUnavailable && response.headers[.retryAfter] == "5")
                    #expect(response.headers[.contentType] == type)
                }
            }
        }
    }

    @Test(
        "Programs get JSON, and each address says what it takes",
        arguments: [
            ("/v1/sessions/none", HTTPRequest.Method.get, 404, nil), ("/v1/nothing", .get, 404, nil),
            ("/v1/sessions", .post, 405, "GET, HEAD"), ("/v1/events", .delete, 405, "GET, HEAD, POST"),
            ("/v1/releases/reset", .get, 405, "POST"), ("/livez", .put, 405, "GET, HEAD"),
            ("/metrics", .options, 405, "GET, HEAD"), ("/v1/sessions/a", .patch, 405, "GET, HEAD"),
        ] as [(String, HTTPRequest.Method, Int, String?)]
    )
    func errorsOfTheInterface(path: String, method: HTTPRequest.Method, status: Int, allow: String?) async throws {
        try await withServer { client in
            try await client.execute(uri: path, method: method) { response in
                #expect(response.status.code == status && response.headers[.allow] == allow)
                #expect(response.headers[.contentType] == "application/problem+json; charset=utf-8")
                #expect(String(buffer: response.body).contains("\"error\":"))
            }
        }
    }

    @Test("Pages are read by those who may read", arguments: [PublicReads.none, .summary, .all])
    func access(publicReads: PublicReads) async throws {
        let access = WebAccess(tokens: { ["write"] }, readTokens: { ["read"] }, publicReads: publicReads)
        try await withServer(access: access) { client in
            let paths = [
                "/", "/sessions/s-1", "/sessions/s-1/samples.csv", "/a/shop/production/2.0", "/a/shop", "/plans",
            ]
            func statuses(_ token: String?) async throws -> [Int] {
                var answers: [Int] = []
                for path in paths {
                    var headers: HTTPFields = [:]
                    headers[.authorization] = token.map { "Bearer \($0)" }
                    answers.append(
                        try await client.execute(uri: path, method: .get, headers: headers) { $0.status.code }
                    )
                }
                return answers
            }
            #expect(try await statuses("read") == [200, 200, 200, 302, 200, 200])
            #expect(try await statuses("wrong") == [401, 401, 401, 401, 401, 401])
            let open =
                switch publicReads {
                case .none: [401, 401, 401, 401, 401, 401]
                case .summary: [200, 401, 401, 401, 401, 401]
                case .all: [200, 200, 200, 302, 200, 200]
                }
            #expect(try await statuses(nil) == open)
            guard publicReads != .none else { return }
            let list = try await client.execute(uri: "/", method: .get) { String(buffer: $0.body) }
            #expect(list.contains("a reason of its own") == (publicReads == .all))
        }
    }
}
