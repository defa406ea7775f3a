import Foundation
import JSON
import JWTKit

/// Why a set of keys cannot be used, in one sentence.
package struct OIDCKeyError: Error, Sendable, Equatable, CustomStringConvertible {
    package let description: String
}

/// The public keys of an identity provider (JWKS, RFC 7517), each for one algorithm.
package struct OIDCKeys: Sendable {
    /// Asymmetric ones alone: a key that checks a signature must not make one.
    static let algorithms: Set<String> = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ]
    private static let maximumKeys = 100
    private static let smallestModulusBytes = 256

    struct Key: Sendable {
        var algorithm: String
        var jwk: JWK
    }

    let keys: [String: Key]

    /// Keys that are not for signatures, and those of other kinds, are left out.
    package init(jwks text: String) throws(OIDCKeyError) {
        guard let set = try? JSONParser.parse(Array(text.utf8), maximumDepth: 8).object,
            let elements = set["keys"]?.elements, elements.count <= Self.maximumKeys
        else { throw OIDCKeyError(description: "it is no set of keys (JWKS) with \(Self.maximumKeys) keys at most") }
        var keys: [String: Key] = [:]
        for element in elements.compactMap(\.object) {
            guard let (id, key) = try Self.key(element) else { continue }
            guard keys.updateValue(key, forKey: id) == nil else {
                throw OIDCKeyError(description: "two keys have the same kid")
            }
        }
        guard !keys.isEmpty else { throw OIDCKeyError(description: "it has no key for signatures") }
        self.keys = keys
    }

    private static let coordinateBytes = ["P-256": 32, "P-384": 48, "P-521": 66, "Ed25519": 32]

    private static func holds(_ bytes: Int, _ given: JSONObject) -> Bool {
        let names = given["kty"]?.text == "EC" ? ["x", "y"] : ["x"]
        return names.allSatisfy { given[$0]?.text.flatMap(Base64URL.decode)?.count == bytes }
    }

    private static func key(_ given: JSONObject) throws(OIDCKeyError) -> (String, Key)? {
        let (type, curve) = (given["kty"]?.text, given["crv"]?.text)
        let usual: String? =
            switch (type, curve) {
            case ("RSA", _): "RS256"
            case ("EC", "P-256"): "ES256"
            case ("EC", "P-384"): "ES384"
            case ("EC", "P-521"): "ES512"
            case ("OKP", "Ed25519"): "EdDSA"
            default: nil
            }
        guard let usual, given["use"]?.text ?? "sig" == "sig" else { return nil }
        let algorithm = given["alg"]?.text ?? usual
        guard algorithms.contains(algorithm), type == "RSA" || algorithm == usual else { return nil }
        guard let id = given["kid"]?.text, (1...256).contains(id.utf8.count) else {
            throw OIDCKeyError(description: "a key has no kid")
        }
        if type == "RSA", (given["n"]?.text.flatMap(Base64URL.decode)?.count ?? 0) < smallestModulusBytes {
            throw OIDCKeyError(description: "an RSA key is shorter than \(8 * smallestModulusBytes) bits")
        }
        if let size = curve.flatMap({ coordinateBytes[$0] }), !holds(size, given) {
            throw OIDCKeyError(description: "a key has not the length of its curve")
        }
        // Public members alone: a private key that was put here by mistake is not kept.
        var jwk = JSONObject()
        for name in ["kty", "crv", "n", "e", "x", "y", "kid"] { jwk[name] = given[name] }
        jwk["alg"] = .string(algorithm)
        do {
            let read = try JSONDecoder().decode(JWK.self, from: Data(JSONValue.object(jwk).jsonBytes))
            return (id, Key(algorithm: algorithm, jwk: read))
        } catch {
            throw OIDCKeyError(description: "a key cannot be read")
        }
    }
}

/// Base64 with the letters of URLs and without padding (RFC 4648, 5).
enum Base64URL {
    /// Nil also for another spelling of bytes than the one that `encode` has.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        let letters = String(text).replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - letters.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: letters + padding), encode(data) == text else { return nil }
        return Array(data)
    }

    static func encode(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
