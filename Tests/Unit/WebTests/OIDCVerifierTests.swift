import Crypto
import Foundation
import JSON
import PlanFormats
import Synchronization
import Testing

@testable import Analysis
@testable import Web

/// Tokens of an identity provider.
@Suite struct OIDCVerifierTests {
    private static let now = Timestamp(milliseconds: 1_772_359_200_000)
    private static let seconds = Int(now.milliseconds / 1000)
    private static let terms = OIDCVerifier.Terms(
        issuer: "https://id.example.com",
        audience: "assay",
        nameClaim: "sub",
        roleClaim: "groups",
        roles: ["sre": [.approve, .read], "bots": [.emit]]
    )

    private let key = P256.Signing.PrivateKey()
    private let other = P256.Signing.PrivateKey()

    private static func base64(_ bytes: some DataProtocol) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=",
            with: ""
        )
    }

    private func jwk(_ key: P256.Signing.PrivateKey, _ id: String?, _ more: JSONObject = JSONObject())
        -> JSONValue
    {
        let raw = key.publicKey.rawRepresentation
        var jwk: JSONObject = [
            "kty": .string("EC"), "crv": .string("P-256"), "x": .string(Self.base64(raw.prefix(32))),
            "y": .string(Self.base64(raw.suffix(32))), "kid": id.map { .string($0) },
        ]
        for (name, value) in more.members { jwk[name] = value }
        return .object(jwk)
    }

    private func set(_ keys: JSONValue...) -> String {
        String(decoding: JSONValue.object(["keys": .array(keys)]).jsonBytes, as: UTF8.self)
    }

    private static let claims: JSONObject = [
        "iss": .string("https://id.example.com"), "aud": .string("assay"),
        "sub": .string("alice@example.com"),
        "exp": .integer(seconds + 300), "groups": .array([.string("sre"), .string("others")]),
    ]
    private static let header: JSONObject = [
        "alg": .string("ES256"), "typ": .string("JWT"), "kid": .string("k1"),
    ]

    private func token(
        _ header: JSONObject = header,
        _ claims: JSONObject = claims,
        by key: P256.Signing.PrivateKey? = nil
    ) throws -> String {
        let signed =
            Self.base64(JSONValue.object(header).jsonBytes) + "."
            + Self.base64(JSONValue.object(claims).jsonBytes)
        let signature = try (key ?? self.key).signature(for: Data(signed.utf8)).rawRepresentation
        return signed + "." + Self.base64(signature)
    }

    private func caller(_ token: String, keys: String? = nil, _ terms: OIDCVerifier.Terms = terms)
        async throws -> Caller?
    {
        let keys = try OIDCKeys(jwks: keys ?? set(jwk(key, "k1"), jwk(other, "k2")))
        return await OIDCVerifier(terms, keys: { keys }, now: { Self.now }).caller(
            of: Array(token.utf8)
        )
    }

    private func changed(_ object: JSONObject, _ name: String, _ value: JSONValue?) -> JSONObject {
        var object = object
        object[name] = value
        return object
    }

    @Test("A good token tells who the caller is, and what the groups are worth")
    func good() async throws {
        let first = try await caller(try token())
        #expect(first == Caller(name: "oidc:alice@example.com", roles: [.approve, .read]))
        // As a word list, inside of another claim, by another name, for several audiences, of another type.
        var claims = changed(Self.claims, "groups", nil)
        claims["realm"] = .object(["roles": .string("bots sre")])
        claims["email"] = .string("a@example.com")
        claims["aud"] = .array([.string("other"), .string("assay")])
        var terms = Self.terms
        (terms.roleClaim, terms.nameClaim) = ("realm.roles", "email")
        let second = try await caller(
            try token(changed(Self.header, "typ", .string("at+jwt")), claims),
            terms
        )
        #expect(second == Caller(name: "oidc:a@example.com", roles: [.approve, .read, .emit]))
        let without = try await caller(try token(Self.header, changed(Self.claims, "groups", nil)))
        #expect(without == Caller(name: "oidc:alice@example.com", roles: []))
    }

    @Test("A token whose claims do not hold is none")
    func claims() async throws {
        for (name, value) in [
            ("iss", .string("https://id.example.com/")), ("iss", nil), ("aud", .string("assayx")),
            ("aud", nil),
            ("aud", .array([])), ("exp", nil), ("exp", .integer(Self.seconds - 61)),
            ("exp", .string("Infinity")),
            ("exp", .string("99999999999")), ("nbf", .integer(Self.seconds + 61)), ("nbf", .string("0")),
            ("iat", .integer(Self.seconds + 61)), ("sub", nil), ("sub", .string("")),
            ("sub", .string("a\nb")),
            ("sub", .integer(7)), ("sub", .string(String(repeating: "x", count: 129))),
        ] as [(String, JSONValue?)] {
            let found = try await caller(try token(Self.header, changed(Self.claims, name, value)))
            #expect(found == nil, "\(name) \(String(describing: value))")
        }
        // Clocks differ by a minute.
        for (name, value) in [
            ("exp", Self.seconds - 59), ("nbf", Self.seconds + 59), ("iat", Self.seconds + 59),
        ] {
            let found = try await caller(
                try token(Self.header, changed(Self.claims, name, .integer(value)))
            )
            #expect(found != nil, "\(name)")
        }
    }

    @Test("The key and its algorithm are those of the provider, and not what the token says")
    func headers() async throws {
        for (name, value) in [
            ("alg", .string("none")), ("alg", .string("HS256")), ("alg", .string("ES384")), ("alg", nil),
            ("kid", .string("k3")), ("kid", .string("k2")), ("kid", nil),
            ("crit", .array([.string("exp")])),
            ("typ", .string("dpop+jwt")),
        ] as [(String, JSONValue?)] {
            let found = try await caller(try token(changed(Self.header, name, value)))
            #expect(found == nil, "\(name) \(String(describing: value))")
        }
        let good = try token()
        let parts = good.split(separator: ".").map(String.init)
        let richer = Self.base64(
            JSONValue.object(changed(Self.claims, "groups", .array([.string("bots"), .string("sre")])))
                .jsonBytes
        )
        // HMAC with the public key as its secret.
        let hashed =
            Self.base64(JSONValue.object(changed(Self.header, "alg", .string("HS256"))).jsonBytes) + "."
            + parts[1]
        let mac = HMAC<SHA256>.authenticationCode(
            for: Data(hashed.utf8),
            using: SymmetricKey(data: key.publicKey.rawRepresentation)
        )
        for text in [
            "", ".", "..", "...", good + ".", "." + good, good + "x", String(good.dropLast(4)),
            parts[0] + "." + parts[1],
            parts[0] + "." + parts[1] + ".", "\(parts[0]).\(richer).\(parts[2])",
            "\(hashed).\(Self.base64(Data(mac)))",
            good + "=", good.replacing(".", with: ". "), String(repeating: "a", count: 9000),
            try token(by: other),
        ] {
            let found = try await caller(text)
            #expect(found == nil, "\(text.prefix(60))")
        }
    }

    @Test("RSA is read as identity providers use it")
    func rsa() async throws {
        let jwk: JSONObject = [
            "kty": .string("RSA"), "kid": .string("rsa"), "use": .string("sig"),
            "n": .string(Self.modulus),
            "e": .string("AQAB"),
        ]
        let found = try await caller(Self.rsaToken, keys: set(.object(jwk)))
        #expect(found == Caller(name: "oidc:alice", roles: [.approve, .read]))
        var damaged = Array(Self.rsaToken)
        damaged[damaged.count - 20] = damaged[damaged.count - 20] == "A" ? "B" : "A"
        let wrong = try await caller(String(damaged), keys: set(.object(jwk)))
        let pss = try await caller(
            Self.rsaToken,
            keys: set(.object(changed(jwk, "alg", .string("PS256"))))
        )
        #expect(wrong == nil && pss == nil)
        let short = changed(jwk, "n", .string(String(Self.modulus.prefix(170))))
        #expect(throws: OIDCKeyError.self) { try OIDCKeys(jwks: set(.object(short))) }
    }

    @Test("Of a set of keys those for signatures count, and one that cannot be used is told")
    func keySets() throws {
        let mixed = set(
            jwk(key, "k1"),
            jwk(other, "k2", ["use": .string("enc")]),
            .object(["kty": .string("oct"), "k": .string("AAAA")]),
            jwk(other, "k3", ["alg": .string("HS256")]),
            jwk(other, "k4", ["alg": .string("none")])
        )
        #expect(try OIDCKeys(jwks: mixed).keys.keys.sorted() == ["k1"])
        for text in [
            "", "{}", "[]", #"{"keys":[]}"#, set(jwk(key, nil)), set(jwk(key, "a"), jwk(other, "a")),
            set(jwk(key, "a", ["x": .string("AAAA")])),
        ] {
            #expect(throws: OIDCKeyError.self, "\(text.prefix(40))") { try OIDCKeys(jwks: text) }
        }
    }

    private static let modulus =
        "mzZRFaDx_jtbFjLc7DUupW_pEtnb2dEHOTTCCHcq-AuQPqYU19EV5R-PjR42vbOfRrGwTb9gaObO10_QJ9sP2cBjH25tWunoBUto"
        + "pLCfXiiUp2C_P6WkZ6HDwCDzlUv9dBYd23PyK6AjRU6ak1LozeG9n8WahmngvA_900a0xM_wBymu-tDJ6STlsCgImg3MngNoEy54"
        + "k_i835DeTxiIgaLmHMnw8ZmiH7yJb3TZ8UFoOUm6fKKRNAo_mLokp_k3yc-sjZuzr6GyEdtIrbBxm-P1J6x-UmcHkd5q2qcmW5Np"
        + "GL38CDbBac42_1-U37jV7OEJ9IczAy-PXGX3fTSYcQ"

    private static let rsaToken =
        "eyJhbGciOiAiUlMyNTYiLCAidHlwIjogIkpXVCIsICJraWQiOiAicnNhIn0.eyJpc3MiOiAiaHR0cHM6Ly9pZC5leGFtcGxlLmNv"
        + "bSIsICJhdWQiOiBbImFzc2F5IiwgIm90aGVyIl0sICJzdWIiOiAiYWxpY2UiLCAiZXhwIjogMTc3MjM2MjgwMCwgImdyb3VwcyI6"
        + "IFsic3JlIl19.LvC1mcSPaSwTWhtM5THbjJ80KGY24LCPtBElBdT1m7RcieQVENu5h_WSMtF-2JeXl3Y9YS7723ig8fpizQNZA4F"
        + "_H-F6voJd0510b23jtAlLnDUQjLna6nKPOcUpSeO2ohc89P6Rn2ibwvs_oIRWnmG8jtbaOyGwzu5n1lgarSIP4yaxGQZKbIeGvnT"
        + "TftQ1yjpGeCpxMUpEI2maAClRlCN1XIOCV3r8DdW-8mgjgWsRR_rZkqWOWC8ZSAzpFesOQ6i1XCn6Z8e1paUhBFjGuLeYp6T9yrY"
        + "x7dVpIE2lMpjPZHnMBqbonSmHoXOgOQVLUUypFJtReGU8MFbkSiVDDA"
}
