package import Analysis
import Foundation
import JSON
import JWTKit
package import PlanFormats
import Text

/// Checks tokens of an identity provider (OpenID Connect: signed JWTs, RFC 7519, RFC 8725), and reads from them who the caller
/// is and which roles that is worth.
///
/// Strict: the algorithm is the key's, asymmetric, and never the token's choice; the key is the one that the token names;
/// issuer, audience and end are there and right. What is not understood (`crit`) is refused.
package struct OIDCVerifier: Sendable {
    /// What is expected of a token, and what its claims are worth.
    package struct Terms: Sendable, Equatable {
        package var issuer: String
        package var audience: String
        /// Names the person; a path with dots.
        package var nameClaim: String
        /// Holds the groups or roles of the person; a path with dots.
        package var roleClaim: String
        /// What each of these is worth here; others are worth nothing.
        package var roles: [String: Set<AccessRole>]

        package init(
            issuer: String,
            audience: String,
            nameClaim: String,
            roleClaim: String,
            roles: [String: Set<AccessRole>]
        ) {
            self.issuer = issuer
            self.audience = audience
            self.nameClaim = nameClaim
            self.roleClaim = roleClaim
            self.roles = roles
        }
    }

    /// Of the provider's clock and ours.
    private static let tolerance = Duration.seconds(60)
    private static let maximumBytes = 8192
    private static let maximumNameBytes = 128

    private let terms: Terms
    private let keys: @Sendable () -> OIDCKeys
    private let now: @Sendable () -> Timestamp

    /// - Parameter keys: asked for at each token, so that a replaced key counts at once.
    package init(
        _ terms: Terms,
        keys: @escaping @Sendable () -> OIDCKeys,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.terms = terms
        self.keys = keys
        self.now = now
    }

    /// The caller whose token it is; nil for what is no token of the provider, or one that does not hold now.
    func caller(of token: [UInt8]) async -> Caller? {
        guard token.count <= Self.maximumBytes, token.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        let text = String(decoding: token, as: UTF8.self)
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            Base64URL.decode(parts[2]) != nil,
            let key = key(for: header), holds(claims), await Self.isSigned(text, by: key),
            let name = Self.value(terms.nameClaim, of: claims)?.text,
            (1...Self.maximumNameBytes).contains(name.utf8.count), !name.holdsUnprintable
        else { return nil }
        return Caller(name: "oidc:\(name)", roles: roles(of: claims))
    }

    // MARK: - Header and signature

    private func key(for header: JSONObject) -> OIDCKeys.Key? {
        guard header["crit"] == nil, ["JWT", "at+jwt"].contains(header["typ"]?.text ?? "JWT"),
            let id = header["kid"]?.text, let key = keys().keys[id], header["alg"]?.text == key.algorithm
        else { return nil }
        return key
    }

    /// Its claims are read here, not by the library.
    private struct Signed: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    private static func isSigned(_ token: String, by key: OIDCKeys.Key) async -> Bool {
        let collection = JWTKeyCollection()
        do {
            try await collection.add(jwk: key.jwk)
            _ = try await collection.verify(token, as: Signed.self)
            return true
        } catch {
            return false
        }
    }

    // MARK: - Claims

    private func holds(_ claims: JSONObject) -> Bool {
        let now = Double(now().milliseconds) / 1000
        let tolerance = Double(Self.tolerance.components.seconds)
        let audiences = claims["aud"]?.elements?.compactMap(\.text) ?? [claims["aud"]?.text].compactMap(\.self)
        guard claims["iss"]?.text == terms.issuer, audiences.contains(terms.audience),
            let end = Self.seconds(claims["exp"]), now < end + tolerance
        else { return false }
        for name in ["nbf", "iat"] where claims[name] != nil {
            guard let start = Self.seconds(claims[name]), now > start - tolerance else { return false }
        }
        return true
    }

    /// A number, and no text that stands for one.
    private static func seconds(_ value: JSONValue?) -> Double? {
        guard case .number(let text)? = value, let number = Double(text), number.isFinite else { return nil }
        return number
    }

    private func roles(of claims: JSONObject) -> Set<AccessRole> {
        let value = Self.value(terms.roleClaim, of: claims)
        // Some providers write lists as words with blanks between.
        let names = value?.elements?.compactMap(\.text) ?? value?.text?.split(separator: " ").map(String.init) ?? []
        return names.reduce(into: []) { $0.formUnion(terms.roles[$1] ?? []) }
    }

    /// A claim by its name, or by a path with dots where it is inside of others.
    private static func value(_ path: String, of claims: JSONObject) -> JSONValue? {
        if let value = claims[path] { return value }
        var value: JSONValue? = .object(claims)
        for part in path.split(separator: ".") { value = value?.object?[String(part)] }
        return value
    }

    private static func object(_ part: Substring) -> JSONObject? {
        Base64URL.decode(part).flatMap { try? JSONParser.parse($0, maximumDepth: 16).object }
    }
}
