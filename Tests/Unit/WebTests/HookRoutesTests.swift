import Analysis
import Crypto
import EventFormats
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import NIOCore
import Store
import Testing

@testable import Web

/// Messages of other systems come into the same inbox as our own events, and by rules of their own past the token.
@Suite(.timeLimit(.minutes(5))) struct HookRoutesTests {
    private static let flagger =
        #"{"name":"podinfo","namespace":"test","phase":"Progressing","checksum":"85d557f47b","metadata":{"environment":"production"}}"#
    private static let github =
        #"{"deployment_status":{"state":"success","created_at":"2026-11-30T10:00:00Z"},"deployment":{"sha":"abc","environment":"production"},"repository":{"name":"shop","full_name":"octo/shop"}}"#

    private func post(
        _ client: any TestClientProtocol,
        _ format: String,
        _ body: String,
        _ headers: [String: String] = [:]
    ) async throws -> (status: Int, text: String) {
        var fields: HTTPFields = [:]
        for (name, value) in headers { fields[HTTPField.Name(name)!] = value }
        return try await client.execute(
            uri: "/v1/hooks/\(format)",
            method: .post,
            headers: fields,
            body: ByteBuffer(string: body)
        ) { (Int($0.status.code), String(buffer: $0.body)) }
    }

    @Test("What is taken in is taken in once, and kept as it came")
    func flagger() async throws {
        try await TestWebServer().run { client, store in
            let first = try await post(client, "flagger", Self.flagger)
            let again = try await post(client, "flagger", Self.flagger)
            #expect(first.status == 202 && again.status == 200)
            #expect(first.text.contains("accepted") && again.text.contains("duplicate"))
            let waiting = try await store.unansweredEvents(limit: 10)
            #expect(waiting.map(\.event.application) == ["podinfo"])
            let original = try await store.originalEvent(try #require(waiting.first?.event.identity))
            #expect(original?.format == "hooks/flagger" && original?.body == Array(Self.flagger.utf8))
            // Bodies that are no events are not kept, and Flagger takes 202 for a success.
            let ignored = try await post(client, "flagger", Self.flagger.replacing("Progressing", with: "Waiting"))
            #expect(ignored.status == 202 && ignored.text.contains("ignored") && ignored.text.contains("Waiting"))
            let refused = try await post(client, "flagger", Self.flagger.replacing("environment", with: "env"))
            #expect(refused.status == 400 && refused.text.contains("environment"))
        }
    }

    @Test func unknownFormatsAreToldFromWrongMessages() async throws {
        try await TestWebServer().run { client, _ in
            let unknown = try await post(client, "jenkins", "{}")
            #expect(unknown.status == 404 && unknown.text.contains("spinnaker"))
            let large = try await post(client, "flagger", String(repeating: " ", count: WebServer.maximumBodyBytes + 1))
            #expect(large.status == 413)
            for format in HookFormat.allCases {
                let empty = try await post(client, format.rawValue, "{}")
                #expect(empty.status == 400, "\(format)")
            }
        }
    }

    @Test("A token that may write is needed, also as a password")
    func roles() async throws {
        let access = WebAccess(tokens: { ["write"] }, readTokens: { ["read"] }, publicReads: .all)
        try await TestWebServer(access: access).run { client, _ in
            let basic = "Basic \(Data("assay:write".utf8).base64EncodedString())"
            for (authorization, status) in [
                (nil, 401), ("Bearer read", 403), ("Bearer wrong", 401), ("Bearer write", 202), (basic, 200),
            ] as [(String?, Int)] {
                let headers = authorization.map { ["Authorization": $0] } ?? [:]
                let answer = try await post(client, "flagger", Self.flagger, headers)
                #expect(answer.status == status, "\(authorization ?? "-")")
            }
            let github = try await post(client, "github", Self.github, ["X-GitHub-Event": "deployment_status"])
            #expect(github.status == 401)
        }
    }

    @Test("GitHub signs, and needs no token")
    func signatures() async throws {
        let access = WebAccess(tokens: { ["write"] })
        let server = TestWebServer(access: access, hookSecrets: { ["a-secret-of-github", "the-next-secret-of-it"] })
        try await server.run { client, store in
            func headers(_ signature: String?, delivery: String = "1") -> [String: String] {
                var headers = ["X-GitHub-Event": "deployment_status", "X-GitHub-Delivery": delivery]
                headers["X-Hub-Signature-256"] = signature
                return headers
            }
            for signature in [nil, "", "sha256=00", "sha256=" + String(repeating: "0", count: 64)] {
                let answer = try await post(client, "github", Self.github, headers(signature))
                #expect(answer.status == 401, "\(signature ?? "-")")
            }
            // A token is no signature.
            var withToken = headers(nil)
            withToken["Authorization"] = "Bearer write"
            let token = try await post(client, "github", Self.github, withToken)
            #expect(token.status == 401)
            for (number, secret) in ["a-secret-of-github", "the-next-secret-of-it"].enumerated() {
                let signed = headers(signature(of: Self.github, secret), delivery: "\(number)")
                let answer = try await post(client, "github", Self.github, signed)
                #expect(answer.status == 202)
                let changed = try await post(client, "github", Self.github + " ", signed)
                #expect(changed.status == 401)
            }
            let waiting = try await store.unansweredEvents(limit: 10)
            #expect(waiting.map(\.event.identity.id) == ["0", "1"])
            // The other hooks still need the token.
            let other = try await post(
                client,
                "flagger",
                Self.flagger,
                headers(signature(of: Self.flagger, "a-secret-of-github"))
            )
            #expect(other.status == 401)
        }
    }

    private func signature(of body: String, _ secret: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Data(body.utf8),
            using: SymmetricKey(data: Data(secret.utf8))
        )
        return "sha256=" + code.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
