import EventFormats
import Testing

@Suite struct WebhookSignatureTests {
    /// GitHub's own example (Validating webhook deliveries).
    private static let secret = "It's a Secret to Everybody"
    private static let body = Array("Hello, World!".utf8)
    private static let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    @Test func gitHubsExampleIsGood() {
        #expect(WebhookSignature.isGood(Self.signature, of: Self.body, secrets: [Self.secret]))
        #expect(WebhookSignature.isGood(Self.signature, of: Self.body, secrets: ["another", Self.secret, "third"]))
    }

    @Test func othersAreNot() {
        let wrong: [String?] = [
            nil, "", "sha256=", Self.signature + "0", String(Self.signature.dropLast()),
            "sha1=" + Self.signature.dropFirst(7),
            String(Self.signature.dropLast()) + "8", Self.signature.replacing("75", with: "+5"),
            "sha256=" + String(repeating: "é", count: 32),
        ]
        for signature in wrong {
            #expect(!WebhookSignature.isGood(signature, of: Self.body, secrets: [Self.secret]), "\(signature ?? "-")")
        }
        #expect(!WebhookSignature.isGood(Self.signature, of: Self.body + [0], secrets: [Self.secret]))
        #expect(!WebhookSignature.isGood(Self.signature, of: Self.body, secrets: []))
        #expect(!WebhookSignature.isGood(Self.signature, of: Self.body, secrets: ["other"]))
    }
}
