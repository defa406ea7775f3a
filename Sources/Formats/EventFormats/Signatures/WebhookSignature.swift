import Crypto
import Foundation

/// The signature that GitHub gives the body of a webhook: HMAC-SHA256 with a secret that both know, in hexadecimal digits
/// (`X-Hub-Signature-256: sha256=…`).
package enum WebhookSignature {
    package static let header = "X-Hub-Signature-256"

    /// - Parameter secrets: several while one is being replaced. The comparison takes as long for a wrong signature.
    package static func isGood(_ signature: String?, of body: [UInt8], secrets: [String]) -> Bool {
        guard let signature, signature.hasPrefix("sha256="), let code = bytes(signature.dropFirst(7)) else {
            return false
        }
        return secrets.reduce(false) { found, secret in
            HMAC<SHA256>.isValidAuthenticationCode(
                code,
                authenticating: body,
                using: SymmetricKey(data: Data(secret.utf8))
            ) || found
        }
    }

    private static func bytes(_ digits: Substring) -> [UInt8]? {
        guard digits.utf8.count == SHA256.byteCount * 2 else { return nil }
        var bytes: [UInt8] = []
        var rest = digits
        while !rest.isEmpty {
            guard let byte = UInt8(rest.prefix(2), radix: 16), !rest.prefix(2).contains("+") else { return nil }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }
}
