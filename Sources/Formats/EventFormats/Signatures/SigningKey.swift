import Crypto
import Foundation

/// The private key by which a service signs its verdicts (Ed25519).
package struct SigningKey: Sendable {
    private let key: Curve25519.Signing.PrivateKey
    private let name: String

    /// `pem` is what `openssl genpkey -algorithm ed25519` writes.
    package init(pem: String) throws(KeyError) {
        let keys = try KeyText.keys(KeyText.privateLabel, in: pem)
        guard keys.count == 1, let bytes = keys.first else {
            throw KeyError(description: "it has \(keys.count) keys; one is expected")
        }
        do { key = try Curve25519.Signing.PrivateKey(rawRepresentation: bytes) } catch {
            throw KeyError(description: "it is no Ed25519 key")
        }
        name = KeyName.of(Array(key.publicKey.rawRepresentation))
    }

    /// The event with its signature. Whatever is changed of it afterwards must be signed again.
    package func signed(_ event: CloudEvent) -> CloudEvent {
        // Without randomness it fails: the event stays unsigned, and no reader that asks for signatures believes it.
        guard let signature = try? key.signature(for: SignedBytes.of(event)) else { return event }
        var event = event
        event.extensions[VerdictSignature.attribute] = Data(signature).base64EncodedString()
        event.extensions[VerdictSignature.keyAttribute] = name
        return event
    }
}

/// How a signature travels: attributes of the event.
package enum VerdictSignature {
    /// Base64 of the 64 bytes.
    package static let attribute = "signature"
    /// Names the public key that it is to be checked with.
    package static let keyAttribute = "signaturekey"
}

extension Sequence<UInt8> {
    /// Two digits a byte.
    package var hexadecimal: String {
        map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0" + text : text
        }.joined()
    }
}

/// The beginning of a public key's SHA-256, hexadecimal.
enum KeyName {
    static func of(_ publicKey: [UInt8]) -> String {
        SHA256.hash(data: publicKey).prefix(8).hexadecimal
    }
}
