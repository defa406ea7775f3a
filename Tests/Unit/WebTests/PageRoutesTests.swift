import Analysis
import Concurrency
import Engine
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import PlanFormats
import Store
import Telemetry
import Testing

@testable import Web

@Suite("Routes of pages", .timeLimit(.minutes(5))) struct PageRoutesTests {
    private func withServer(
        access: WebAccess? = nil,
        _ body: @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: directory) }
        let store = try SQLiteStore(path: directory.appending(path: "s.db").path)
        let registry = MetricRegistry()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
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
        let dependencies = WebDependencies(
            store: store,
            intake: Intake(
                reader: EnvelopeReader(plans: PlanReader()),
                store: store,
                work: WakeSignal(),
                metrics: EngineMetrics(registry),
                logger: logger
            ),
            registry: registry,
            clock: SystemClock(),
            health: { HealthReport() },
            version: "1.2.3",
            access: access,
            logger: logger
        )
        try await Application(router: WebServer.router(dependencies)).test(.router) { try await body($0) }
        await store.close()
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

    @Test("Pages are read by those who may read", arguments: [PublicReads.none, .summary, .all])
    func access(publicReads: PublicReads) async throws {
        let access = WebAccess(tokens: { ["write"] }, readTokens: { ["read"] }, publicReads: publicReads)
        try await withServer(access: access) { client in
            let paths = ["/", "/sessions/s-1", "/sessions/s-1/samples.csv", "/a/shop/production/2.0"]
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
            #expect(try await statuses("read") == [200, 200, 200, 302])
            #expect(try await statuses("wrong") == [401, 401, 401, 401])
            let open =
                switch publicReads {
                case .none: [401, 401, 401, 401]
                case .summary: [200, 401, 401, 401]
                case .all: [200, 200, 200, 302]
                }
            #expect(try await statuses(nil) == open)
            guard publicReads != .none else { return }
            let list = try await client.execute(uri: "/", method: .get) { String(buffer: $0.body) }
            #expect(list.contains("a reason of its own") == (publicReads == .all))
        }
    }
}
