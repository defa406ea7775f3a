import HTTPTestServer
import Testing

@testable import HTTPTransport

@Suite(.timeLimit(.minutes(5))) struct AnswerBudgetTests {
    @Test("Small answers go side by side, a large one waits for room") func shares() {
        var budget = AnswerBudget(maximum: 1000)
        let begun = (1...11).map { budget.begin($0, bytes: 100) }
        #expect(begun == Array(repeating: true, count: 10) + [false])
        var grown = [budget.grow(1, to: 101), budget.grow(1, to: 100)]
        #expect(grown == [false, true])
        budget.end(2)
        grown = [budget.grow(1, to: 200)]
        #expect(grown == [true])
        #expect(budget.total == 1000)
        budget.end(1)
        budget.end(1)
        #expect(budget.total == 800)
    }

    @Test("An answer counts until its caller lets go of it") func handedOver() {
        var budget = AnswerBudget(maximum: 1000)
        var begun = [budget.begin(1, bytes: 600)]
        budget.end(1)
        budget.handOver(600)
        begun.append(budget.begin(2, bytes: 600))
        budget.takeBack(600)
        begun.append(budget.begin(2, bytes: 600))
        #expect(begun == [true, false, true])
    }

    @Test("One request alone gets what it may have, whatever the bound") func alone() {
        var budget = AnswerBudget(maximum: 10)
        let steps = [budget.begin(1, bytes: 100), budget.grow(1, to: 5000), budget.begin(2, bytes: 1)]
        #expect(steps == [true, true, false])
    }

    /// No more than 2 answers of 100,000 bytes fit.
    @Test("Answers that grow beyond the bound are fetched again, one after another") func fetchedAgain() async throws {
        let body = String(repeating: "x", count: 100_000)
        let server = try TestHTTPServer { _ in [.respond(200, body)] }
        let client = try HTTPClientTests.client { $0.maximumAnswerBytesHeld = 250_000 }
        let sizes = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    let request = HTTPRequest(url: server.url, maximumResponseBytes: 120_000)
                    return (try? await client.execute(request).body.count) ?? 0
                }
            }
            return await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(sizes == Array(repeating: 100_000, count: 12))
        await client.close()
    }

    @Test("While callers have as much as is allowed, nothing more is sent") func heldByCallers() async throws {
        let body = String(repeating: "x", count: 100_000)
        let server = try TestHTTPServer { _ in [.respond(200, body)] }
        let client = try HTTPClientTests.client {
            $0.maximumAnswerBytesHeld = 150_000
            $0.maximumWait = .seconds(2)
        }
        let request = HTTPRequest(url: server.url, maximumResponseBytes: 120_000)
        var held: HTTPResponse? = try await client.execute(request)
        #expect(held?.body.count == 100_000)
        let refused = await HTTPClientTests.failure(client, request)
        #expect(refused?.code == .overloaded)
        #expect(server.statistics.requests.count == 1)
        held = nil
        #expect(try await client.execute(request).body.count == 100_000)
        await client.close()
    }
}
