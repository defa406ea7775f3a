import Analysis
import Concurrency
import Engine
import Hummingbird
import HummingbirdTesting
import JSON
import Store
import Testing
import Web

/// The verdicts of one session, a page at a time.
@Suite(.timeLimit(.minutes(5))) struct SessionPageTests {
    private func withServer(
        _ body: @Sendable (any TestClientProtocol, SQLiteStore) async throws -> Void
    ) async throws {
        try await TestWebServer().run(body)
    }

    /// A session with as many verdicts.
    private func fill(_ store: SQLiteStore, verdicts: Int) async throws {
        let now = SystemClock().now()
        let (session, final) = AnalysisSession.rejected(
            id: "a",
            event: DeployEvent(
                identity: EventIdentity(source: "/ci", id: "1"),
                application: "shop",
                environment: "production",
                version: "2.0"
            ),
            ending: .noPlan("none matches"),
            receivedAt: now,
            at: now
        )
        var change = StoreChange()
        change.opened = [session]
        change.verdicts = (0..<verdicts).map { number in
            var verdict = final
            verdict.id = "a/look/\(number)"
            verdict.decidedAt = now + .seconds(number / 2)
            return verdict
        }
        try await store.commit(change)
    }

    private func page(_ client: any TestClientProtocol, before: String? = nil) async throws -> JSONObject {
        let query = before.map { "?before=\($0)" } ?? ""
        let text = try await client.execute(uri: "/v1/sessions/a\(query)", method: .get) { response in
            #expect(response.status == .ok)
            return String(buffer: response.body)
        }
        return try #require(try JSONParser.parse(Array(text.utf8), maximumDepth: 64).object)
    }

    @Test("However many verdicts there are, a page has 20, and all pages have each once")
    func pages() async throws {
        try await withServer { client, store in
            try await fill(store, verdicts: 53)
            var ids: [String] = []
            var sizes: [Int] = []
            var before: String?
            repeat {
                let answer = try await page(client, before: before)
                let verdicts = answer["verdicts"]?.elements ?? []
                sizes.append(verdicts.count)
                ids = verdicts.compactMap { $0.object?["id"]?.text } + ids
                before = answer["next"]?.text
            } while before != nil && sizes.count < 10
            #expect(sizes == [20, 20, 13])
            #expect(Set(ids).count == 53)
            #expect(Set(ids) == Set((0..<53).map { "a/look/\($0)" }))
        }
    }

    @Test func theNewestComeFirst() async throws {
        try await withServer { client, store in
            try await fill(store, verdicts: 40)
            let newest = try await page(client)["verdicts"]?.elements ?? []
            let numbers = newest.compactMap { $0.object?["id"]?.text?.split(separator: "/").last }.compactMap {
                Int($0)
            }
            #expect(Set(numbers) == Set(20..<40))
        }
    }

    @Test(arguments: ["before=", "before=a%20b", "before=a&before=b", "after=a"])
    func whatIsNoPage(query: String) async throws {
        try await withServer { client, store in
            try await fill(store, verdicts: 1)
            try await client.execute(uri: "/v1/sessions/a?\(query)", method: .get) { response in
                #expect(response.status == .badRequest)
            }
        }
    }
}
