import Analysis
import Engine
import Hummingbird
import HummingbirdTesting
import Logging
import Synchronization
import Telemetry
import Testing

@testable import Web

@Suite struct BearerTokenTests {
    /// Keeps what is logged.
    private struct Recorder: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        final class Lines: Sendable {
            let all = Mutex<[String]>([])
        }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.all.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
        }
    }

    private final class Clock: EngineClock {
        let time = Mutex(Timestamp(milliseconds: 1_772_359_200_000))
        func now() -> Timestamp { time.withLock { $0 } }
        func sleep(until deadline: Timestamp) async throws {}
    }

    @Test(arguments: [
        ("secret", "secret", true), ("secret", "secreT", false), ("secre", "secret", false), ("", "secret", false),
        ("secretsecret", "secret", false), ("secret", "", false), ("", "", false),
    ])
    func compares(given: String, expected: String, isSame: Bool) {
        #expect(WebAccess.isSame(Array(given.utf8), Array(expected.utf8)) == isSame)
    }

    @Test func twoTokensAreGoodWhileOneIsReplaced() async throws {
        let (lines, clock, registry) = (Recorder.Lines(), Clock(), MetricRegistry())
        let tokens = Mutex(["old"])
        let refusals = RefusedTokens(
            WebMetrics(registry),
            clock: clock,
            logger: Logger(label: "test") { _ in Recorder(lines: lines) }
        )
        let router = Router(context: WebContext.self)
        let group = router.group("v1")
        group.add(middleware: ErrorRendering())
        group.add(middleware: BearerToken(access: WebAccess(tokens: { tokens.withLock { $0 } }), refusals: refusals))
        group.get("x") { _, _ in "in" }
        try await Application(router: router).test(.router) { client in
            func status(_ token: String?) async throws -> HTTPResponse.Status {
                var headers: HTTPFields = [:]
                headers[.authorization] = token.map { "Bearer \($0)" }
                return try await client.execute(uri: "/v1/x", method: .get, headers: headers) { $0.status }
            }
            for (known, old, new) in [
                (["old"], HTTPResponse.Status.ok, HTTPResponse.Status.unauthorized), (["old", "new"], .ok, .ok),
                (["new"], .unauthorized, .ok), ([], .unauthorized, .unauthorized),
            ] {
                tokens.withLock { $0 = known }
                let answers = [try await status("old"), try await status("new"), try await status(nil)]
                #expect(answers == [old, new, .unauthorized])
            }
            // One line for the first one, and one a minute later for all of the others.
            #expect(lines.all.withLock { $0.count } == 1)
            clock.time.withLock { $0 = $0 + .seconds(61) }
            let guessed = try await status("s3cret-guess")
            #expect(guessed == .unauthorized)
            #expect(lines.all.withLock { $0.count } == 2)
            #expect(lines.all.withLock { $0.last }?.contains("\"requests\": 8") == true)
            #expect(lines.all.withLock { !$0.joined().contains("s3cret-guess") })
        }
        let text = registry.render()
        #expect(text.contains(#"assay_http_refused_tokens_total{reason="missing"} 4"#))
        #expect(text.contains(#"assay_http_refused_tokens_total{reason="wrong"} 5"#))
    }

    /// What callers get: with a token that writes, one that reads, a wrong one, and none.
    @Test(arguments: PublicReads.allCases)
    func tokensOfTwoKinds(publicReads: PublicReads) async throws {
        let refusals = RefusedTokens(
            WebMetrics(MetricRegistry()),
            clock: Clock(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let access = WebAccess(tokens: { ["write"] }, readTokens: { ["read"] }, publicReads: publicReads)
        let router = Router(context: WebContext.self)
        let group = router.group("v1")
        group.add(middleware: ErrorRendering())
        group.add(middleware: BearerToken(access: access, refusals: refusals))
        for path in ["sessions", "verdicts"] as [RouterPath] { group.get(path) { _, _ in "in" } }
        group.post("events") { _, _ in "in" }
        try await Application(router: router).test(.router) { client in
            func statuses(_ token: String?) async throws -> [Int] {
                var headers: HTTPFields = [:]
                headers[.authorization] = token.map { "Bearer \($0)" }
                var found: [Int] = []
                for (path, method) in [("sessions", HTTPRequest.Method.get), ("verdicts", .get), ("events", .post)] {
                    found.append(
                        try await client.execute(uri: "/v1/\(path)", method: method, headers: headers) {
                            $0.status.code
                        }
                    )
                }
                return found
            }
            var answers: [[Int]] = []
            for token in ["write", "read", "wrong", nil] { answers.append(try await statuses(token)) }
            let open =
                switch publicReads {
                case .none: [401, 401, 401]
                case .summary: [200, 401, 401]
                case .all: [200, 200, 401]
                }
            #expect(answers == [[200, 200, 200], [200, 200, 403], [401, 401, 401], open])
        }
    }
}
