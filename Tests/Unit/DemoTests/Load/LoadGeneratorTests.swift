import HTTPTransport
import Synchronization
import Testing

@testable import Demo

@Suite("Load", .timeLimit(.minutes(5)))
struct LoadGeneratorTests {
    /// Answers by the page, and says how many requests have come.
    private final class Answers: HTTPExecuting {
        let requests: AsyncStream<String>
        private let arrived: AsyncStream<String>.Continuation

        init() {
            (requests, arrived) = AsyncStream.makeStream()
        }

        func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            defer { arrived.yield(request.url) }
            if request.url.hasSuffix("/cart") { return HTTPResponse(status: 500) }
            if request.url.hasSuffix("/checkout") { throw HTTPError(.unreachable, "refused") }
            return HTTPResponse(status: 200)
        }
    }

    /// Never answers until it is cancelled.
    private struct Silence: HTTPExecuting {
        func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
            try? await Task.sleep(for: .seconds(3600))
            throw HTTPError(.cancelled, "cancelled")
        }
    }

    @Test("The pages take turns, and each outcome is counted")
    func counts() async {
        let answers = Answers()
        let load = LoadGenerator(client: answers, baseURL: "http://shop", perSecond: 500)
        let run = Task { await load.run() }
        var urls: [String] = []
        for await url in answers.requests {
            urls.append(url)
            if urls.count == 30 { break }
        }
        run.cancel()
        await run.value
        #expect(Set(urls) == ["http://shop/products", "http://shop/cart", "http://shop/checkout"])
        let counts = load.counts
        #expect(counts.sent >= 30)
        #expect(counts.sent == counts.succeeded + counts.refused + counts.failed)
        #expect(abs(counts.succeeded - counts.refused) <= 1)
        #expect(abs(counts.refused - counts.failed) <= 1)
    }

    @Test("Requests under way are bounded; the rest is skipped")
    func isBounded() async throws {
        let load = LoadGenerator(client: Silence(), baseURL: "http://shop", perSecond: 1000)
        let run = Task { await load.run() }
        while load.counts.skipped == 0 { try await Task.sleep(for: .milliseconds(1)) }
        run.cancel()
        await run.value
        #expect(load.counts.sent == LoadGenerator.maximumConcurrent)
    }
}
