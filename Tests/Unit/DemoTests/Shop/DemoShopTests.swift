import HTTPTransport
import Testing

@testable import Demo

@Suite("The shop over HTTP", .timeLimit(.minutes(5)))
struct DemoShopTests {
    /// A shop on a port of its own for as long as `body` runs.
    private func withShop(
        _ shop: DemoShop = DemoShop(
            behaviour: ShopBehaviour(latencyMilliseconds: 1, jitterMilliseconds: 0, errorRatio: 0)
        ),
        _ body: @Sendable (String, HTTPClient) async throws -> Void
    ) async throws {
        let client = try HTTPClient()
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await shop.serve(port: 0) { port.yield($0) } }
            for await port in ports {
                try await body("http://127.0.0.1:\(port)", client)
                break
            }
            group.cancelAll()
        }
        await client.close()
    }

    private func post(_ url: String, _ json: String, key: String? = nil) -> HTTPRequest {
        var headers: HTTPHeaders = ["Content-Type": "application/json"]
        headers["Idempotency-Key"] = key
        return HTTPRequest(method: .post, url: url, headers: headers, body: Array(json.utf8))
    }

    @Test("Pages, front page and metrics answer")
    func pages() async throws {
        try await withShop { url, client in
            for page in ["products", "cart", "checkout"] {
                let response = try await client.execute(HTTPRequest(url: "\(url)/\(page)"))
                #expect(response.status == 200)
                #expect(String(decoding: response.body, as: UTF8.self) == "\(page) of shop 1.0.0\n")
            }
            let front = try await client.execute(HTTPRequest(url: url + "/"))
            #expect(String(decoding: front.body, as: UTF8.self).contains("<td>stable</td><td>1.0.0</td>"))
            let metrics = try await client.execute(HTTPRequest(url: "\(url)/metrics"))
            #expect(metrics.headers["Content-Type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            #expect(String(decoding: metrics.body, as: UTF8.self).contains(#"handler="cart",code="200"} 1"#))
            // What `assay health` asks.
            #expect(try await client.execute(HTTPRequest(url: "\(url)/livez")).status == 200)
            #expect(try await client.execute(HTTPRequest(url: "\(url)/nothing")).status == 404)
        }
    }

    @Test("A release, its promotion, the repeat of it, and a conflict")
    func rollout() async throws {
        try await withShop { url, client in
            let wrong = try await client.execute(post("\(url)/admin/releases", #"{"version":"2","weight":-1}"#))
            #expect(wrong.status == 400)
            #expect(String(decoding: wrong.body, as: UTF8.self).contains("weight"))
            let started = try await client.execute(post("\(url)/admin/releases", #"{"version":"2","weight":20}"#))
            #expect(started.status == 201)
            let demo = DemoClient(http: client, patience: .seconds(60))
            #expect(await demo.shop(at: url)?.weight(of: "2") == 20)
            let again = try await DemoShopRelease.start(.broken, weight: 30, shop: url)
            #expect(again == "1.2.0-3")
            #expect(await demo.shop(at: url)?.weight(of: "1.2.0") == 30)
            let back = try await client.execute(post("\(url)/admin/releases", #"{"version":"2","revision":"2-2"}"#))
            #expect(back.status == 201)

            let promote = #"{"id":"a","application":"shop","version":"2","revision":"2-2","action":"promote"}"#
            for expected in ["done", "repeated"] {
                let response = try await client.execute(post("\(url)/admin/rollout", promote, key: "key"))
                #expect(response.status == 200)
                #expect(String(decoding: response.body, as: UTF8.self).contains(expected))
            }
            #expect(await demo.shop(at: url)?.stable.version == "2")
            #expect(try await client.execute(post("\(url)/admin/rollout", promote, key: "other")).status == 409)
            #expect(try await client.execute(post("\(url)/admin/rollout", "{", key: "third")).status == 400)
        }
    }

    @Test("A failing version answers with 500, and the counter says so")
    func fails() async throws {
        let broken = ShopBehaviour(latencyMilliseconds: 1, jitterMilliseconds: 0, errorRatio: 1)
        let shop = DemoShop(version: "9", behaviour: broken)
        try await withShop(shop) { url, client in
            let response = try await client.execute(HTTPRequest(url: "\(url)/cart"))
            #expect(response.status == 500)
        }
        #expect(shop.report.stable.errors == 1)
    }
}
