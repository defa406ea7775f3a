import Crypto
import Foundation

/// The public keys by which a reader knows verdicts that it may believe; several while one is being replaced.
package struct VerificationKeys: Sendable {
    private let keys: [String: Curve25519.Signing.PublicKey]

    static let maximumKeys = 100

    package enum Problem: Sendable, Equatable, CustomStringConvertible {
        case unsigned
        /// Signed with none of these keys.
        case unknownKey
        case wrongSignature

        package var description: String {
            switch self {
            case .unsigned: "The verdict is not signed."
            case .unknownKey: "The verdict is signed with none of the keys of its reader."
            case .wrongSignature: "The verdict is not as it was signed."
            }
        }
    }

    /// `pem` is what `openssl pkey -pubout` writes, of one key or of several one after the other.
    package init(pem: String) throws(KeyError) {
        let texts = try KeyText.keys(KeyText.publicLabel, in: pem)
        guard texts.count <= Self.maximumKeys else {
            throw KeyError(description: "it has \(texts.count) keys; at most \(Self.maximumKeys) are accepted")
        }
        var keys: [String: Curve25519.Signing.PublicKey] = [:]
        for bytes in texts {
            do { keys[KeyName.of(bytes)] = try Curve25519.Signing.PublicKey(rawRepresentation: bytes) } catch {
                throw KeyError(description: "one of its blocks is no Ed25519 key")
            }
        }
        self.keys = keys
    }

    /// Nil when the event is as the holder of one of the keys has signed it.
    package func problem(of event: CloudEvent) -> Problem? {
        guard let text = event.extensions[VerdictSignature.attribute] else { return .unsigned }
        guard let key = event.extensions[VerdictSignature.keyAttribute].flatMap({ keys[$0] }) else {
            return .unknownKey
        }
        guard let signature = Data(base64Encoded: text), key.isValidSignature(signature, for: SignedBytes.of(event))
        else { return .wrongSignature }
        return nil
    }
}
