import Analysis
import Hummingbird
import HummingbirdTesting
import JSON
import Store
import Testing
import Web

@Suite(.timeLimit(.minutes(5))) struct ChangeRoutesTests {
    private static func change(_ number: Int, kind: ChangeKind = .config, application: String = "shop") -> KnownChange {
        let event = ChangeEvent(
            identity: EventIdentity(source: "/ci", id: "\(number)"),
            kind: kind,
            application: application,
            environment: "production",
            place: ChangeLocation(zone: "a", nodes: ["n"]),
            summary: "größer"
        )
        return KnownChange(event, at: Timestamp(milliseconds: 1_772_359_200_000 + Int64(number) * 1000))
    }

    private static func get(
        _ client: any TestClientProtocol,
        _ query: String
    ) async throws -> (status: Int, body: JSONObject) {
        try await client.execute(uri: "/v1/changes\(query)", method: .get) { response in
            let bytes = Array(response.body.readableBytesView)
            return (Int(response.status.code), try JSONParser.parse(bytes, maximumDepth: 16).object ?? JSONObject())
        }
    }

    private static func ids(_ body: JSONObject) -> [String] {
        body["changes"]?.elements?.compactMap { $0.object?["id"]?.text } ?? []
    }

    @Test("Changes are listed page by page, with filters") func pages() async throws {
        try await TestWebServer().run { client, store in
            let changes = [
                Self.change(1), Self.change(2, kind: .flag), Self.change(3, application: "cart"), Self.change(4),
            ]
            _ = try await store.keepChanges(changes)
            let first = try await Self.get(client, "?limit=3")
            #expect(first.status == 200 && Self.ids(first.body) == ["4", "3", "2"])
            let next = try #require(first.body["next"]?.text)
            let second = try await Self.get(client, "?limit=3&before=\(next)")
            #expect(Self.ids(second.body) == ["1"] && second.body["next"] == nil)
            let flags = try await Self.get(client, "?kind=flag")
            #expect(Self.ids(flags.body) == ["2"])
            let shop = try await Self.get(client, "?application=shop&environment=production")
            #expect(Self.ids(shop.body) == ["4", "2", "1"])
            let change = flags.body["changes"]?.elements?.first?.object
            #expect(change?["summary"]?.text == "größer" && change?["nodes"]?.elements?.count == 1)
            #expect(change?["time"]?.text == "2026-03-01T10:00:02.000Z" && change?["source"]?.text == "/ci")
        }
    }

    @Test(
        "What cannot be asked is refused",
        arguments: [
            "?kind=weather", "?limit=0", "?limit=201", "?limit=x", "?before=yesterday", "?none=1",
            "?kind=flag&kind=flag",
            "?application=%00",
        ]
    )
    func refusals(query: String) async throws {
        try await TestWebServer().run { client, _ in
            let status = try await Self.get(client, query).status
            #expect(status == 400)
        }
    }
}
