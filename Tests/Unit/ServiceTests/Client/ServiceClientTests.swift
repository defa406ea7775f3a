import EventFormats
import HTTPTransport
import Testing

@testable import Service

@Suite struct ServiceClientTests {
    private static let event = CloudEvent(
        id: "1",
        source: "/ci",
        type: "dev.assay.deploy.v1",
        dataContentType: "application/json",
        data: Array(#"{"application":"a","environment":"e","version":"1"}"#.utf8)
    )

    @Test("An event is posted in the content mode asked for, and may be sent again", arguments: [false, true])
    func send(structured: Bool) async throws {
        let http = ScriptedHTTP([ScriptedHTTP.answer(202, #"{"outcome":"accepted","session":"s-1"}"#)])
        let receipt = try await ServiceClient(url: "http://assay:8080/", http: http)
            .send(Self.event, structured: structured)
        #expect(receipt == .init(outcome: "accepted", session: "s-1"))
        let request = try #require(http.requests.first)
        #expect(request.method == .post)
        #expect(request.url == "http://assay:8080/v1/events")
        #expect(request.isIdempotent)
        #expect(request.headers["ce-id"] == (structured ? nil : "1"))
        let type = structured ? "application/cloudevents+json; charset=UTF-8" : "application/json"
        #expect(request.headers["content-type"] == type)
    }

    struct Refusal: Sendable {
        var answer: Result<HTTPResponse, HTTPError>
        var mayPass: Bool
        var text: String
    }

    @Test(
        "A refusal says what was wrong, and whether to try again",
        arguments: [
            Refusal(
                answer: ScriptedHTTP.answer(400, #"{"error":"version is required"}"#),
                mayPass: false,
                text: "answered 400: version is required"
            ),
            Refusal(answer: ScriptedHTTP.answer(404, "not here"), mayPass: false, text: "is http://assay the address"),
            Refusal(answer: ScriptedHTTP.answer(503, "<html>"), mayPass: true, text: "answered 503"),
            Refusal(answer: ScriptedHTTP.answer(429), mayPass: true, text: "answered 429"),
            Refusal(answer: ScriptedHTTP.answer(200, "[]"), mayPass: false, text: "other than a JSON object"),
            Refusal(
                answer: ScriptedHTTP.answer(202, #"{"outcome":"ignored","message":"not used"}"#),
                mayPass: false,
                text: "did not take the event: not used"
            ),
            Refusal(answer: .failure(HTTPError(.unreachable, "refused")), mayPass: true, text: "refused"),
            Refusal(answer: .failure(HTTPError(.tls, "bad certificate")), mayPass: false, text: "bad certificate"),
        ]
    )
    func refusals(_ refusal: Refusal) async throws {
        let client = ServiceClient(url: "http://assay", http: ScriptedHTTP([refusal.answer]))
        let failure = await #expect(throws: ServiceClient.Failure.self) {
            try await client.send(Self.event, structured: false)
        }
        #expect(failure?.mayPass == refusal.mayPass)
        #expect(failure?.description.contains(refusal.text) == true, "\(failure?.description ?? "")")
    }

    @Test("Names are encoded where they enter an address")
    func encoding() async throws {
        let http = ScriptedHTTP([ScriptedHTTP.answer(200, #"{"sessions":[{"id":"s-7"}]}"#), ScriptedHTTP.answer(404)])
        let client = ServiceClient(url: "http://assay", http: http)
        let session = try await client.newestSession(
            ReleaseFilter(application: "a&b", environment: "é", version: "1 0"),
            timeout: .seconds(1)
        )
        #expect(session == "s-7")
        #expect(try await client.verdicts(ofSession: "../x", timeout: .seconds(1)) == nil)
        #expect(
            http.requests.map(\.url) == [
                "http://assay/v1/sessions?application=a%26b&environment=%C3%A9&version=1%200&limit=200",
                "http://assay/v1/sessions/..%2Fx",
            ]
        )
    }

    @Test("The address comes from the settings, a token from its file or itself")
    func settings() throws {
        func load(_ environment: [String: String]) throws -> Settings {
            try SettingsLoader(.pipeline, arguments: [], environment: environment).load()
        }
        #expect(try ServiceClient(load([:])) == nil)
        #expect(try ServiceClient(load(["ASSAY_URL": "https://assay.example/"]))?.url == "https://assay.example")
        #expect(throws: (any Error).self) { try ServiceClient(load(["ASSAY_URL": "assay:8080"])) }
        #expect(throws: (any Error).self) {
            try ServiceClient(load(["ASSAY_URL": "https://assay", "ASSAY_TOKEN_FILE": "/nowhere"]))
        }
    }
}
