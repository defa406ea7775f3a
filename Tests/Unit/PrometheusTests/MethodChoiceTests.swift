import HTTPTestServer
import HTTPTransport
import Synchronization
import Testing

@testable import Prometheus

@Suite struct MethodChoiceTests {
    static let start = ContinuousClock.now

    @Test func aRefusedMethodIsLeftForAWhile() {
        var choice = MethodChoice(.auto)
        #expect(choice.first(at: Self.start, fitsURL: true) == .post)
        #expect(choice.second(after: .post, status: 405) == .get)
        #expect(choice.second(after: .post, status: 503) == nil)
        choice.found(.get, at: Self.start)
        #expect(choice.first(at: Self.start.advanced(by: .seconds(599)), fitsURL: true) == .get)
        #expect(choice.first(at: Self.start.advanced(by: .seconds(599)), fitsURL: false) == .post)
        #expect(choice.first(at: Self.start.advanced(by: .seconds(600)), fitsURL: true) == .post)
        #expect(choice.second(after: .get, status: 405) == .post)
        choice.found(.post, at: Self.start)
        #expect(choice.first(at: Self.start, fitsURL: true) == .post)
    }

    @Test(arguments: [(PrometheusClient.Options.Method.post, HTTPMethod.post), (.get, .get)])
    func aSettingFixesTheMethod(setting: PrometheusClient.Options.Method, method: HTTPMethod) {
        let choice = MethodChoice(setting)
        for fits in [true, false] { #expect(choice.first(at: Self.start, fitsURL: fits) == method) }
        for status in MethodChoice.refusals { #expect(choice.second(after: method, status: status) == nil) }
    }

    /// What a back end answers to each method, and its client under a clock that the test moves.
    private final class BackEnd: Sendable {
        typealias Answer = (status: Int, body: String)

        let stub: StubExecutor
        let client: PrometheusClient

        init(post: Answer, get: Answer, method: PrometheusClient.Options.Method = .auto, url: Int = 8000) {
            stub = StubExecutor { request in
                let answer = request.method == .post ? post : get
                return .success(HTTPResponse(status: answer.status, body: Array(answer.body.utf8)))
            }
            var options = PrometheusClient.Options()
            options.method = method
            options.maximumURLBytes = url
            let box = Box()
            options.now = { MethodChoiceTests.start.advanced(by: box.elapsed.withLock { $0 }) }
            client = PrometheusClient(baseURL: "http://p", http: stub, options: options)
            self.box = box
        }

        private final class Box: Sendable { let elapsed = Mutex(Duration.zero) }
        private let box: Box

        func advance(by duration: Duration) { box.elapsed.withLock { $0 += duration } }

        func ask(_ query: String = "up") async -> PrometheusError? {
            do throws(PrometheusError) {
                _ = try await client.rangeQuery(query, start: 0, end: 60_000, step: 15_000)
                return nil
            } catch { return error }
        }

        var methods: [HTTPMethod] { stub.requests.map(\.method) }
    }

    private static let success = (status: 200, body: PrometheusAnswers.matrix())

    @Test(arguments: [400, 403, 404, 405, 411, 415, 501])
    func getIsTriedWherePostIsRefused(status: Int) async throws {
        let backEnd = BackEnd(post: (status, PrometheusAnswers.login), get: Self.success)
        #expect(await backEnd.ask("a{b=\"c d\"}") == nil)
        #expect(await backEnd.ask() == nil)
        #expect(backEnd.methods == [.post, .get, .get])
        let request = try #require(backEnd.stub.requests.dropFirst().first)
        #expect(
            request.url == "http://p/api/v1/query_range?query=a%7Bb%3D%22c%20d%22%7D&start=0&end=60&step=15&timeout=30"
        )
        #expect(request.body == nil)
        #expect(request.headers["Content-Type"] == nil)
        // Not for ever: the proxy may let POST through by then.
        backEnd.advance(by: .seconds(600))
        #expect(await backEnd.ask() == nil)
        #expect(backEnd.methods == [.post, .get, .get, .post, .get])
    }

    @Test(arguments: [401, 407, 408, 429, 500, 502, 503, 504, 302])
    func getIsNotTriedWhereItWouldFareNoBetter(status: Int) async {
        let backEnd = BackEnd(post: (status, ""), get: Self.success)
        #expect(await backEnd.ask() != nil)
        #expect(backEnd.methods == [.post])
    }

    @Test func aLoginPageToGetIsNoAnswer() async {
        let backEnd = BackEnd(post: (403, "read only"), get: (200, PrometheusAnswers.login))
        let error = await backEnd.ask()
        #expect(error?.code == .notPrometheus)
        #expect(error?.message.contains("titled \"Sign in\"") == true)
        #expect(
            error?.message.hasSuffix("(POST was answered with status 403 before).") == true,
            "\(error?.message ?? "")"
        )
        _ = await backEnd.ask()
        #expect(backEnd.methods == [.post, .get, .post, .get])
    }

    @Test func bothMethodsAreNamedWhereBothAreRefused() async {
        let backEnd = BackEnd(post: (404, "page not found"), get: (404, "page not found"))
        let error = await backEnd.ask()
        #expect(error?.code == .notFound)
        #expect(
            error?.message.contains("(status 404 to POST and GET): page not found") == true,
            "\(error?.message ?? "")"
        )
    }

    /// A query that is wrong is wrong by either method, no matter which reaches Prometheus.
    @Test func prometheusOwnRefusalCountsByEitherMethod() async {
        let refusal = (status: 400, body: PrometheusAnswers.error("bad_data", "parse error at char 4"))
        for backEnd in [
            BackEnd(post: refusal, get: refusal), BackEnd(post: (405, ""), get: refusal),
            BackEnd(post: refusal, get: (503, "")), BackEnd(post: refusal, get: (403, PrometheusAnswers.login)),
        ] {
            let error = await backEnd.ask()
            #expect(error?.code == .badQuery, "\(error?.message ?? "")")
        }
    }

    /// A proxy that drops the body of a POST makes Prometheus complain about what it did not get.
    @Test func aFormThatWasLostIsNotTheQuerysFault() async {
        let lost = (
            status: 400,
            body: PrometheusAnswers.error("bad_data", #"invalid parameter "start": cannot parse "" to a valid"#)
        )
        #expect(await BackEnd(post: lost, get: Self.success).ask() == nil)
        #expect(await BackEnd(post: lost, get: (503, "away")).ask()?.code == .overloaded)
    }

    @Test func aQueryTooLongForAURLIsSentByPostOrSaysSo() async {
        let long = String(repeating: "x", count: 300)
        let open = BackEnd(post: Self.success, get: Self.success, url: 200)
        #expect(await open.ask(long) == nil)
        #expect(open.methods == [.post])
        let fixed = BackEnd(post: Self.success, get: Self.success, method: .get, url: 200)
        let error = await fixed.ask(long)
        #expect(error?.code == .misconfigured)
        #expect(error?.message.contains("at most 200 are sent") == true)
        #expect(error?.message.contains("prometheus.method") == true)
        #expect(fixed.methods == [])
        let closed = BackEnd(post: (405, ""), get: Self.success, url: 200)
        let refused = await closed.ask(long)
        #expect(refused?.message.contains("bytes by GET") == true)
        #expect(
            refused?.message.contains("POST was answered with status 405 before") == true,
            "\(refused?.message ?? "")"
        )
    }
}
