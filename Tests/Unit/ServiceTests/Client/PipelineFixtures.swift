import EventFormats
import Foundation
import HTTPTransport
import JSON
import Synchronization

/// Answers requests from a list, in order, and keeps what was asked.
final class ScriptedHTTP: HTTPExecuting {
    private let state: Mutex<(answers: [Result<HTTPResponse, HTTPError>], requests: [HTTPRequest])>

    init(_ answers: [Result<HTTPResponse, HTTPError>]) {
        state = Mutex((answers, []))
    }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func execute(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let answer = state.withLock { state -> Result<HTTPResponse, HTTPError> in
            state.requests.append(request)
            guard !state.answers.isEmpty else { return .failure(HTTPError(.closed, "no more answers")) }
            return state.answers.removeFirst()
        }
        return try answer.get()
    }

    static func answer(_ status: Int, _ body: String = "{}") -> Result<HTTPResponse, HTTPError> {
        .success(HTTPResponse(status: status, body: Array(body.utf8)))
    }
}

/// The documented examples of verdicts.
enum ExampleVerdict {
    static func event(_ name: String) throws -> CloudEvent {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let bytes = [UInt8](
            try Data(contentsOf: root.appendingPathComponent("docs/events/examples/verdict-kayenta-\(name).json"))
        )
        return try CloudEventKafkaBinding.decode(
            value: bytes,
            headers: [EventHeader("content-type", "application/cloudevents+json")]
        )
    }

    /// As `GET /v1/sessions/{id}` shows it.
    static func shown(_ name: String) throws -> String {
        let event = try event(name)
        guard case .object(let data) = try JSONParser.parse(event.data ?? [], maximumDepth: 32) else { return "{}" }
        var shown: JSONObject = ["id": .string(event.id)]
        for (name, value) in data.members { shown[name] = value }
        return String(decoding: JSONValue.object(shown).jsonBytes, as: UTF8.self)
    }
}

/// Keys for these tests alone.
enum ExampleKeys {
    static let publicKey = pem("PUBLIC KEY", "MCowBQYDK2VwAyEApyzHtnEvUhbvUcsw65lNserrnk503lPnYufHV9M+iDM=")

    static func signing() throws -> SigningKey {
        try SigningKey(pem: pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIBlSsL5qzITyjkgaDwKb7fa+vUCczXTlJhUcu7Ti81QP"))
    }

    static func foreign() throws -> SigningKey {
        try SigningKey(pem: pem("PRIVATE KEY", "MC4CAQAwBQYDK2VwBCIEIG/AQe8+WWgg2wGcuSHibeRMA6xKuKZfG9BrgZ/t/zKR"))
    }

    private static func pem(_ label: String, _ text: String) -> String {
        "-----BEGIN \(label)-----\n\(text)\n-----END \(label)-----"
    }
}
